from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from actions.plans.models import Pillar, Plan
from audit.actors import Reader
from partners.models import Organisation
from partners.partnerships.forms import InPartnershipForm
from standards.cadence import MOST_WEEKDAYS, Rule
from web.forms import GovukDateField, GovukForm, LongTextField
from web.language import lazy_text
from web.markings import HandlingField, MarkingField
from web.wording import PLACES

COUNTED = [
    (Rule.WORKING_DAY.value, lazy_text("Working days")),
    ("monday", lazy_text("Mondays")),
    ("tuesday", lazy_text("Tuesdays")),
    ("wednesday", lazy_text("Wednesdays")),
    ("thursday", lazy_text("Thursdays")),
    ("friday", lazy_text("Fridays")),
]


class PlanForm(InPartnershipForm):
    """What a plan is called, which days it covers and how often it is reported on."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=160,
        help_text=gettext_lazy("For example, Prevent Business Plan 2020/21"),
    )
    starts_on = GovukDateField(
        label=gettext_lazy("First day"), help_text=gettext_lazy("For example, 1 4 2020")
    )
    ends_on = GovukDateField(label=gettext_lazy("Last day"), help_text=gettext_lazy("For example, 31 3 2021"))
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        choices=Plan.State,
        widget=forms.RadioSelect,
        initial=Plan.State.DRAFT,
        help_text=gettext_lazy("A closed plan takes no new actions."),
    )
    cadence = forms.ChoiceField(
        label=gettext_lazy("Reporting cadence"),
        choices=Plan.Cadence,
        widget=forms.RadioSelect,
        initial=Plan.Cadence.MONTHLY,
        help_text=gettext_lazy(
            "How often owners report progress. The next return covers a period of this length."
        ),
    )
    returns_from = GovukDateField(
        label=gettext_lazy("First return"),
        required=False,
        help_text=gettext_lazy(
            "Any day in the first month or quarter that returns cover, for example 1 5 2020. "
            "Leave it empty if the plan does not use returns."
        ),
    )
    return_nth = forms.TypedChoiceField(
        label=gettext_lazy("Returns are due on the"),
        choices=list(PLACES.items()),
        coerce=int,
        initial=5,
    )
    return_counted = forms.ChoiceField(
        label=gettext_lazy("Counted in"),
        choices=COUNTED,
        initial=Rule.WORKING_DAY.value,
        help_text=gettext_lazy(
            "In the month after the period. A change applies only to returns that have not opened yet."
        ),
    )
    return_grace = forms.IntegerField(
        label=gettext_lazy("Working days until a return closes"),
        min_value=0,
        max_value=20,
        initial=5,
        help_text=gettext_lazy("After the due date. A return not submitted by then is recorded as missed."),
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-3"}),
    )
    evidence_required = forms.BooleanField(
        label=gettext_lazy("Require evidence before assurance"),
        required=False,
        help_text=gettext_lazy(
            "An action needs evidence that has not expired before it can be submitted or assured."
        ),
    )
    marking = MarkingField()
    handling_instruction = HandlingField()

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
                gettext("Choose the first to fourth, or the last: not every month has a fifth of each day."),
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
        label=gettext_lazy("Name"),
        max_length=80,
        help_text=gettext_lazy("For example, Safeguard"),
        error_messages={"required": gettext_lazy("Enter the pillar's name")},
    )
    aim = LongTextField(label=gettext_lazy("Aim"), max_length=1000, required=False)
    lead = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=gettext_lazy("Lead organisation"),
        required=False,
        empty_label=gettext_lazy("None"),
    )
    order = forms.IntegerField(
        label=gettext_lazy("Order in the plan"),
        min_value=0,
        max_value=999,
        initial=0,
        help_text=gettext_lazy("1 comes before 2."),
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-3"}),
    )

    def __init__(self, *args: Any, plan: Plan, user: Reader, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lead"].queryset = Organisation.objects.visible_to(user, on).filter(  # type: ignore[attr-defined]
            partnership=plan.partnership_id
        )


def pillar_initial(pillar: Pillar) -> dict[str, Any]:
    return {name: getattr(pillar, name) for name in PillarForm.base_fields}
