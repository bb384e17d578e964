"""Updates that are due: for actions returned, overdue, with a request, not reported on, or due soon."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.utils.text import Truncator
from django.utils.translation import gettext

from actions.core.states import REPORTABLE, State
from actions.models import Action, Assurance, Plan, ProgressUpdate, UpdateRequest
from audit.actors import Actor
from audit.clock import london_date
from desk.my_work.services.candidates import may_lead, with_candidates
from desk.my_work.services.returns import open_for
from desk.my_work.services.update_requests import LONGEST_QUOTE, UPDATE, request_reason, update_requests
from desk.tasks.subjects import of_action
from desk.tasks.task import DUE_SOON, OVERDUE, REPORT, RETURNED, Task
from partners.policies import Rights
from standards.cadence import Frequency, Period
from standards.rag import NEARLY_DONE_PERCENT, NEARLY_DUE
from web.language import day_text, period_text
from web.wording import rule_text

REPORTING, SUBMITTING = "actions:progress-create", "actions:action-submit"


def candidates(*, rights: Rights, on: date) -> "QuerySet[Any]":
    own = Q(owner=rights.user_id) | Q(alternate=rights.user_id)
    return Action.objects.filter(own, state__in=REPORTABLE, by_districts=False)


def tasks(*, actor: Actor, rights: Rights, on: date) -> Iterator[Task]:
    actions = list(
        Action.objects.visible_to(actor, on)
        .of_user(actor)
        .filter(state__in=REPORTABLE, by_districts=False, plan__state=Plan.State.LIVE)
        .select_related("plan", "pillar")
        .order_by()
    )
    about = with_candidates(rights=rights, on=on, candidates={"returned": _returned, "requests": _requested})
    returned = {}
    if "returned" in about:
        returned = {row.action_id: row for row in Assurance.objects.unanswered().filter(action__in=actions)}
    updates = ProgressUpdate.objects.filter(action__in=returned).order_by()
    last_updates = dict(updates.values_list("action").annotate(at=Max("submitted_at"))) if returned else {}
    requests = {row.action_id: row for row in _requests(actions)} if "requests" in about else {}
    in_returns = open_for(rights=rights, on=on) if actions else set()
    for action in actions:
        if assurance := returned.get(action.pk):
            request = requests.pop(action.pk, None)
            yield _after_return(action, assurance, last_updates.get(action.pk), request, on)
            continue
        task = _report(action, on)
        if task is None or action.pk in requests:
            if task is not None and task.urgency == OVERDUE:
                yield _with_request(requests.pop(action.pk), task)
        elif (action.plan_id, action.lead_id) not in in_returns:
            # An open return already asks for the update.
            yield task
    yield from update_requests(requests=requests.values(), on=on)


def _returned(*, rights: Rights, on: date) -> "QuerySet[Any]":
    return Assurance.objects.filter(may_lead(rights), action__state__in=REPORTABLE)


def _requested(*, rights: Rights, on: date) -> "QuerySet[Any]":
    return UpdateRequest.objects.open().filter(may_lead(rights))


def _with_request(request: UpdateRequest | None, task: Task) -> Task:
    return replace(task, reason=f"{task.reason}; {request_reason([request])}") if request else task


def _after_return(
    action: Action,
    assurance: Assurance,
    last_update: datetime | None,
    request: UpdateRequest | None,
    on: date,
) -> Task:
    """Return the task for an action an auditor returned: update it, then submit it again.

    It stays until the action is submitted or closed, even if updates or returns come in between.
    """
    note = Truncator(" ".join(assurance.note.split())).chars(LONGEST_QUOTE)
    verb = assurance.get_opinion_display().lower()
    reason = gettext("The auditor {verb} it on {assessed_at}: “{note}”").format(
        verb=verb, assessed_at=day_text(london_date(assurance.assessed_at)), note=note
    )
    task = Task(of_action(action), UPDATE, reason, REPORTING, RETURNED, action.due, tag=gettext("Returned"))
    is_answered = last_update is not None and last_update > assurance.assessed_at
    if is_answered and action.state == State.IN_PROGRESS and request is None and _is_reported(action, on):
        return replace(task, verb=gettext("Submit"), route=SUBMITTING)
    return _with_request(request, task)


def _requests(actions: list[Action]) -> Iterator[UpdateRequest]:
    """Yield the open update requests for the actions."""
    by_id = {action.pk: action for action in actions}
    for row in UpdateRequest.objects.open().filter(action__in=by_id).select_related("requested_by"):
        row.action = by_id[row.action_id]
        yield row


def _report(action: Action, on: date) -> Task | None:
    """Return the task of updating an action, with its most urgent reason, if there is one."""

    def update(urgency: int, reason: str, due: date | None, dated: str = "") -> Task:
        return Task(of_action(action), UPDATE, reason, REPORTING, urgency, due, dated=dated)

    if action.is_overdue(on):
        return update(OVERDUE, rule_text(action.computed_rag(on)), action.due)  # type: ignore[arg-type]
    if not _is_reported(action, on):
        period = _period(action.plan, on)
        last = action.last_reported_on
        earlier = gettext("; the last was on {last}").format(last=day_text(last)) if last else ""
        return update(
            REPORT,
            gettext("No update for {period} yet{earlier}").format(
                period=period_text(period), earlier=earlier
            ),
            period.last_day,
            gettext("Update due"),
        )
    if action.due is not None and action.due - on <= NEARLY_DUE and action.percent < NEARLY_DONE_PERCENT:
        return update(
            DUE_SOON, gettext("Due soon and {percent}% done").format(percent=action.percent), action.due
        )
    return None


def _is_reported(action: Action, on: date) -> bool:
    """Say whether the action has an update in the reporting period that contains the day."""
    last = action.last_reported_on
    return last is not None and last >= _period(action.plan, on).first_day


def _period(plan: Plan, on: date) -> Period:
    """Return the plan's reporting period that contains the day."""
    return Period.containing(on, Frequency(plan.cadence))
