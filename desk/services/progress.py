"""Reports that are owed: on what was returned, is overdue, was asked about, was not heard of, or is due soon."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max

from actions.models import Action, Assurance, Plan, ProgressUpdate, UpdateRequest
from actions.states import REPORTABLE
from desk.services.asking import asked, words
from desk.services.returns import open_for
from desk.services.tasks import DUE_SOON, OVERDUE, REPORT, RETURNED, Task
from partners.policies import Rights
from standards.rag import NEARLY_DONE_PERCENT, NEARLY_DUE


def tasks(*, actor: Any, rights: Rights, on: date) -> Iterator[Task]:
    actions = list(
        Action.objects.visible_to(actor, on)
        .of_user(actor)
        .filter(state__in=REPORTABLE, by_districts=False, plan__state=Plan.State.LIVE)
        .for_list()
    )
    updates = ProgressUpdate.objects.filter(action__in=actions).order_by()
    spoken = dict(updates.values_list("action").annotate(at=Max("submitted_at")))
    judged = Assurance.objects.filter(action__in=actions, opinion=Assurance.Opinion.RETURNED).order_by()
    returned = dict(judged.values_list("action").annotate(at=Max("given_at")))
    requests = {row.action_id: row for row in _requests(actions)}
    in_returns = open_for(rights=rights, on=on) if actions else set()
    for action in actions:
        task = _report(action, returned.get(action.pk), spoken.get(action.pk), on)
        if _is_folded(task, in_returns) and action.pk not in requests:
            continue
        if task is not None and task.urgency in {RETURNED, OVERDUE}:
            request = requests.pop(action.pk, None)
            yield replace(task, reason=f"{task.reason}; {words([request])}") if request else task
        elif task is not None and action.pk not in requests:
            yield task
    yield from asked(requests=requests.values(), on=on)


def _is_folded(task: Task | None, in_returns: set[tuple[int, int | None]]) -> bool:
    """Say whether an open return asks for the update anyway. What an auditor returned does not wait for it."""
    if task is None or task.urgency == RETURNED:
        return False
    return (task.action.plan_id, task.action.lead_id) in in_returns


def _requests(actions: list[Action]) -> Iterator[UpdateRequest]:
    """Yield what was asked about the actions and not answered yet."""
    known = {action.pk: action for action in actions}
    for row in UpdateRequest.objects.open().filter(action__in=known).select_related("asked_by"):
        row.action = known[row.action_id]
        yield row


def _report(
    action: Action, returned_at: datetime | None, last_said: datetime | None, on: date
) -> Task | None:
    """Return the most pressing reason to report on an action, if there is one."""

    def report(urgency: int, reason: str, by: date | None) -> Task:
        return Task(action, "Update", reason, "actions:progress-create", urgency, by)

    period = action.plan.period_of(on)
    reported = action.last_reported_on is not None and action.last_reported_on >= period
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
