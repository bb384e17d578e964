"""What partners are waited on for: theirs to answer, and what their answer leaves to those who lead the action."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils.text import Truncator

from actions.models import Action, Dependency, Plan
from actions.policies import REPORTING_ROLES
from actions.states import UNDER_WAY, DependencyState
from desk.services.tasks import DECIDE, OVERDUE, RETURNED, Task
from partners.policies import Rights

LONGEST_NEED = 120


def tasks(*, actor: Any, rights: Rights, on: date) -> Iterator[Task]:
    seen = (
        Dependency.objects.visible_to(actor, on)
        .filter(action__state__in=UNDER_WAY, action__plan__state=Plan.State.LIVE)
        .select_related("organisation", "action__plan", "action__pillar")
    )
    for row in seen.filter(
        state=DependencyState.ASKED, organisation__in=rights.organisations(*REPORTING_ROLES)
    ):
        reason = f"It waits on {row.organisation} for “{_need(row)}” since {_day(row.since)}"
        yield Task(
            row.action, "Answer", reason, "actions:dependency-answer", DECIDE, row.wanted_by, (row.pk,)
        )
    led = seen.filter(action__in=Action.objects.led_by(actor, on))
    pressing = [*(_declined(row) for row in led.unsettled()), *(_late(row) for row in _overdue(led, on))]
    # Of an action, the most pressing: a refusal before a day that passed.
    yield from {task.action.pk: task for task in reversed(pressing)}.values()


def _overdue(led: Any, on: date) -> Any:
    """What a partner acknowledged and has not brought by the day it named, or by the day it was wanted."""
    acknowledged = led.filter(state=DependencyState.ACKNOWLEDGED)
    return acknowledged.alias(by=Coalesce(F("expected_on"), F("wanted_by"))).filter(by__lt=on)


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
