from django import forms

from web.forms import GovukForm


class CalendarLinkForm(GovukForm):
    name = forms.CharField(
        label="Name of the link",
        max_length=60,
        help_text="Where you will use it, so that you know which link to revoke later. For example, Outlook at work.",
        error_messages={"required": "Enter a name for the link"},
    )
