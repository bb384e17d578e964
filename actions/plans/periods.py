from datetime import date
from typing import NamedTuple

from actions.plans.models import Plan
from standards.cadence import Cadence, Period
from standards.working_days import add_working_days


class Span(NamedTuple):
    """A period and the days of its returns."""

    period_start: date
    period_end: date
    due_on: date
    closes_on: date


def span_of(*, plan: Plan, period: Period, cadence: Cadence) -> Span:
    """Return the days of a period's returns: wanted by, and closed after so many working days more.

    Raises:
        ValueError: outside the years whose bank holidays are known.
    """
    due = cadence.due_on(period)
    return Span(period.first_day, period.last_day, due, add_working_days(due, plan.return_grace))
