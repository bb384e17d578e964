"""Loading the demonstration: the tables become a record through the same services people use, at their own dates."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction

from actions.models import Plan
from actions.services import change_plan, create_plan, save_pillar
from actions.services.importing import apply_import
from audit.actors import SYSTEM
from demo.reading import TABLES, Row, moment, rows
from demo.reference import ReferenceLoader, partnership_of
from demo.replay import replay
from partners.models import Organisation, Partnership, User
from partners.services import create_user

# Printed by every load and good for the demonstration only: the command refuses to run in production.
PASSWORD = "tracker-demo-2020"  # noqa: S105
ADMIN = "admin@example.org"


# Tables of which every row is a step, at its own moment.
HISTORIES = (
    "history.csv",
    "inspections.csv",
    "recommendations.csv",
    "inspection_history.csv",
    "return_history.csv",
)


class DemoError(Exception):
    """The demonstration cannot be loaded; the message says why and what to do."""


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


@transaction.atomic
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
    names = [f"{slug}/{table}" for table in HISTORIES]
    return [name for name in names if (TABLES / name).exists()]


def plans(partnership: Row) -> list[Row]:
    return rows(f"{partnership['slug']}/plans.csv")


def all_events() -> Iterator[Event]:
    order = 0
    for partnership in partnerships():
        for at, run in _events_of(partnership):
            order += 1
            yield Event(at, order, run)


def _events_of(row: Row) -> Iterator[tuple[datetime, Callable[[], object]]]:
    slug, opened = row["slug"], moment(row["created_at"])
    yield opened, partial(_open_partnership, row, opened)
    for plan in plans(row):
        created, live = moment(plan["created_at"]), moment(plan["live_at"])
        yield created, partial(_import_plan, slug, plan, created)
        yield live, partial(_set_plan_state, slug, plan, Plan.State.LIVE, live)
        if plan["closed_at"]:
            closed = moment(plan["closed_at"])
            yield closed, partial(_set_plan_state, slug, plan, Plan.State.CLOSED, closed)
    for name in histories(slug):
        for step in rows(name):
            yield moment(step["at"]), partial(_replay, slug, step)


def _open_partnership(row: Row, at: datetime) -> None:
    ReferenceLoader(actor=_administrator(at), at=at, row=row, password=PASSWORD).load()


def _replay(slug: str, step: Row) -> None:
    replay(step, partnership_of(slug))


def _administrator(at: datetime) -> User:
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


def _import_plan(slug: str, row: Row, at: datetime) -> None:
    """Open a plan and import its sheet, as its manager does on the page."""
    actor = User.objects.get_by_natural_key(row["actor"])
    plan = create_plan(
        actor=actor,
        partnership=partnership_of(slug),
        title=row["title"],
        starts_on=date.fromisoformat(row["starts_on"]),
        ends_on=date.fromisoformat(row["ends_on"]),
        cadence=row["cadence"],
        marking=row["marking"],
        at=at,
    )
    try:
        _apply(actor, plan, slug, row["file"], at)
    except ValidationError as error:
        raise DemoError("\n".join([f"{row['file']} cannot be imported:", *error.messages])) from error
    for pillar in rows(f"{slug}/pillars.csv"):
        if pillar["plan"] == plan.title:
            _describe_pillar(actor, plan, pillar, at)


def _describe_pillar(actor: User, plan: Plan, row: Row, at: datetime) -> None:
    """Say what a pillar is for and who leads it: a plan's sheet names it only."""
    pillar = plan.pillars.get(name=row["name"])
    pillar.aim = row["aim"]
    if row["lead"]:
        pillar.lead = Organisation.objects.get(partnership=plan.partnership, name=row["lead"])
    save_pillar(actor=actor, pillar=pillar, at=at)


def _apply(actor: User, plan: Plan, slug: str, filename: str, at: datetime) -> None:
    apply_import(
        actor=actor,
        partnership=plan.partnership,
        plan_title=plan.title,
        data=(TABLES / slug / filename).read_bytes(),
        filename=filename,
        at=at,
    )


def _set_plan_state(slug: str, row: Row, state: str, at: datetime) -> None:
    actor = User.objects.get_by_natural_key(row["actor"])
    change_plan(
        actor=actor,
        plan=Plan.objects.get(partnership=partnership_of(slug), title=row["title"]),
        state=state,
        at=at,
    )
