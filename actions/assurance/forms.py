from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from actions.assurance.models import Assurance
from actions.core.forms import MinuteField
from meetings.models import Minute
from web.forms import GovukDateField, GovukForm, LongTextField
from web.language import lazy_text

CONFIRM, REOPEN = "confirm", "reopen"
ONLY_REOPENED = gettext_lazy("Leave this empty unless you reopen the action")
NOT_REOPENED = gettext_lazy("Leave this empty. A reopened action is assured again before it is re-tested")


class SubmitForm(GovukForm):
    """Submit a finished action for assurance."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    note = LongTextField(
        label=gettext_lazy("What was achieved"),
        max_length=2000,
        help_text=gettext_lazy("Compare it with the success measure. The auditor reads this first."),
        error_messages={"required": gettext_lazy("Enter what was achieved")},
    )


class ReopeningMinuteField(MinuteField):
    """A choice of the minutes of boards that can decide to reopen an action; left empty, the auditor decides."""

    def __init__(self) -> None:
        super().__init__(lazy_text("Only if a board decided to reopen the action."))


class RetestField(GovukDateField):
    """A future date on which completion is tested again."""

    def require_after(self, on: date) -> None:
        self.earliest = on + timedelta(days=1)


class AssuranceForm(GovukForm):
    """Assure a submitted action, or return it.

    Args:
        on: today; a re-test date must be later.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    opinion = forms.ChoiceField(
        label=gettext_lazy("Your decision"),
        choices=[
            (Assurance.Opinion.ASSURED.value, gettext_lazy("Assure: the evidence shows the action is done")),
            (Assurance.Opinion.RETURNED.value, gettext_lazy("Return: more is needed before it is complete")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Select whether you assure or return the action")},
    )
    note = LongTextField(
        label=gettext_lazy("Reason"),
        max_length=2000,
        help_text=gettext_lazy("Say what convinced you, or what is missing. The owner reads this."),
        error_messages={"required": gettext_lazy("Give the reason for your decision")},
    )
    retest_on = RetestField(
        label=gettext_lazy("Re-test on"),
        required=False,
        help_text=gettext_lazy(
            "If completion should be tested again. For example, 19 12 2020. We will remind you on the day."
        ),
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["retest_on"].require_after(on)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if cleaned.get("opinion") == Assurance.Opinion.RETURNED and cleaned.get("retest_on"):
            self.add_error("retest_on", gettext("Leave this empty. A returned action is not complete"))
        return cleaned


class RetestForm(GovukForm):
    """Re-test a complete action: confirm or reopen it.

    Args:
        on: today; the next re-test date must be later.
        minutes: those that can be cited to reopen it.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    decision = forms.ChoiceField(
        label=gettext_lazy("Your decision"),
        choices=[
            (CONFIRM, gettext_lazy("Confirm: the action is still done")),
            (REOPEN, gettext_lazy("Reopen: the action is not done and goes back to its owner")),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Select whether you confirm completion or reopen the action")
        },
    )
    note = LongTextField(
        label=gettext_lazy("Reason"),
        max_length=2000,
        help_text=gettext_lazy("Say what you looked at and what it showed."),
        error_messages={"required": gettext_lazy("Give the reason for your decision")},
    )
    retest_on = RetestField(
        label=gettext_lazy("Next re-test on"),
        required=False,
        help_text=gettext_lazy("If it should be tested again. For example, 19 12 2020."),
    )
    minute = ReopeningMinuteField()

    def __init__(self, *args: Any, on: date, minutes: list[Minute], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["retest_on"].require_after(on)  # type: ignore[attr-defined]
        _offer(self, minutes)

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if cleaned.get("decision") == REOPEN and cleaned.get("retest_on"):
            self.add_error("retest_on", NOT_REOPENED)
        if cleaned.get("decision") == CONFIRM and cleaned.get("minute"):
            self.add_error("minute", ONLY_REOPENED)
        return cleaned


class ReopenForm(GovukForm):
    """Reopen a complete action.

    Args:
        minutes: those that can be cited.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    note = LongTextField(
        label=gettext_lazy("Reason"),
        max_length=2000,
        help_text=gettext_lazy("Say what shows that the action is not done."),
        error_messages={"required": gettext_lazy("Give the reason for reopening the action")},
    )
    minute = ReopeningMinuteField()

    def __init__(self, *args: Any, minutes: list[Minute], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, minutes)


def _offer(form: RetestForm | ReopenForm, minutes: list[Minute]) -> None:
    """Offer the minutes, or leave the field out where no board's minute can be cited."""
    if minutes:
        form.fields["minute"].offer(minutes)
    else:
        del form.fields["minute"]
