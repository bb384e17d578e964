"""Reports that are owed: on what was returned, is overdue, was asked about, was not heard of, or is due soon."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max
from django.utils.text import Truncator

from actions.core.states import REPORTABLE, State
from actions.models import Action, Assurance, Plan, ProgressUpdate, UpdateRequest
from audit.clock import london_date
from desk.my_work.services.asking import LONGEST, asked, words
from desk.my_work.services.returns import open_for
from desk.tasks.tasks import DUE_SOON, OVERDUE, REPORT, RETURNED, Task
from partners.policies import Rights
from standards.rag import NEARLY_DONE_PERCENT, NEARLY_DUE

REPORTING, SUBMITTING = "actions:progress-create", "actions:action-submit"


def tasks(*, actor: Any, rights: Rights, on: date) -> Iterator[Task]:
    actions = list(
        Action.objects.visible_to(actor, on)
        .of_user(actor)
        .filter(state__in=REPORTABLE, by_districts=False, plan__state=Plan.State.LIVE)
        .for_list()
    )
    updates = ProgressUpdate.objects.filter(action__in=actions).order_by()
    spoken = dict(updates.values_list("action").annotate(at=Max("submitted_at")))
    judged = Assurance.objects.unanswered().filter(action__in=actions)
    returned = {row.action_id: row for row in judged}
    requests = {row.action_id: row for row in _requests(actions)}
    in_returns = open_for(rights=rights, on=on) if actions else set()
    for action in actions:
        if judgement := returned.get(action.pk):
            yield _put_right(action, judgement, spoken.get(action.pk), requests.pop(action.pk, None), on)
            continue
        task = _report(action, on)
        if task is None or action.pk in requests:
            if task is not None and task.urgency == OVERDUE:
                yield _with(requests.pop(action.pk), task)
        elif (action.plan_id, action.lead_id) not in in_returns:
            # What an open return asks for anyway is not asked for twice.
            yield task
    yield from asked(requests=requests.values(), on=on)


def _with(request: UpdateRequest | None, task: Task) -> Task:
    return replace(task, reason=f"{task.reason}; {words([request])}") if request else task


def _put_right(
    action: Action,
    judgement: Assurance,
    last_said: datetime | None,
    request: UpdateRequest | None,
    on: date,
) -> Task:
    """Return what an auditor sent back, with their words: to be reported on, then to be submitted again.

    It is a task until it is submitted or closed, whatever is reported meanwhile and whatever a return asks for.
    """
    note = Truncator(" ".join(judgement.note.split())).chars(LONGEST)
    verb = judgement.get_opinion_display().lower()
    reason = f"The auditor {verb} it on {london_date(judgement.given_at):%-d %B %Y}: “{note}”"
    task = Task(action, "Update", reason, REPORTING, RETURNED, action.due)
    answered = last_said is not None and last_said > judgement.given_at
    if answered and action.state == State.IN_PROGRESS and request is None and _is_reported(action, on):
        return replace(task, wanted="Submit", route=SUBMITTING)
    return _with(request, task)


def _requests(actions: list[Action]) -> Iterator[UpdateRequest]:
    """Yield what was asked about the actions and not answered yet."""
    known = {action.pk: action for action in actions}
    for row in UpdateRequest.objects.open().filter(action__in=known).select_related("asked_by"):
        row.action = known[row.action_id]
        yield row


def _report(action: Action, on: date) -> Task | None:
    """Return the most pressing reason to report on an action, if there is one."""

    def report(urgency: int, reason: str, by: date | None) -> Task:
        return Task(action, "Update", reason, REPORTING, urgency, by)

    if action.is_overdue(on):
        return report(OVERDUE, action.computed_rag(on).rule, action.due)  # type: ignore[union-attr]
    if not _is_reported(action, on):
        period = action.plan.period_of(on)
        end = _last_day(action.plan, on)
        last = action.last_reported_on
        before = f"; the last was on {last:%-d %B %Y}" if last else ""
        return report(REPORT, f"No update for {_period_name(action.plan, period)} yet{before}", end)
    if action.due is not None and action.due - on <= NEARLY_DUE and action.percent < NEARLY_DONE_PERCENT:
        return report(DUE_SOON, f"Due soon and {action.percent}% done", action.due)
    return None


def _is_reported(action: Action, on: date) -> bool:
    """Say whether somebody reported on the action in the reporting period that holds the day."""
    return action.last_reported_on is not None and action.last_reported_on >= action.plan.period_of(on)


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
