"""Due date changes to approve or reject, requests that were rejected, and late milestones."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.text import Truncator
from django.utils.translation import gettext

from actions.core import policies as core_policies
from actions.core.states import REPORTABLE, RequestState
from actions.dates import policies as dates_policies
from actions.models import Action, DateChange, Milestone, Plan, ProgressUpdate
from audit.actors import Actor
from desk.tasks.subjects import of_action
from desk.tasks.task import DECIDE, NOTE, OVERDUE, Task
from partners.policies import Rights, Role
from web.language import day_text

LONGEST_REASON = 120


def tasks(*, actor: Actor, rights: Rights, on: date) -> Iterator[Task]:
    yield from _to_decide(actor, rights, on)
    if not rights.partnerships(*core_policies.REPORTING_ROLES):
        return
    led = (
        Action.objects.visible_to(actor, on)
        .led_by(actor, on)
        .filter(state__in=REPORTABLE, by_districts=False, plan__state=Plan.State.LIVE)
    )
    yield from _milestones(led, on)
    yield from _rejected(actor, led)


def _to_decide(actor: Actor, rights: Rights, on: date) -> Iterator[Task]:
    """Yield the requests the actor's role decides, except their own and those for their own actions."""
    if not rights.partnerships(Role.PROGRAMME_MANAGER, Role.BOARD_MEMBER):
        return
    requests = DateChange.objects.visible_to(actor, on).open().order_by("requested_at", "pk")
    for row in requests.select_related("requested_by", "action__plan", "action__pillar"):
        if not dates_policies.why_not_decide_date(rights, row):
            dates = gettext("{new_due} instead of {old_due}").format(
                new_due=_day(row.new_due), old_due=_day(row.old_due)
            )
            reason = gettext("{requested_by} requests {dates}: {reason}").format(
                requested_by=row.requested_by, dates=dates, reason=_short(row.reason)
            )
            yield Task(
                of_action(row.action),
                gettext("Approve or reject a new due date for"),
                reason,
                "actions:date-change-decide",
                DECIDE,
                row.old_due,
                ("date-request", row.pk),
            )


def _milestones(led: Any, on: date) -> Iterator[Task]:
    """Yield for each action its first late milestone."""
    late = Milestone.objects.filter(action__in=led, reached_on=None, dropped_on=None, due__lt=on)
    listed: set[int] = set()
    for row in late.select_related("action__plan", "action__pillar"):
        if row.action_id not in listed:
            listed.add(row.action_id)
            reason = gettext("Its milestone “{title}” has not been reached yet").format(title=row.title)
            yield Task(
                of_action(row.action),
                gettext("Update a milestone of"),
                reason,
                "actions:milestone-edit",
                OVERDUE,
                row.due,
                ("milestone", row.pk),
                dated=gettext("Milestone due"),
            )


def _rejected(actor: Actor, led: Any) -> Iterator[Task]:
    """Yield the actor's rejected requests, until the action has an update or a newer request."""
    same_action = {"action": OuterRef("action")}
    reported = ProgressUpdate.objects.filter(submitted_at__gt=OuterRef("decided_at"), **same_action)
    newer = DateChange.objects.filter(pk__gt=OuterRef("pk"), **same_action)
    requests = (
        DateChange.objects.filter(
            ~Exists(reported),
            ~Exists(newer),
            Q(taken_over_by=actor) | Q(taken_over_by=None, requested_by=actor),
            action__in=led,
            state=RequestState.REJECTED,
        )
        .select_related("action__plan", "action__pillar")
        .order_by("decided_at", "pk")
    )
    for row in requests:
        reason = gettext("{new_due} was rejected: {decision_reason}").format(
            new_due=_day(row.new_due), decision_reason=_short(row.decision_reason)
        )
        yield Task(
            of_action(row.action),
            gettext("Replan for the due date of"),
            reason,
            "actions:action-date-change",
            NOTE,
            row.action.due,
        )


def _short(reason: str) -> str:
    # The page adds the full stop.
    return Truncator(" ".join(reason.split()).rstrip(".")).chars(LONGEST_REASON)


def _day(day: date) -> str:
    return day_text(day)
