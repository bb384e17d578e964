from collections.abc import Collection
from typing import Any

from django import forms

from inspections.core.states import State
from web.forms import GovukForm, LongTextField

STEPS = {
    State.ACCEPTED: "Accepted",
    State.PARTLY_ACCEPTED: "Partly accepted: say which part is not accepted, and why",
    State.NOT_ACCEPTED: "Not accepted: say why",
    State.IN_PROGRESS: "In progress: a live action answers it",
    State.PROPOSED: "Proposed for closure: say what was done, for the auditor",
}
OUTCOMES = {
    State.IMPLEMENTED: "Close as implemented",
    State.NOT_IMPLEMENTED: "Close as not implemented",
    State.SUPERSEDED: "Close as superseded",
    State.IN_PROGRESS: "Send back: more work is needed",
}


class StateForm(GovukForm):
    """A new force status.

    Args:
        possible: the states that may follow now. A form that was opened earlier may have another one: its value is
            then refused by the service, in words, and not as an unknown choice.
    """

    # Whether the reason may stay empty depends on the state, which its hint says.
    mark_optional = False
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    state = forms.ChoiceField(
        label="Force status",
        choices=list(STEPS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "Select the force status"},
    )
    reason = LongTextField(
        max_length=2000,
        required=False,
        help_text="Optional for Accepted and In progress. Your reason is kept on record.",
    )

    def __init__(self, *args: Any, possible: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(state, words) for state, words in STEPS.items() if state in possible]
        self.fields["state"].widget.choices = choices  # type: ignore[attr-defined]


class JudgeForm(GovukForm):
    """An auditor's decision on a proposal to close a recommendation."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    outcome = forms.ChoiceField(
        label="Your decision",
        choices=list(OUTCOMES.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "Select how to close the finding, or send it back"},
    )
    reason = LongTextField(
        max_length=2000,
        help_text="Say what convinced you, or what is missing.",
        error_messages={"required": "Enter the reason for your decision"},
    )


class ReopenForm(GovukForm):
    """The reason for reopening a recommendation."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    reason = LongTextField(
        max_length=2000,
        help_text="Say why the finding should not be closed.",
        error_messages={"required": "Enter why you are reopening the finding"},
    )
