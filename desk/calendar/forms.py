from django import forms

from web.forms import GovukForm


class CalendarLinkForm(GovukForm):
    name = forms.CharField(
        label="Where you will use it",
        max_length=60,
        help_text="So that you know later which link to revoke. For example, Outlook at work.",
    )
