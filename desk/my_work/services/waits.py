"""Waits on partners: requests for the partner to answer, and declined or late ones for the action's leads."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.text import Truncator
from django.utils.translation import gettext

from actions.core.policies import REPORTING_ROLES
from actions.core.states import UNDER_WAY
from actions.models import Action, Dependency, Plan
from actions.waits.states import DependencyState
from audit.actors import Actor
from desk.my_work.services.candidates import may_lead
from desk.tasks.subjects import of_action
from desk.tasks.task import DECIDE, OVERDUE, RETURNED, Task
from partners.policies import Rights
from web.language import day_text

if TYPE_CHECKING:
    from django.db.models import QuerySet

LONGEST_NEED = 120
CLOSE = "actions:dependency-end"


def candidates(*, rights: Rights, on: date) -> "QuerySet[Any]":
    requested = Q(state=DependencyState.REQUESTED, organisation__in=rights.organisations(*REPORTING_ROLES))
    late = Q(expected_on__lt=on) | Q(expected_on=None, needed_by__lt=on)
    answered = Q(state=DependencyState.DECLINED) | Q(late, state=DependencyState.ACKNOWLEDGED)
    rows = Dependency.objects.filter(requested | answered & may_lead(rights))
    return rows.filter(action__state__in=UNDER_WAY)


def tasks(*, actor: Actor, rights: Rights, on: date) -> Iterator[Task]:
    organisations = rights.organisations(*REPORTING_ROLES)
    if not organisations:
        return
    rows = list(_rows(actor, organisations, on))
    for row in rows:
        if row.state == DependencyState.REQUESTED:
            yield _requested(row)
    declined = [row for row in rows if row.state == DependencyState.DECLINED]
    urgent = [
        *(_declined(row) for row in _unsettled(declined)),
        *(_late(row) for row in rows if _is_late(row, on)),
    ]
    # One task for each action: a declined request is more urgent than a late one.
    yield from {task.subject.id: task for task in reversed(urgent)}.values()


def _rows(actor: Actor, organisations: set[int], on: date) -> Any:
    """Return, in one query, requests to the actor's organisations and answers to what their actions wait on."""
    requested = Q(state=DependencyState.REQUESTED, organisation__in=organisations)
    answered = Q(state__in=[DependencyState.ACKNOWLEDGED, DependencyState.DECLINED])
    return (
        Dependency.objects.visible_to(actor, on)
        .filter(requested | answered & Q(action__in=Action.objects.led_by(actor, on)))
        .filter(action__state__in=UNDER_WAY, action__plan__state=Plan.State.LIVE)
        .select_related("organisation", "action__plan", "action__pillar")
    )


def _unsettled(declined: list[Dependency]) -> list[Dependency]:
    if not declined:
        return []
    rows = Dependency.objects.filter(pk__in=[row.pk for row in declined])
    unsettled = set(rows.unsettled().values_list("pk", flat=True))
    return [row for row in declined if row.pk in unsettled]


def _is_late(row: Dependency, on: date) -> bool:
    """Say whether an acknowledged request has passed the date the partner expects, or else the date it was wanted by."""
    by = row.expected_on or row.needed_by
    return row.state == DependencyState.ACKNOWLEDGED and by is not None and by < on


def _requested(row: Dependency) -> Task:
    reason = gettext("Waiting on {organisation} for “{row}” since {since}").format(
        organisation=row.organisation, row=_need(row), since=_day(row.since)
    )
    return Task(
        of_action(row.action),
        gettext("Answer the request on"),
        reason,
        "actions:dependency-answer",
        DECIDE,
        row.needed_by,
        _reference(row),
        dated=gettext("Needed by"),
    )


def _declined(row: Dependency) -> Task:
    reason = gettext("{organisation} declined “{row}”: agree another way").format(
        organisation=row.organisation, row=_need(row)
    )
    verb = gettext("Close the declined request on")
    return Task(
        of_action(row.action),
        verb,
        reason,
        CLOSE,
        RETURNED,
        row.needed_by,
        _reference(row),
        dated=gettext("Needed by"),
    )


def _late(row: Dependency) -> Task:
    due = row.expected_on or row.needed_by
    promise = (
        gettext("expected it by") if row.expected_on else gettext("acknowledged it, and it was needed by")
    )
    reason = gettext("“{row}” has not arrived: {organisation} {promise} {due}").format(
        row=_need(row), organisation=row.organisation, promise=promise, due=_day(due)
    )
    verb = gettext("Chase the partner on")
    return Task(
        of_action(row.action),
        verb,
        reason,
        CLOSE,
        OVERDUE,
        due,
        _reference(row),
        dated=gettext("Partner expected it by") if row.expected_on else gettext("Needed by"),
    )


def _reference(row: Dependency) -> tuple[str, int]:
    return "dependency", row.pk


def _need(row: Dependency) -> str:
    return Truncator(" ".join(row.needed.split())).chars(LONGEST_NEED)


def _day(day: date | None) -> str:
    return day_text(day) if day else ""
