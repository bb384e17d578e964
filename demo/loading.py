"""Loading the demonstration: the tables become a record through the same services people use, at their own dates."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from actions.models import Plan
from audit.actors import SYSTEM
from audit.transactions import atomic
from demo.reading import Row, Tables, rows
from demo.story import HISTORIES, DemoError, Story
from partners.accounts.services.users import create_user
from partners.models import Partnership, User

__all__ = ["ADMIN", "PASSWORD", "DemoError", "accounts", "histories", "is_loaded", "load"]

# Printed by every load and good for the demonstration only: the command refuses to run in production.
PASSWORD = "tracker-demo-2020"  # noqa: S105
ADMIN = "admin@example.org"


@dataclass(frozen=True, order=True)
class Event:
    """Something that happened, at a moment; events of one moment keep the order of the tables."""

    at: datetime
    order: int
    run: Callable[[], object] = field(compare=False)


def is_loaded() -> bool:
    """Say whether the demonstration stands in the database.

    Raises:
        DemoError: when only a part of it does: somebody else's data are there.
    """
    wanted = {(row["slug"].replace("_", "-"), plan["title"]) for row in partnerships() for plan in plans(row)}
    there = wanted & set(Plan.objects.values_list("partnership__slug", "title"))
    if there == wanted:
        return True
    if there or Partnership.objects.exists() or User.objects.exists():
        raise DemoError("The database holds other data. The demonstration needs an empty one.")
    return False


@atomic()
def load(*, now: datetime) -> int:
    """Enter the whole demonstration in the order in which it happened, or nothing of it.

    Returns:
        How many events were replayed.

    Raises:
        DemoError: when a table names a moment still to come.
        ReplayError: naming the row that a service refused.
    """
    events = sorted(all_events())
    if events[-1].at > now:
        raise DemoError(
            f"The demonstration runs to {events[-1].at:%-d %B %Y}, and the clock stands before it."
        )
    for event in events:
        event.run()
    return len(events)


def accounts() -> list[Row]:
    return [account for row in partnerships() for account in rows(f"{row['slug']}/accounts.csv")]


def partnerships() -> list[Row]:
    return rows("partnerships.csv")


def histories(slug: str) -> list[str]:
    """Return the names of a partnership's tables of steps; no inspections are entered for some."""
    return [f"{slug}/{table}" for table in HISTORIES if Tables(slug).has(table)]


def plans(partnership: Row) -> list[Row]:
    return rows(f"{partnership['slug']}/plans.csv")


def all_events() -> Iterator[Event]:
    order = 0
    for row in partnerships():
        story = Story(row, Tables(row["slug"]), administrator, PASSWORD)
        for at, run in story.happenings():
            order += 1
            yield Event(at, order, run)


def administrator(at: datetime) -> User:
    """Return the account that looks after reference data; the first partnership's opening opens it."""
    there = User.objects.filter(email=ADMIN).first()
    return there or create_user(
        actor=SYSTEM,
        email=ADMIN,
        name="Reference data administrator",
        at=at,
        password=PASSWORD,
        is_staff=True,
    )
