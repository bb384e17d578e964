from typing import Any

from django import forms

from meetings.decisions.models import Decision
from meetings.meetings.forms import VersionForm
from web.forms import GovukDateField, LongTextField

NOTHING = ("", "Nothing in this record")


class DecisionForm(VersionForm):
    """What a board decided in a minute."""

    effect = forms.ChoiceField(label="Decision", choices=Decision.Effect, widget=forms.RadioSelect)
    wording = LongTextField(label="Wording of the decision", max_length=2000)
    subject = forms.ChoiceField(
        label="What does it act on?",
        choices=[NOTHING, *((value, label) for value, label in Decision.Subject.choices if value)],
        required=False,
        help_text="An action is withdrawn or given a new due date on its own page, which cites this minute.",
    )
    subject_ref = forms.CharField(
        label="Reference of what it acts on",
        max_length=24,
        required=False,
        help_text="For example, WY20-07.",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )
    conditions = LongTextField(max_length=1000, required=False)
    report_back_on = GovukDateField(label="Report back by", required=False)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("subject") and not data.get("subject_ref"):
            self.add_error("subject_ref", "Enter the reference of what the decision acts on")
        if data.get("subject_ref") and not data.get("subject"):
            self.add_error("subject", "Select what the reference is of")
        return data
