"""What an action waits for from a partner: named, answered by the partner, ended when it came."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from actions.core import policies as core_policies
from actions.core.abilities import Ability
from actions.core.models import Action
from actions.core.states import UNDER_WAY
from actions.history import views as change
from actions.waits import policies as waits_policies
from actions.waits.forms import YES, AnswerForm, DependencyForm, EndForm
from actions.waits.models import Dependency
from actions.waits.services import (
    answer_dependency,
    closed_by,
    end_dependency,
    raise_dependency,
)
from actions.waits.states import DependencyState
from audit import clock
from partners.models import Organisation
from partners.policies import Rights
from web.pages import CONFLICT, PAGE_OR_FORM

PEOPLE = ("organisation", "raised_by", "answered_by", "ended_by")


@dataclass(frozen=True)
class Wait:
    """What is waited for, how long by the day, and what the reader may say about it."""

    row: Dependency
    days: int
    late: bool
    answers: bool
    ends: bool


@PAGE_OR_FORM
def dependency_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Name what an action waits for from a partner."""
    action = change.found(request, pk)
    change.forbid(waits_policies.why_not_request_from_partner(change.rights(request), action))
    if request.method != "POST" and action.state not in UNDER_WAY:
        return change.out_of_state(request, action, "made to wait on a partner")
    manages = core_policies.may_manage(change.rights(request), action.partnership_id)
    organisations = _partners(request, action, manages)
    form = DependencyForm(
        request.POST or None,
        initial={"version": action.version},
        organisations=organisations,
        on=clock.today(),
        first=action.allocated_on or action.plan.starts_on,
    )
    return change.answer(
        request,
        form,
        action=action,
        service=raise_dependency,
        template="actions/waits/request_form.html",
        done="The partner finds it in its own My work, where it can answer.",
        manages=manages,
        has_partners=organisations.exists(),
    )


@PAGE_OR_FORM
def dependency_answer(request: HttpRequest, pk: int, dependency_pk: int) -> HttpResponse:
    """Answer for the organisation that is waited on."""
    action = change.found(request, pk)
    row = _named(request, action, dependency_pk)
    change.forbid(waits_policies.why_not_answer(change.rights(request), row))
    again = row.state == DependencyState.ACKNOWLEDGED and request.POST.get("accept") == YES
    if not row.is_open or again:
        return _closed(request, row)
    return change.answer(
        request,
        AnswerForm(request.POST or None, dependency=row, on=clock.today()),
        action=action,
        service=_of(row, answer_dependency),
        template="actions/waits/answer_form.html",
        done="Your organisation's answer is recorded.",
        as_whole=True,
        dependency=row,
        days=row.days_waiting(clock.today()),
    )


@PAGE_OR_FORM
def dependency_end(request: HttpRequest, pk: int, dependency_pk: int) -> HttpResponse:
    """Say that what an action waited for came, or is no longer needed."""
    action = change.found(request, pk)
    row = _named(request, action, dependency_pk)
    change.forbid(waits_policies.why_not_request_from_partner(change.rights(request), action))
    if not row.is_open and not row.is_unsettled:
        return _closed(request, row)
    if request.method != "POST" and action.state not in UNDER_WAY:
        return change.out_of_state(request, action, "changed in what it waits for")
    return change.answer(
        request,
        EndForm(request.POST or None, dependency=row),
        action=action,
        service=_of(row, end_dependency),
        template="actions/waits/end_form.html",
        done="What the action waits for is brought up to date.",
        as_whole=True,
        dependency=row,
        days=row.days_waiting(clock.today()),
    )


def section(action: Action, *, user: Any, on: date, rights: Rights) -> dict[str, Any]:
    """Return what an action waits for and waited for, and what the reader may do about it."""
    may_raise = action.state in UNDER_WAY and not waits_policies.why_not_request_from_partner(rights, action)
    rows = list(Dependency.objects.visible_to(user, on).filter(action=action).select_related(*PEOPLE))
    for row in rows:
        row.action = action
    waits = [_wait(row, rights, may_raise, on) for row in rows]
    still = [wait for wait in waits if wait.row.is_open or wait.row.is_unsettled]
    return {
        "open": [wait for wait in waits if wait.row.is_open],
        "still": still,
        "past": [wait for wait in reversed(waits) if wait not in still],
        "raises": may_raise and not action.by_districts,
        "decisions": [_decision(wait.row) for wait in waits if _wants_answer(wait)],
    }


def _wait(row: Dependency, rights: Rights, may_end: bool, on: date) -> Wait:
    return Wait(
        row=row,
        days=row.days_waiting(on),
        late=row.is_open and row.wanted_by is not None and row.wanted_by < on,
        answers=row.is_open and not waits_policies.why_not_answer(rights, row),
        ends=may_end and (row.is_open or row.is_unsettled),
    )


def _wants_answer(wait: Wait) -> bool:
    return wait.answers and wait.row.state == DependencyState.ASKED


def _decision(row: Dependency) -> Ability:
    return Ability(f"Answer for {row.organisation}", "actions:dependency-answer", more=row.pk)


def _partners(request: HttpRequest, action: Action, manages: bool) -> Any:
    """Return whom the reader can name: a manager any organisation here, others those that support the action."""
    here = Organisation.objects.visible_to(request.user, clock.today()).filter(
        partnership=action.partnership_id
    )
    waited_on = action.dependencies.open().values("organisation")
    named = here.exclude(pk=action.lead_id).exclude(pk__in=waited_on)
    return named if manages else named.filter(pk__in=action.supporting.values("pk"))


def _named(request: HttpRequest, action: Action, pk: int) -> Dependency:
    seen = Dependency.objects.visible_to(request.user, clock.today()).select_related(*PEOPLE)
    row = get_object_or_404(seen, pk=pk, action=action)
    row.action = action
    return row


def _of(row: Dependency, service: Any) -> Any:
    """Return the service as `change.answer` calls it: the action is known by what waits."""
    return lambda *, action, **given: service(dependency=row, **given)


def _closed(request: HttpRequest, row: Dependency) -> HttpResponse:
    return change.refused(
        request,
        row.action,
        heading="Answered or ended",
        text=closed_by(dependency=row),
        status=CONFLICT,
    )
