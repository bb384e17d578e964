from datetime import date
from typing import Any, ClassVar

from django import forms

from actions.waits.models import Dependency
from actions.waits.states import DependencyState
from partners.models import Organisation
from web.forms import GovukDateField, GovukForm, LongTextField

YES, NO = "yes", "no"


class DependencyForm(GovukForm):
    """What an action waits for from a partner.

    Args:
        organisations: those that can be waited on.
        on: today: no wait begins in the future.
        first: the first day on which a wait can have begun.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="Partner it waits on",
        empty_label="Choose an organisation",
        error_messages={"required": "Select the partner it waits on"},
    )
    needed = LongTextField(
        label="What is needed",
        max_length=1000,
        help_text="The partner reads this. Say what it is and why the action waits for it.",
    )
    since = GovukDateField(
        label="Waiting since",
        required=False,
        help_text="The day it was first asked for, like 1 6 2020. Leave it empty for today.",
    )
    wanted_by = GovukDateField(
        required=False, help_text="The day by which the action needs it, so that the partner can plan."
    )
    field_order: ClassVar = ["version", "organisation", "needed", "since", "wanted_by"]

    def __init__(self, *args: Any, organisations: Any, on: date, first: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations  # type: ignore[attr-defined]
        since: Any = self.fields["since"]
        since.earliest, since.latest = first, on


class AnswerForm(GovukForm):
    """A partner's answer to what is asked of it.

    Args:
        dependency: one that was acknowledged can only be declined.
        on: today: nothing is expected on a day that has passed.
    """

    accept = forms.TypedChoiceField(
        label="Your organisation's answer",
        choices=[(YES, "Acknowledge: it will come"), (NO, "Decline: it will not come")],
        coerce=lambda chosen: chosen == YES,
        widget=forms.RadioSelect,
        error_messages={"required": "Select whether you acknowledge or decline"},
    )
    expected_on = GovukDateField(
        label="When it will be there",
        required=False,
        help_text="If you acknowledge and know the day, like 3 7 2020.",
    )
    answer = LongTextField(
        label="What you want to say",
        required=False,
        max_length=1000,
        help_text="If you decline, say why. It stays on record.",
    )

    def __init__(self, *args: Any, dependency: Dependency, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        expected: Any = self.fields["expected_on"]
        expected.earliest = on
        if dependency.state == DependencyState.ACKNOWLEDGED:
            del self.fields["expected_on"]
            accept: Any = self.fields["accept"]
            accept.choices = [(NO, "Decline: it will not come after all")]

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("accept") is False:
            if not given.get("answer") and not self.has_error("answer"):
                self.add_error("answer", "Give the reason why it will not come")
            if given.get("expected_on"):
                self.add_error("expected_on", "Leave the day out: what is declined is not expected")
        return given


class EndForm(GovukForm):
    """How a wait on a partner ended.

    Args:
        dependency: what was declined is settled another way, or came after all.
    """

    met = forms.TypedChoiceField(
        label="How it ended",
        choices=[(YES, "It came"), (NO, "It is no longer needed")],
        coerce=lambda chosen: chosen == YES,
        widget=forms.RadioSelect,
        error_messages={"required": "Select whether it came or is no longer needed"},
    )
    ending = LongTextField(
        label="What happened",
        required=False,
        max_length=1000,
        help_text="What came and how; or, if it is no longer needed, why and how the action goes on without it.",
    )

    def __init__(self, *args: Any, dependency: Dependency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if dependency.state == DependencyState.DECLINED:
            met: Any = self.fields["met"]
            met.choices = [(NO, "We found another way"), (YES, "It came after all")]

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("met") is False and not given.get("ending") and not self.has_error("ending"):
            self.add_error("ending", "Say why it is no longer needed, or how the action goes on without it")
        return given
