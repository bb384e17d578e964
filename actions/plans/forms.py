from datetime import date
from typing import Any

from django import forms

from actions.plans.models import Pillar, Plan
from audit.actors import Reader
from partners.models import Organisation
from partners.partnerships.forms import InPartnershipForm
from standards import marking
from standards.cadence import MOST_WEEKDAYS, MOST_WORKING_DAYS, Rule
from standards.working_days import LAST, ordinal
from web.forms import GovukDateField, GovukForm, LongTextField

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
COUNTED = [(Rule.WORKING_DAY.value, "Working days"), *((name.lower(), f"{name}s") for name in WEEKDAYS)]


class PlanForm(InPartnershipForm):
    """What a plan is called, which days it covers and how often it is reported on."""

    title = forms.CharField(max_length=160, help_text="For example, Prevent Business Plan 2020/21")
    starts_on = GovukDateField(label="First day", help_text="For example, 1 4 2020")
    ends_on = GovukDateField(label="Last day", help_text="For example, 31 3 2021")
    state = forms.ChoiceField(
        choices=Plan.State,
        widget=forms.RadioSelect,
        initial=Plan.State.DRAFT,
        help_text="A closed plan takes no new actions.",
    )
    cadence = forms.ChoiceField(
        label="Reporting cadence",
        choices=Plan.Cadence,
        widget=forms.RadioSelect,
        initial=Plan.Cadence.MONTHLY,
        help_text="How often owners report progress. The next return covers a period of this length.",
    )
    returns_from = GovukDateField(
        label="First return",
        required=False,
        help_text="Any day in the first month or quarter that returns cover, for example 1 5 2020. "
        "Leave it empty if the plan does not use returns.",
    )
    return_nth = forms.TypedChoiceField(
        label="Returns are due on the",
        choices=[(place, ordinal(place).capitalize()) for place in (*range(1, MOST_WORKING_DAYS + 1), LAST)],
        coerce=int,
        initial=5,
    )
    return_counted = forms.ChoiceField(
        label="Counted in",
        choices=COUNTED,
        initial=Rule.WORKING_DAY.value,
        help_text="In the month after the period. A change applies only to returns that have not opened yet.",
    )
    return_grace = forms.IntegerField(
        label="Working days until a return closes",
        min_value=0,
        max_value=20,
        initial=5,
        help_text="After the due date. A return not submitted by then is recorded as missed.",
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-3"}),
    )
    evidence_required = forms.BooleanField(
        label="Require evidence before assurance",
        required=False,
        help_text="An action needs evidence that has not expired before it can be submitted or assured.",
    )
    marking = forms.ChoiceField(
        choices=marking.CHOICES, widget=forms.RadioSelect, initial=marking.Marking.OFFICIAL
    )
    handling_instruction = forms.CharField(
        max_length=300,
        required=False,
        help_text="Required for OFFICIAL-SENSITIVE: who can view it, and how it must be stored.",
    )

    def clean(self) -> dict[str, Any]:
        """Make one day of the place and of what is counted."""
        cleaned = super().clean() or self.cleaned_data
        nth, counted = cleaned.pop("return_nth", None), cleaned.pop("return_counted", None)
        if nth is None or counted is None:
            return cleaned
        cleaned["return_day"] = f"{counted} {nth}"
        if counted != Rule.WORKING_DAY and nth > MOST_WEEKDAYS:
            self.add_error(
                "return_nth",
                "Choose the first to fourth, or the last: not every month has a fifth of each day.",
            )
        return cleaned


def plan_initial(plan: Plan) -> dict[str, Any]:
    counted, _, nth = plan.return_day.partition(" ")
    apart = {"return_nth": nth, "return_counted": counted}
    names = [name for name in PlanForm.base_fields if name not in ("partnership", *apart)]
    return {name: getattr(plan, name) for name in names} | apart


class PillarForm(GovukForm):
    """A work-stream of a plan.

    Args:
        plan: whose partnership's organisations may lead.
        user, on: the user and the day that decide the organisations offered.
    """

    name = forms.CharField(
        max_length=80,
        help_text="For example, Safeguard",
        error_messages={"required": "Enter the pillar's name"},
    )
    aim = LongTextField(max_length=1000, required=False)
    lead = forms.ModelChoiceField(
        Organisation.objects.none(), label="Lead organisation", required=False, empty_label="None"
    )
    order = forms.IntegerField(
        label="Order in the plan",
        min_value=0,
        max_value=999,
        initial=0,
        help_text="1 comes before 2.",
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-3"}),
    )

    def __init__(self, *args: Any, plan: Plan, user: Reader, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lead"].queryset = Organisation.objects.visible_to(user, on).filter(  # type: ignore[attr-defined]
            partnership=plan.partnership_id
        )


def pillar_initial(pillar: Pillar) -> dict[str, Any]:
    return {name: getattr(pillar, name) for name in PillarForm.base_fields}
