from datetime import date, timedelta
from typing import Any

from django import forms

from actions.assurance.models import Assurance
from web.forms import GovukDateField, GovukForm, LongTextField

CONFIRM, REOPEN = "confirm", "reopen"
NOT_REOPENED = "Leave the day empty: an action that is reopened is assured again before it is re-tested"


class SubmitForm(GovukForm):
    """Ask for assurance of an action that is done."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    note = LongTextField(
        label="What was achieved",
        max_length=2000,
        help_text="Against the success measure. The auditor reads this first.",
        error_messages={"required": "Say what was achieved, for the auditor"},
    )


class RetestField(GovukDateField):
    """A day to come on which completion is tested again."""

    def must_follow(self, on: date) -> None:
        self.earliest = on + timedelta(days=1)


class AssuranceForm(GovukForm):
    """An auditor's judgement of an action.

    Args:
        on: today: a re-test is on a day to come.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    opinion = forms.ChoiceField(
        label="Your decision",
        choices=[
            (Assurance.Opinion.ASSURED.value, "Assure: the evidence shows that the action is done"),
            (Assurance.Opinion.RETURNED.value, "Return: more is needed before it can be complete"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Select whether you assure the action or return it"},
    )
    note = LongTextField(
        label="Reason",
        max_length=2000,
        help_text="The owner reads this: what convinced you, or what is missing.",
        error_messages={"required": "Give the reason for your decision"},
    )
    retest_on = RetestField(
        label="Re-test on",
        required=False,
        help_text="Only where completion should be tested again, like 19 12 2020. You are reminded on the day.",
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["retest_on"].must_follow(on)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("opinion") == Assurance.Opinion.RETURNED and given.get("retest_on"):
            self.add_error("retest_on", "Leave the day empty: an action that is returned is not complete")
        return given


class RetestForm(GovukForm):
    """What a test of a complete action showed.

    Args:
        on: today: the next re-test is on a day to come.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    decision = forms.ChoiceField(
        label="Your decision",
        choices=[
            (CONFIRM, "Confirm: the action is still done"),
            (REOPEN, "Reopen: it is not done after all, and its owner answers for it again"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Select whether you confirm completion or reopen the action"},
    )
    note = LongTextField(
        label="Reason",
        max_length=2000,
        help_text="What you looked at, and what it showed.",
        error_messages={"required": "Give the reason for your decision"},
    )
    retest_on = RetestField(
        label="Next re-test on",
        required=False,
        help_text="Only where it should be tested once more, like 19 12 2020.",
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["retest_on"].must_follow(on)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("decision") == REOPEN and given.get("retest_on"):
            self.add_error("retest_on", NOT_REOPENED)
        return given


class ReopenForm(GovukForm):
    """Take back the completion of an action."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    note = LongTextField(
        label="Reason",
        max_length=2000,
        help_text="What shows that the action is not done after all.",
        error_messages={"required": "Give the reason for reopening it"},
    )
