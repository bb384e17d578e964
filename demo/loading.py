"""Load the demonstration's tables through the services that people use, at their own dates."""

from collections.abc import Iterator
from datetime import datetime
from operator import itemgetter

from actions.models import Plan
from audit.actors import SYSTEM
from audit.transactions import atomic
from demo.reading import Row, Tables, rows
from demo.story import HISTORIES, DemoError, Event, Story
from partners.accounts.services.users import create_user
from partners.models import Partnership, User

__all__ = ["ADMIN", "PASSWORD", "DemoError", "accounts", "histories", "is_loaded", "load"]

# Printed by every load and good for the demonstration only: the command refuses to run in production.
PASSWORD = "tracker-demo-2020"  # noqa: S105
ADMIN = "admin@example.org"


def is_loaded() -> bool:
    """Return whether the demonstration is in the database.

    Raises:
        DemoError: when the database has part of it, or other data.
    """
    expected = {
        (row["slug"].replace("_", "-"), plan["title"]) for row in partnerships() for plan in plans(row)
    }
    present = expected & set(Plan.objects.values_list("partnership__slug", "title"))
    if present == expected:
        return True
    if present or Partnership.objects.exists() or User.objects.exists():
        raise DemoError("The database has other data. The demonstration needs an empty one.")
    return False


@atomic()
def load(*, now: datetime) -> int:
    """Load the whole demonstration in the order of its events, or nothing.

    Returns:
        The number of events.

    Raises:
        DemoError: when an event is later than `now`.
        ReplayError: naming the row that a service refused.
    """
    # Events of one moment keep the order of the tables.
    events = sorted(all_events(), key=itemgetter(0))
    last, _ = events[-1]
    if last > now:
        raise DemoError(
            f"The demonstration's history ends on {last:%-d %B %Y}. Set DEMO_DATE to that day or a later one."
        )
    for _, run in events:
        run()
    return len(events)


def accounts() -> list[Row]:
    return [account for row in partnerships() for account in rows(f"{row['slug']}/accounts.csv")]


def partnerships() -> list[Row]:
    return rows("partnerships.csv")


def histories(slug: str) -> list[str]:
    """Return the names of a partnership's history tables; some have no inspections."""
    return [f"{slug}/{table}" for table in HISTORIES if Tables(slug).has(table)]


def plans(partnership: Row) -> list[Row]:
    return rows(f"{partnership['slug']}/plans.csv")


def all_events() -> Iterator[Event]:
    for row in partnerships():
        yield from Story(row, Tables(row["slug"]), administrator, PASSWORD).events()


def administrator(at: datetime) -> User:
    """Return the account that enters reference data, created with the first partnership."""
    account = User.objects.filter(email=ADMIN).first()
    return account or create_user(
        actor=SYSTEM,
        email=ADMIN,
        name="Reference data administrator",
        at=at,
        password=PASSWORD,
        is_staff=True,
    )
