from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from actions.core.forms import MinuteField
from actions.core.models import Action
from actions.core.querysets import ActionQuerySet
from meetings.models import Minute
from standards.references import plain_reference
from web.forms import GovukForm, LongTextField

APPROVE, REJECT = "approve", "reject"


class WithdrawForm(GovukForm):
    """Propose to withdraw an action."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    reason = LongTextField(
        label=gettext_lazy("Reason"),
        max_length=2000,
        help_text=gettext_lazy("The board reads this, and it stays on record."),
    )


class SupersedeForm(WithdrawForm):
    """Propose to supersede an action with another.

    Args:
        actions: the possible replacements.
    """

    superseded_by = forms.CharField(
        label=gettext_lazy("Reference of the replacement action"),
        max_length=24,
        help_text=gettext_lazy("For example, WY20-07. It must be in the same partnership."),
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )
    field_order: ClassVar = ["version", "superseded_by", "reason"]

    def __init__(self, *args: Any, actions: ActionQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actions = actions

    def clean_superseded_by(self) -> Action:
        action = self.actions.filter(ref__iexact=plain_reference(self.cleaned_data["superseded_by"])).first()
        if action is None:
            raise ValidationError(gettext("Enter the reference of another action in this partnership"))
        return action


class ClosureDecisionForm(GovukForm):
    """Record the board's decision on a proposal to withdraw or supersede an action.

    Args:
        minutes: those that can be cited.
    """

    approve = forms.TypedChoiceField(
        label=gettext_lazy("The board's decision"),
        choices=[
            (APPROVE, gettext_lazy("Approve: the action is closed")),
            (REJECT, gettext_lazy("Reject: the action stays open")),
        ],
        coerce=lambda chosen: chosen == APPROVE,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Select whether the board approved or rejected the proposal")
        },
    )
    reason = LongTextField(label=gettext_lazy("The board's reason"), max_length=2000)
    minute = MinuteField()

    def __init__(self, *args: Any, minutes: list[Minute], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["minute"].offer(minutes)


class RetractForm(GovukForm):
    """Withdraw a proposal before it is decided."""

    reason = LongTextField(label=gettext_lazy("Reason for withdrawing the proposal"), max_length=2000)
