from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from inspections.core.states import State
from web.forms import GovukForm, LongTextField
from web.language import lazy_text

STEPS = {
    State.ACCEPTED: lazy_text("Accepted"),
    State.PARTLY_ACCEPTED: lazy_text("Partly accepted: say which part is not accepted, and why"),
    State.NOT_ACCEPTED: lazy_text("Not accepted: say why"),
    State.IN_PROGRESS: lazy_text("In progress: a live action answers it"),
    State.PROPOSED: lazy_text("Proposed for closure: say what was done, for the auditor"),
}
OUTCOMES = {
    State.IMPLEMENTED: lazy_text("Close as implemented"),
    State.NOT_IMPLEMENTED: lazy_text("Close as not implemented"),
    State.SUPERSEDED: lazy_text("Close as superseded"),
    State.IN_PROGRESS: lazy_text("Send back: more work is needed"),
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
        label=gettext_lazy("Force status"),
        choices=list(STEPS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Select the force status")},
    )
    reason = LongTextField(
        label=gettext_lazy("Reason"),
        max_length=2000,
        required=False,
        help_text=gettext_lazy("Optional for Accepted and In progress. Your reason is kept on record."),
    )

    def __init__(self, *args: Any, possible: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(state, words) for state, words in STEPS.items() if state in possible]
        self.fields["state"].widget.choices = choices  # type: ignore[attr-defined]


class JudgeForm(GovukForm):
    """An auditor's decision on a proposal to close a recommendation."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    outcome = forms.ChoiceField(
        label=gettext_lazy("Your decision"),
        choices=list(OUTCOMES.items()),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Select how to close the finding, or send it back")},
    )
    reason = LongTextField(
        label=gettext_lazy("Reason"),
        max_length=2000,
        help_text=gettext_lazy("Say what convinced you, or what is missing."),
        error_messages={"required": gettext_lazy("Enter the reason for your decision")},
    )


class ReopenForm(GovukForm):
    """The reason for reopening a recommendation."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    reason = LongTextField(
        label=gettext_lazy("Reason"),
        max_length=2000,
        help_text=gettext_lazy("Say why the finding should not be closed."),
        error_messages={"required": gettext_lazy("Enter why you are reopening the finding")},
    )
