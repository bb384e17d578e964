"""The RAG key, and the rating worked out from dates alone.

A declared rating is what the owner says; a computed one is what the record shows. They are two facts and are
shown side by side where they differ.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


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


@dataclass(frozen=True)
class Computed:
    """A rating and the rule that gave it, in words."""

    rag: Rag
    rule: str


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
        days = (on - due).days
        return Computed(Rag.RED, f"Overdue by {days} day{'' if days == 1 else 's'}")
    if last_reported is not None and last_reported < stale_before(cadence_days=cadence_days, on=on):
        return Computed(Rag.AMBER, f"No update for {(on - last_reported).days} days")
    if due is not None and due - on <= NEARLY_DUE and percent < NEARLY_DONE_PERCENT:
        return Computed(Rag.AMBER, f"{_due_in((due - on).days)} and {percent}% done")
    return Computed(Rag.GREEN, "Updates are recent and the due date is ahead")


def _due_in(days: int) -> str:
    return f"Due in {days} day{'' if days == 1 else 's'}" if days else "Due today"
