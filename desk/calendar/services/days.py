"""The days in somebody's calendar: what My work lists with a day, and the due dates and milestones of their actions."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from actions.models import Action, Milestone
from audit.models import Ledger
from desk.my_work.services.everything import my_actions, my_work
from desk.tasks.tasks import Gathered, OnReturn, Task
from partners.policies import rights_of
from standards.marking import Marking

ACTION = "actions:action"


@dataclass(frozen=True)
class Day:
    """One thing that is wanted by a day.

    `key` stays the same as long as it is the same thing, wherever its day moves; `route`, `given` and `query` are the
    page that it leads to. Of what is OFFICIAL-SENSITIVE only the reference is told.
    """

    key: str
    on: date
    title: str
    route: str
    given: tuple[int, ...]
    reason: str = ""
    query: str = ""


def days_of(*, actor: Any, on: date) -> list[Day]:
    """List what is wanted of the actor by a day, as My work has it on the day `on`, soonest first."""
    owned = list(my_actions(actor=actor, on=on))
    due = {action.pk: _due(action) for action in owned if action.due is not None}
    found = {day.key: day for day in (*due.values(), *_milestones(actor, owned, on))}
    for task in my_work(actor=actor, on=on):
        if task.by is None:
            continue
        action = _action_of(task)
        if action is not None and action.pk in due and task.by == action.due:
            # What the due date of an action of theirs asks is told in one place.
            day = due[action.pk]
            if not day.reason:
                due[action.pk] = found[day.key] = replace(day, reason=_reason(task))
            continue
        day = _wanted(task)
        found.setdefault(day.key, day)
    return sorted(found.values(), key=lambda day: (day.on, day.key))


def revised_at(*, actor: Any, on: date) -> datetime | None:
    """Return when something last changed in the partnerships of the actor; none where they have no role."""
    newest = Ledger.objects.filter(partnership__in=rights_of(actor, on).partnerships())
    return newest.order_by("-last_at").values_list("last_at", flat=True).first()


def _due(action: Action) -> Day:
    assert action.due is not None
    what = action.ref if _is_sensitive(action.marking) else f"{action.ref} {action.title}"
    return Day(f"due-{action.pk}", action.due, f"Due: {what}", ACTION, (action.pk,))


def _milestones(actor: Any, owned: list[Action], on: date) -> Iterator[Day]:
    rows = Milestone.objects.visible_to(actor, on).filter(action__in=owned, reached_on=None, dropped_on=None)
    for row in rows.select_related("action"):
        name = row.action.ref
        if not _is_sensitive(row.action.marking):
            name = f"{row.title} ({row.action.ref} {row.action.title})"
        yield Day(f"milestone-{row.pk}", row.due, f"Milestone: {name}", ACTION, (row.action_id,))


def _wanted(task: Any) -> Day:
    """Return a line of My work as a day. Its address names it: of a page, there is one thing wanted at a time."""
    address = [task.route, *map(str, task.given), task.query]
    key = "-".join(re.findall(r"[a-z0-9]+", " ".join(address)))
    return Day(key, task.by, _title(task), task.route, task.given, _reason(task), task.query)


def _title(task: Any) -> str:
    if not _is_sensitive(task.marking) or isinstance(task, OnReturn):
        return str(task.title)
    action = _action_of(task)
    return f"{task.wanted} {action.ref}" if action is not None else str(task.wanted)


def _action_of(task: Any) -> Action | None:
    """Return the one action that a line is about."""
    return task.action if isinstance(task, Task) and not isinstance(task, Gathered) else None


def _reason(task: Any) -> str:
    return "" if _is_sensitive(task.marking) else str(task.reason)


def _is_sensitive(marking: str) -> bool:
    return marking != Marking.OFFICIAL
