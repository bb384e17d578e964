"""The RAG key, and the rating worked out from dates alone.

A declared rating is what the owner says; a computed one is what the record shows. They are two facts and are
shown side by side where they differ.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, StrEnum


class Rag(StrEnum):
    RED = "red"
    AMBER = "amber"
    GREEN = "green"

    @property
    def label(self) -> str:
        return self.value.capitalize()


CHOICES = [(rag.value, rag.label) for rag in Rag]
KEY = {
    Rag.RED: "Overdue, or will miss its date",
    Rag.AMBER: "At risk, with recovery in hand",
    Rag.GREEN: "On track",
}
NEEDS_REASON = (Rag.RED, Rag.AMBER)
STEPS_TO_GREEN = {Rag.RED: 2, Rag.AMBER: 1, Rag.GREEN: 0}

STALE_GRACE = timedelta(days=7)
NEARLY_DUE = timedelta(days=28)
NEARLY_DONE_PERCENT = 75


class Reason(Enum):
    """Why dates give a rating."""

    OVERDUE = "overdue"
    NO_UPDATE = "no update"
    NEARLY_DUE = "nearly due"
    ON_TRACK = "on track"


@dataclass(frozen=True)
class Computed:
    """A rating and the rule that gave it, with its days and the percent done."""

    rag: Rag
    reason: Reason
    days: int = 0
    percent: int = 0

    @property
    def rule(self) -> str:
        """The rule in English, as files and the API have it."""
        days = f"{self.days} day{'' if self.days == 1 else 's'}"
        match self.reason:
            case Reason.OVERDUE:
                return f"Overdue by {days}"
            case Reason.NO_UPDATE:
                return f"No update for {days}"
            case Reason.NEARLY_DUE:
                return f"{f'Due in {days}' if self.days else 'Due today'} and {self.percent}% done"
            case Reason.ON_TRACK:
                return "Updates are recent and the due date is ahead"


def is_overdue(*, due: date | None, on: date) -> bool:
    """Say whether the due date has passed: an action is on time to the end of its last day."""
    return due is not None and due < on


def stale_before(*, cadence_days: int, on: date) -> date:
    """Return the last day on which a report no longer counts as recent."""
    return on - timedelta(days=cadence_days) - STALE_GRACE


def compute(
    *, due: date | None, last_reported: date | None, cadence_days: int, percent: int, on: date
) -> Computed:
    """Rate an open action from its dates.

    Args:
        last_reported: the day of the last update, or of allocation where none has come yet.
        cadence_days: days between reports that the plan asks for.
        percent: 0 to 100.
    """
    if due is not None and is_overdue(due=due, on=on):
        return Computed(Rag.RED, Reason.OVERDUE, (on - due).days)
    if last_reported is not None and last_reported < stale_before(cadence_days=cadence_days, on=on):
        return Computed(Rag.AMBER, Reason.NO_UPDATE, (on - last_reported).days)
    if due is not None and due - on <= NEARLY_DUE and percent < NEARLY_DONE_PERCENT:
        return Computed(Rag.AMBER, Reason.NEARLY_DUE, (due - on).days, percent)
    return Computed(Rag.GREEN, Reason.ON_TRACK)
