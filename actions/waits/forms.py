from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext, gettext_lazy

from actions.waits.models import Dependency
from actions.waits.states import DependencyState
from partners.models import Organisation
from web.forms import GovukDateField, GovukForm, LongTextField

YES, NO = "yes", "no"


class DependencyForm(GovukForm):
    """Request something from a partner.

    Args:
        organisations: the partners that can be chosen.
        on: today; a wait cannot begin later.
        first: the first day on which a wait can begin.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=gettext_lazy("Partner"),
        empty_label=gettext_lazy("Choose an organisation"),
        error_messages={"required": gettext_lazy("Select a partner")},
    )
    needed = LongTextField(
        label=gettext_lazy("What is needed"),
        max_length=1000,
        help_text=gettext_lazy("Say what you need and why. The partner reads this."),
    )
    since = GovukDateField(
        label=gettext_lazy("Waiting since"),
        required=False,
        help_text=gettext_lazy("The day you first asked, for example 1 6 2020. Leave it empty for today."),
    )
    needed_by = GovukDateField(
        label=gettext_lazy("Needed by"),
        required=False,
        help_text=gettext_lazy("The partner plans by this date."),
    )
    field_order: ClassVar = ["version", "organisation", "needed", "since", "needed_by"]

    def __init__(self, *args: Any, organisations: Any, on: date, first: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations  # type: ignore[attr-defined]
        since: Any = self.fields["since"]
        since.earliest, since.latest = first, on


class AnswerForm(GovukForm):
    """Acknowledge or decline a request for the partner.

    Args:
        dependency: an acknowledged request can only be declined.
        on: today; the expected date cannot be earlier.
    """

    accept = forms.TypedChoiceField(
        label=gettext_lazy("Your organisation's answer"),
        choices=[
            (YES, gettext_lazy("Acknowledge: we will provide it")),
            (NO, gettext_lazy("Decline: we cannot provide it")),
        ],
        coerce=lambda chosen: chosen == YES,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Select whether you acknowledge or decline")},
    )
    expected_on = GovukDateField(
        label=gettext_lazy("Expected date"),
        required=False,
        help_text=gettext_lazy(
            "If you acknowledge and know when you will provide it. For example, 3 7 2020."
        ),
    )
    answer = LongTextField(
        label=gettext_lazy("Comments"),
        required=False,
        max_length=1000,
        help_text=gettext_lazy("If you decline, give the reason. It stays on record."),
    )

    def __init__(self, *args: Any, dependency: Dependency, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        expected: Any = self.fields["expected_on"]
        expected.earliest = on
        if dependency.state == DependencyState.ACKNOWLEDGED:
            del self.fields["expected_on"]
            accept: Any = self.fields["accept"]
            accept.choices = [(NO, gettext("Decline: we can no longer provide it"))]

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if cleaned.get("accept") is False:
            if not cleaned.get("answer") and not self.has_error("answer"):
                self.add_error("answer", gettext("Give the reason for declining"))
            if cleaned.get("expected_on"):
                self.add_error("expected_on", gettext("Leave this empty if you decline"))
        return cleaned


class CloseForm(GovukForm):
    """Close a request to a partner.

    Args:
        dependency: a declined request is resolved another way, or received after all.
    """

    met = forms.TypedChoiceField(
        label=gettext_lazy("Why are you closing this request?"),
        choices=[(YES, gettext_lazy("We received it")), (NO, gettext_lazy("It is no longer needed"))],
        coerce=lambda chosen: chosen == YES,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Select why you are closing this request")},
    )
    ending = LongTextField(
        label=gettext_lazy("Details"),
        required=False,
        max_length=1000,
        help_text=gettext_lazy(
            "Say what you received. If it is no longer needed, say how the work will continue without it."
        ),
    )

    def __init__(self, *args: Any, dependency: Dependency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if dependency.state == DependencyState.DECLINED:
            met: Any = self.fields["met"]
            met.choices = [(NO, gettext("We found another way")), (YES, gettext("We received it after all"))]

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if cleaned.get("met") is False and not cleaned.get("ending") and not self.has_error("ending"):
            self.add_error("ending", gettext("Say how the work will continue without it"))
        return cleaned
