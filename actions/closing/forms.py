from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from actions.core.models import Action
from actions.core.querysets import ActionQuerySet
from web.forms import GovukForm, LongTextField

APPROVE, REFUSE = "approve", "refuse"


class WithdrawForm(GovukForm):
    """A manager's proposal that an action be withdrawn."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    reason = LongTextField(
        label="Why", max_length=2000, help_text="The board reads this, and it stays on record."
    )


class SupersedeForm(WithdrawForm):
    """A manager's proposal that another action take this one's place.

    Args:
        actions: those that may take its place.
    """

    superseded_by = forms.CharField(
        label="Reference of the action that takes its place",
        max_length=24,
        help_text="Like WY20-07. Of the same partnership.",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )
    field_order: ClassVar = ["version", "superseded_by", "reason"]

    def __init__(self, *args: Any, actions: ActionQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actions = actions

    def clean_superseded_by(self) -> Action:
        action = self.actions.filter(ref__iexact=self.cleaned_data["superseded_by"]).first()
        if action is None:
            raise ValidationError("Enter the reference of another action of this partnership")
        return action


class ClosureDecisionForm(GovukForm):
    """A board's decision on a proposal to withdraw or supersede an action."""

    approve = forms.TypedChoiceField(
        label="What the board decided",
        choices=[(APPROVE, "Approve"), (REFUSE, "Refuse: the action stays as it is")],
        coerce=lambda chosen: chosen == APPROVE,
        widget=forms.RadioSelect,
        error_messages={"required": "Select whether the board approved or refused"},
    )
    reason = LongTextField(label="The board's reason", max_length=2000)
    reference = forms.CharField(
        label="Minute reference",
        max_length=120,
        required=False,
        help_text="Like “Gold 12 May 2020, item 4”. An approval needs it.",
    )


class RetractForm(GovukForm):
    """Take a proposal back before it is decided."""

    reason = LongTextField(label="Why you take it back", max_length=2000)
