"""Due dates that wait for a decision, decisions that went against the asker, and milestones left behind."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.text import Truncator

from actions.core import policies as core_policies
from actions.core.states import REPORTABLE, RequestState
from actions.dates import policies as dates_policies
from actions.models import Action, DateChange, Milestone, Plan, ProgressUpdate
from desk.tasks.tasks import DECIDE, NOTE, OVERDUE, Task
from partners.policies import Rights, Role

LONGEST_REASON = 120


def tasks(*, actor: Any, rights: Rights, on: date) -> Iterator[Task]:
    yield from _to_decide(actor, rights, on)
    if not rights.partnerships(*core_policies.REPORTING_ROLES):
        return
    led = (
        Action.objects.visible_to(actor, on)
        .led_by(actor, on)
        .filter(state__in=REPORTABLE, by_districts=False, plan__state=Plan.State.LIVE)
    )
    yield from _milestones(led, on)
    yield from _refused(actor, led)


def _to_decide(actor: Any, rights: Rights, on: date) -> Iterator[Task]:
    """What the actor's role decides, but for their own requests and actions."""
    if not rights.partnerships(Role.PROGRAMME_MANAGER, Role.BOARD_MEMBER):
        return
    waiting = DateChange.objects.visible_to(actor, on).open().order_by("requested_at", "pk")
    for row in waiting.select_related("requested_by", "action__plan", "action__pillar"):
        if not dates_policies.why_not_decide_date(rights, row):
            reason = f"{row.requested_by} asks for {_day(row.new_due)} instead of {_day(row.old_due)}: {_short(row.reason)}"
            yield Task(
                row.action,
                "Decide on the due date of",
                reason,
                "actions:date-change-decide",
                DECIDE,
                row.old_due,
                (row.pk,),
            )


def _milestones(led: Any, on: date) -> Iterator[Task]:
    """The first milestone of each action whose day has passed."""
    late = Milestone.objects.filter(action__in=led, reached_on=None, dropped_on=None, due__lt=on)
    told: set[int] = set()
    for row in late.select_related("action__plan", "action__pillar"):
        if row.action_id not in told:
            told.add(row.action_id)
            reason = f"Its milestone “{row.title}” is neither reached nor dropped"
            yield Task(
                row.action,
                "Bring a milestone up to date of",
                reason,
                "actions:milestone-edit",
                OVERDUE,
                row.due,
                (row.pk,),
            )


def _refused(actor: Any, led: Any) -> Iterator[Task]:
    """The actor's own requests that were refused, until the action is reported on or another date is asked for."""
    of_action = {"action": OuterRef("action")}
    reported = ProgressUpdate.objects.filter(submitted_at__gt=OuterRef("decided_at"), **of_action)
    newer = DateChange.objects.filter(pk__gt=OuterRef("pk"), **of_action)
    refused = (
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
    for row in refused:
        reason = f"{_day(row.new_due)} was refused: {_short(row.decision_reason)}"
        yield Task(
            row.action,
            "Plan again for the due date of",
            reason,
            "actions:action-date-change",
            NOTE,
            row.action.due,
        )


def _short(reason: str) -> str:
    # The line that is printed ends in a full stop of its own.
    return Truncator(" ".join(reason.split()).rstrip(".")).chars(LONGEST_REASON)


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"
