from dataclasses import dataclass
from datetime import date

from actions.models import Action

# How much something presses, the most first.
RETURNED, OVERDUE, DUE_SOON, REPORT, DECIDE, NOTE = range(6)


@dataclass(frozen=True)
class Task:
    """One thing somebody is asked to do.

    `route` names the page that does it and `more` what its address holds besides the action; `by` is the day it is
    wanted by, none where no day was set.
    """

    action: Action
    wanted: str
    reason: str
    route: str
    urgency: int
    by: date | None = None
    more: tuple[int, ...] = ()

    def order(self) -> tuple[int, date, str]:
        return self.urgency, self.by or date.max, self.action.ref

    @property
    def given(self) -> tuple[int, ...]:
        return (self.action.pk, *self.more)
