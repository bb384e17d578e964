from django import forms

from web.forms import GovukForm


class ModerationForm(GovukForm):
    """The version of the reading that the auditor checked."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
