"""What partners are waited on for: theirs to answer, and what their answer leaves to those who lead the action."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.text import Truncator

from actions.core.policies import REPORTING_ROLES
from actions.core.states import UNDER_WAY
from actions.models import Action, Dependency, Plan
from actions.waits.states import DependencyState
from desk.tasks.tasks import DECIDE, OVERDUE, RETURNED, Task
from partners.policies import Rights

LONGEST_NEED = 120


def tasks(*, actor: Any, rights: Rights, on: date) -> Iterator[Task]:
    organisations = rights.organisations(*REPORTING_ROLES)
    if not organisations:
        return
    rows = list(_rows(actor, organisations, on))
    for row in rows:
        if row.state == DependencyState.ASKED:
            yield _asked(row)
    declined = [row for row in rows if row.state == DependencyState.DECLINED]
    pressing = [
        *(_declined(row) for row in _unsettled(declined)),
        *(_late(row) for row in rows if _is_late(row, on)),
    ]
    # Of an action, the most pressing: a refusal before a day that passed.
    yield from {task.action.pk: task for task in reversed(pressing)}.values()


def _rows(actor: Any, organisations: set[int], on: date) -> Any:
    """Return what the actor's organisations are asked for, and what became of what they wait for: one question for all."""
    asked = Q(state=DependencyState.ASKED, organisation__in=organisations)
    answered = Q(state__in=[DependencyState.ACKNOWLEDGED, DependencyState.DECLINED])
    return (
        Dependency.objects.visible_to(actor, on)
        .filter(asked | answered & Q(action__in=Action.objects.led_by(actor, on)))
        .filter(action__state__in=UNDER_WAY, action__plan__state=Plan.State.LIVE)
        .select_related("organisation", "action__plan", "action__pillar")
    )


def _unsettled(declined: list[Dependency]) -> list[Dependency]:
    if not declined:
        return []
    rows = Dependency.objects.filter(pk__in=[row.pk for row in declined])
    left = set(rows.unsettled().values_list("pk", flat=True))
    return [row for row in declined if row.pk in left]


def _is_late(row: Dependency, on: date) -> bool:
    """Say whether a partner acknowledged it and has not brought it by the day it named, or by the day it was wanted."""
    by = row.expected_on or row.wanted_by
    return row.state == DependencyState.ACKNOWLEDGED and by is not None and by < on


def _asked(row: Dependency) -> Task:
    reason = f"It waits on {row.organisation} for “{_need(row)}” since {_day(row.since)}"
    return Task(row.action, "Answer", reason, "actions:dependency-answer", DECIDE, row.wanted_by, (row.pk,))


def _declined(row: Dependency) -> Task:
    reason = f"{row.organisation} declined “{_need(row)}”: agree another way"
    wanted = "Agree another way for"
    return Task(row.action, wanted, reason, "actions:dependency-end", RETURNED, row.wanted_by, (row.pk,))


def _late(row: Dependency) -> Task:
    said = "said it would be there" if row.expected_on else "acknowledged it, and it was wanted"
    by = row.expected_on or row.wanted_by
    reason = f"“{_need(row)}” has not come: {row.organisation} {said} by {_day(by)}"
    wanted = "Chase the partner of"
    return Task(row.action, wanted, reason, "actions:dependency-end", OVERDUE, by, (row.pk,))


def _need(row: Dependency) -> str:
    return Truncator(" ".join(row.needed.split())).chars(LONGEST_NEED)


def _day(day: date | None) -> str:
    return f"{day:%-d %B %Y}" if day else ""
