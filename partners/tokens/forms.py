from datetime import date
from typing import Any

from django import forms

from partners.clients.forms import ScopesField
from web.forms import GovukDateField, GovukForm


class TokenForm(GovukForm):
    name = forms.CharField(
        label="What the token is for",
        max_length=60,
        help_text="So that you know later which one to revoke. For example, Monthly figures in Excel.",
    )
    scopes = ScopesField(
        label="What it may do",
        help_text="It never does more than you may do yourself. Choose as little as will do.",
    )
    expires_on = GovukDateField(label="Last day", help_text="At most a year from today.")

    def __init__(self, data: Any, *, suggested: date) -> None:
        super().__init__(data, initial={"expires_on": suggested})
