from typing import Any

from django import forms

from actions.core.forms import MinuteField
from actions.dates.models import DateChange
from meetings.models import Minute
from web.forms import GovukDateField, GovukForm, LongTextField

DECISIONS = [("approve", "Approve: the due date changes"), ("reject", "Reject: the due date stays the same")]


class DateChangeForm(GovukForm):
    """Request a new due date for an action."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    new_due = GovukDateField(label="New due date")
    reason = LongTextField(
        label="Reason for the new due date",
        max_length=2000,
        help_text="This stays on record with the reason for the decision.",
    )


class DateDecisionForm(GovukForm):
    """Approve or reject a later due date.

    Args:
        level: who decides; only the board cites a minute.
        minutes: those that can be cited.
    """

    approve = forms.ChoiceField(
        label="Your decision",
        choices=DECISIONS,
        widget=forms.RadioSelect,
        error_messages={"required": "Select whether you approve or reject the new due date"},
    )
    minute = MinuteField()
    reason = LongTextField(label="Reason for the decision", max_length=2000)
    mark_optional = False

    def __init__(self, *args: Any, level: str, minutes: list[Minute], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if level != DateChange.Level.BOARD:
            del self.fields["minute"]
        else:
            self.fields["minute"].offer(minutes)

    def clean_approve(self) -> bool:
        return bool(self.cleaned_data["approve"] == "approve")


class WithdrawForm(GovukForm):
    """Withdraw a request for a new due date."""

    reason = LongTextField(label="Reason for withdrawing the request", max_length=2000)


class ConcernForm(GovukForm):
    """Set or lift a cause of concern."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    reason = LongTextField(max_length=2000)
