from typing import Any, ClassVar

from django import forms

from actions.milestones.models import Milestone
from web.forms import GovukDateField, GovukForm, LongTextField

STEPS = [
    ("reach", "It is reached"),
    ("change", "It moves to another date, or is worded better"),
    ("drop", "It is dropped: it is not to be reached"),
]
NEEDED = {
    "reach": {"reached_on": "Enter the day on which it was reached"},
    "change": {"title": "Enter what is to be reached", "due": "Enter the date by which it is to be reached"},
    "drop": {"reason": "Say why it is dropped"},
}


class MilestoneForm(GovukForm):
    """A step on the way to an action's due date."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    title = forms.CharField(
        label="What is to be reached", max_length=200, help_text="Like “Every trainer is named”."
    )
    due = GovukDateField(label="By when", help_text="Not after the action's due date.")


class MilestoneStepForm(GovukForm):
    """What became of a milestone: one of STEPS, with what it needs."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    step = forms.ChoiceField(
        label="What became of it",
        choices=STEPS,
        widget=forms.RadioSelect,
        error_messages={"required": "Select what became of the milestone"},
    )
    reached_on = GovukDateField(label="Reached on", required=False, help_text="Only if it is reached.")
    due = GovukDateField(label="New date", required=False, help_text="Only if it moves.")
    title = forms.CharField(
        label="What is to be reached",
        max_length=200,
        required=False,
        help_text="Only if it is worded better.",
    )
    reason = LongTextField(
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Needed if it moves or is dropped.",
    )
    mark_optional = False
    field_order: ClassVar = ["version", "step", "reached_on", "due", "title", "reason"]

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        for name, message in NEEDED.get(cleaned.get("step", ""), {}).items():
            if name in cleaned and not cleaned[name]:
                self.add_error(name, message)
        return cleaned


def step_initial(milestone: Milestone, version: int) -> dict[str, Any]:
    return {"version": version, "title": milestone.title, "due": milestone.due}
