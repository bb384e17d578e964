from typing import Any

from django import forms

from actions.dates.models import DateChange
from web.forms import GovukDateField, GovukForm, LongTextField

DECISIONS = [("approve", "Approve: the due date moves"), ("refuse", "Refuse: the due date stays")]


class DateChangeForm(GovukForm):
    """Another due date for an action, and why."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    new_due = GovukDateField(label="New due date")
    reason = LongTextField(
        label="Why the date has to move",
        max_length=2000,
        help_text="Stays on record beside the reason of who decides.",
    )


class DateDecisionForm(GovukForm):
    """What is decided on a later due date, and why.

    Args:
        level: whose decision it is; only a board's has a minute reference.
    """

    approve = forms.ChoiceField(
        label="Your decision",
        choices=DECISIONS,
        widget=forms.RadioSelect,
        error_messages={"required": "Select whether the due date moves or stays"},
    )
    reference = forms.CharField(
        label="Minute reference",
        max_length=120,
        required=False,
        help_text="Of the board's decision, like “Gold 12 May 2020, item 4”. Needed to approve.",
    )
    reason = LongTextField(label="Reason for the decision", max_length=2000)
    mark_optional = False

    def __init__(self, *args: Any, level: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if level != DateChange.Level.BOARD:
            del self.fields["reference"]

    def clean_approve(self) -> bool:
        return bool(self.cleaned_data["approve"] == "approve")


class TakeBackForm(GovukForm):
    """A request for another date that is no longer needed."""

    reason = LongTextField(label="Why you take it back", max_length=2000)


class ConcernForm(GovukForm):
    """Why an action comes under a cause of concern, or is taken off."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    reason = LongTextField(max_length=2000)
