from django import forms
from django.utils.translation import gettext_lazy

from web.forms import GovukForm


class CalendarLinkForm(GovukForm):
    name = forms.CharField(
        label=gettext_lazy("Name of the link"),
        max_length=60,
        help_text=gettext_lazy(
            "Where you will use it, so that you know which link to revoke later. For example, Outlook at work."
        ),
        error_messages={"required": gettext_lazy("Enter a name for the link")},
    )
