from typing import Any, ClassVar

from django import forms

from actions.milestones.models import Milestone
from web.forms import GovukDateField, GovukForm, LongTextField

STEPS = [
    ("reach", "Mark it as reached"),
    ("change", "Change its date or title"),
    ("drop", "Drop it"),
]
REQUIRED = {
    "reach": {"reached_on": "Enter the date it was reached"},
    "change": {"title": "Enter the milestone", "due": "Enter the new date"},
    "drop": {"reason": "Enter the reason for dropping it"},
}


class MilestoneForm(GovukForm):
    """Add a step towards an action's due date."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    title = forms.CharField(
        label="Milestone", max_length=200, help_text="For example, “Every trainer is named”"
    )
    due = GovukDateField(label="Date", help_text="On or before the action's due date.")


class MilestoneStepForm(GovukForm):
    """Reach, change or drop a milestone: one of STEPS, with the fields it requires."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    step = forms.ChoiceField(
        label="What do you want to do?",
        choices=STEPS,
        widget=forms.RadioSelect,
        error_messages={"required": "Select what you want to do with the milestone"},
    )
    reached_on = GovukDateField(label="Reached on", required=False, help_text="If you mark it as reached.")
    due = GovukDateField(label="New date", required=False, help_text="If you change the date.")
    title = forms.CharField(
        label="Milestone",
        max_length=200,
        required=False,
        help_text="If you change the title.",
    )
    reason = LongTextField(
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="If you change the date or drop the milestone.",
    )
    mark_optional = False
    field_order: ClassVar = ["version", "step", "reached_on", "due", "title", "reason"]

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        for name, message in REQUIRED.get(cleaned.get("step", ""), {}).items():
            if name in cleaned and not cleaned[name]:
                self.add_error(name, message)
        return cleaned


def step_initial(milestone: Milestone, version: int) -> dict[str, Any]:
    return {"version": version, "title": milestone.title, "due": milestone.due}
