from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from actions.core.forms import MinuteField
from actions.dates.models import DateChange
from meetings.models import Minute
from web.forms import GovukDateField, GovukForm, LongTextField
from web.language import lazy_text

DECISIONS = [
    ("approve", lazy_text("Approve: the due date changes")),
    ("reject", lazy_text("Reject: the due date stays the same")),
]


class DateChangeForm(GovukForm):
    """Request a new due date for an action."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    new_due = GovukDateField(label=gettext_lazy("New due date"))
    reason = LongTextField(
        label=gettext_lazy("Reason for the new due date"),
        max_length=2000,
        help_text=gettext_lazy("This stays on record with the reason for the decision."),
    )


class DateDecisionForm(GovukForm):
    """Approve or reject a later due date.

    Args:
        level: who decides; only the board cites a minute.
        minutes: those that can be cited.
    """

    approve = forms.ChoiceField(
        label=gettext_lazy("Your decision"),
        choices=DECISIONS,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Select whether you approve or reject the new due date")},
    )
    minute = MinuteField()
    reason = LongTextField(label=gettext_lazy("Reason for the decision"), max_length=2000)
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

    reason = LongTextField(label=gettext_lazy("Reason for withdrawing the request"), max_length=2000)


class ConcernForm(GovukForm):
    """Set or lift a cause of concern."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    reason = LongTextField(label=gettext_lazy("Reason"), max_length=2000)
