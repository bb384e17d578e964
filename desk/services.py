"""What is wanted from a person, and by when. It reads; the work itself is done in the apps below."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max, Q

from actions import policies
from actions.models import Action, Assurance, Plan, ProgressUpdate
from actions.states import OPEN, REPORTABLE, State
from partners.policies import Rights, Role, rights_of
from standards.rag import NEARLY_DONE_PERCENT, NEARLY_DUE


@dataclass(frozen=True)
class Task:
    """One thing somebody is asked to do.

    `route` names the page that does it; `by` is the day it is wanted by, none where no day was set.
    """

    action: Action
    wanted: str
    reason: str
    route: str
    urgency: int
    by: date | None = None

    def order(self) -> tuple[int, date, str]:
        return self.urgency, self.by or date.max, self.action.ref


RETURNED, OVERDUE, DUE_SOON, REPORT, DECIDE = range(5)


def my_work(*, actor: Any, on: date) -> list[Task]:
    """List what is wanted from the actor, most urgent first. Each action appears once, with its most pressing reason.

    Only what the actor can do something about is listed.
    """
    rights = rights_of(actor, on)
    tasks = [*_reports(actor, on), *_allocations(actor, rights, on), *_judgements(actor, rights, on)]
    return sorted(tasks, key=Task.order)


def my_actions(*, actor: Any, on: date) -> Iterable[Action]:
    """List the open actions the actor owns or is the alternate for, soonest due first."""
    visible = Action.objects.visible_to(actor, on).of_user(actor)
    return visible.filter(state__in=OPEN).for_list().order_by("due", "ref")


def _reports(actor: Any, on: date) -> Iterator[Task]:
    actions = list(
        Action.objects.visible_to(actor, on)
        .of_user(actor)
        .filter(state__in=REPORTABLE, plan__state=Plan.State.LIVE)
        .for_list()
        .annotate(
            returned_at=Max("assurances__given_at", filter=Q(assurances__opinion=Assurance.Opinion.RETURNED))
        )
    )
    updates = ProgressUpdate.objects.filter(action__in=actions).order_by()
    spoken = dict(updates.values_list("action").annotate(at=Max("submitted_at")))
    for action in actions:
        task = _report(action, spoken.get(action.pk), on)
        if task is not None:
            yield task


def _report(action: Action, last_said: datetime | None, on: date) -> Task | None:
    """Return the most pressing reason to report on an action, if there is one."""

    def report(urgency: int, reason: str, by: date | None) -> Task:
        return Task(action, "Update", reason, "actions:progress-create", urgency, by)

    period = action.plan.period_of(on)
    reported = action.last_reported_on is not None and action.last_reported_on >= period
    returned_at = action.returned_at  # type: ignore[attr-defined]
    if returned_at is not None and (last_said is None or last_said < returned_at):
        return report(RETURNED, "The auditor returned it: say what was put right", action.due)
    if action.is_overdue(on):
        return report(OVERDUE, action.computed_rag(on).rule, action.due)  # type: ignore[union-attr]
    if not reported:
        end = _last_day(action.plan, on)
        last = action.last_reported_on
        before = f"; the last was on {last:%-d %B %Y}" if last else ""
        return report(REPORT, f"No update for {_period_name(action.plan, period)} yet{before}", end)
    if action.due is not None and action.due - on <= NEARLY_DUE and action.percent < NEARLY_DONE_PERCENT:
        return report(DUE_SOON, f"Due soon and {action.percent}% done", action.due)
    return None


def _allocations(actor: Any, rights: Rights, on: date) -> Iterator[Task]:
    """What a programme manager has to give an owner and a date."""
    managed = rights.partnerships(Role.PROGRAMME_MANAGER)
    if not managed:
        return
    waiting = Action.objects.visible_to(actor, on).filter(
        partnership__in=managed, state=State.AWAITING_ALLOCATION, plan__state=Plan.State.LIVE
    )
    for action in waiting.for_list():
        yield Task(action, "Allocate", "It has no owner yet", "actions:action-allocate", DECIDE, action.due)


def _judgements(actor: Any, rights: Rights, on: date) -> Iterator[Task]:
    """What an auditor may judge; what somebody else has to judge is left out."""
    audited = rights.partnerships(Role.AUDITOR)
    if not audited:
        return
    waiting = list(
        Action.objects.visible_to(actor, on)
        .filter(partnership__in=audited, state=State.AWAITING_ASSURANCE)
        .for_list()
    )
    own = set(
        ProgressUpdate.objects.filter(action__in=waiting, author=actor).values_list("action", flat=True)
    )
    for action in waiting:
        authors = {actor.pk} if action.pk in own else set()
        if not policies.why_not_assure(rights, action, authors):
            reason = f"{action.owner} says it is done"
            yield Task(action, "Judge", reason, "actions:assurance-give", DECIDE, action.due)


def _last_day(plan: Plan, on: date) -> date:
    """Return the last day of the reporting period that holds the day."""
    first = plan.period_of(on)
    months = 3 if plan.cadence == Plan.Cadence.QUARTERLY else 1
    following = plan.period_of(first + timedelta(days=31 * months))
    return following - timedelta(days=1)


def _period_name(plan: Plan, period: date) -> str:
    if plan.cadence == Plan.Cadence.QUARTERLY:
        return f"the quarter from {period:%B %Y}"
    return f"{period:%B %Y}"
