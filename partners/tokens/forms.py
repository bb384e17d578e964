from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from partners.clients.forms import ScopesField
from web.forms import GovukDateField, GovukForm


class TokenForm(GovukForm):
    name = forms.CharField(
        label=gettext_lazy("Name of the token"),
        max_length=60,
        help_text=gettext_lazy("What you will use it for. For example, Monthly figures in Excel."),
    )
    scopes = ScopesField(
        label=gettext_lazy("Permissions"),
        help_text=gettext_lazy("Choose only what the program needs. It can never do more than you can."),
    )
    expires_on = GovukDateField(
        label=gettext_lazy("Last day"), help_text=gettext_lazy("The token expires at the end of this day.")
    )

    def __init__(self, data: Any, *, suggested: date) -> None:
        super().__init__(data, initial={"expires_on": suggested})
