from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext, gettext_lazy

from actions.models import Plan
from returns.models import Return
from returns.states import ReturnState
from web.forms import GovukForm
from web.language import day_text


class ReturnListForm(GovukForm):
    """The filters of the list of returns.

    Args:
        plans: those whose returns the user can see.
        periods: the first days of their periods, the newest first.
    """

    LATE, MISSING, LAST = "late", "missing", "last"
    mark_optional = False

    plan = forms.ModelChoiceField(
        Plan.objects.none(), label=gettext_lazy("Plan"), required=False, empty_label=gettext_lazy("Any")
    )
    period = forms.ChoiceField(label=gettext_lazy("Period"), required=False)
    state = forms.ChoiceField(
        label=gettext_lazy("Status"),
        required=False,
        choices=[
            ("", gettext_lazy("Any")),
            *ReturnState.choices,
            (LATE, gettext_lazy("Late")),
            (MISSING, gettext_lazy("Not in")),
        ],
    )

    def __init__(self, *args: Any, plans: QuerySet[Plan], periods: Sequence[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plan"].queryset = plans  # type: ignore[attr-defined]
        self.fields["period"].choices = [  # type: ignore[attr-defined]
            ("", gettext("Any")),
            (self.LAST, gettext("The last of each plan")),
            *((day.isoformat(), gettext("From {day}").format(day=day_text(day))) for day in periods),
        ]

    def condition(self, on: date) -> Q:
        """Return the filters of a valid form as a condition."""
        plan, period, state = (self.cleaned_data[name] for name in ("plan", "period", "state"))
        condition = Q(plan=plan) if plan else Q()
        if period:
            condition &= in_last_period() if period == self.LAST else Q(period_start=period)
        return condition & with_state(state, on) if state else condition


def in_last_period() -> Q:
    """Keep the returns of the last period of each plan."""
    later = Return.objects.filter(plan=OuterRef("plan"), period_start__gt=OuterRef("period_start"))
    return Q(~Exists(later))


def with_state(state: str, on: date) -> Q:
    """Keep the returns with a status of the list."""
    match state:
        case ReturnListForm.LATE:
            return Q(state=ReturnState.OPEN, due_on__lt=on)
        case ReturnListForm.MISSING:
            return ~Q(state=ReturnState.SUBMITTED)
    return Q(state=state)
