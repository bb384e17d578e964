"""What its dates say of an action: the same for a row of the ORM and for a line of a list."""

from datetime import date
from typing import Protocol

from actions.core.states import UNDER_WAY
from standards import rag as ratings

CADENCE_DAYS = {"monthly": 31, "quarterly": 92}


class Dated(Protocol):
    """Any object with an action's state, dates and percent."""

    @property
    def state(self) -> str: ...
    @property
    def by_districts(self) -> bool: ...
    @property
    def percent(self) -> int: ...
    @property
    def due(self) -> date | None: ...
    @property
    def original_due(self) -> date | None: ...
    @property
    def allocated_on(self) -> date | None: ...
    @property
    def last_reported_on(self) -> date | None: ...


def days_slipped(action: Dated) -> int:
    """Days from the original due date to the due date; negative when it is earlier."""
    return (action.due - action.original_due).days if action.due and action.original_due else 0


def is_overdue(action: Dated, on: date) -> bool:
    return action.state in UNDER_WAY and ratings.is_overdue(due=action.due, on=on)


def last_reported(action: Dated) -> date | None:
    """Return the day of the last report, or of allocation where none has come yet."""
    return action.last_reported_on or action.allocated_on


def computed_rag(action: Dated, *, cadence_days: int, on: date) -> ratings.Computed | None:
    """Rate the action from its dates; nothing for one that is not under way, or that its districts deliver."""
    if action.by_districts or action.state not in UNDER_WAY:
        return None
    return ratings.compute(
        due=action.due,
        last_reported=last_reported(action),
        cadence_days=cadence_days,
        percent=action.percent,
        on=on,
    )
