from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy

from actions.milestones.models import Milestone
from web.forms import GovukDateField, GovukForm, LongTextField
from web.language import lazy_text

STEPS = [
    ("reach", lazy_text("Mark it as reached")),
    ("change", lazy_text("Change its date or title")),
    ("drop", lazy_text("Drop it")),
]
REQUIRED = {
    "reach": {"reached_on": lazy_text("Enter the date it was reached")},
    "change": {"title": lazy_text("Enter the milestone"), "due": lazy_text("Enter the new date")},
    "drop": {"reason": lazy_text("Enter the reason for dropping it")},
}


class MilestoneForm(GovukForm):
    """Add a step towards an action's due date."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    title = forms.CharField(
        label=gettext_lazy("Milestone"),
        max_length=200,
        help_text=gettext_lazy("For example, “Every trainer is named”"),
    )
    due = GovukDateField(
        label=gettext_lazy("Date"), help_text=gettext_lazy("On or before the action's due date.")
    )


class MilestoneStepForm(GovukForm):
    """Reach, change or drop a milestone: one of STEPS, with the fields it requires."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    step = forms.ChoiceField(
        label=gettext_lazy("What do you want to do?"),
        choices=STEPS,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Select what you want to do with the milestone")},
    )
    reached_on = GovukDateField(
        label=gettext_lazy("Reached on"), required=False, help_text=gettext_lazy("If you mark it as reached.")
    )
    due = GovukDateField(
        label=gettext_lazy("New date"), required=False, help_text=gettext_lazy("If you change the date.")
    )
    title = forms.CharField(
        label=gettext_lazy("Milestone"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("If you change the title."),
    )
    reason = LongTextField(
        label=gettext_lazy("Reason"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("If you change the date or drop the milestone."),
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
