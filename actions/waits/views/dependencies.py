"""Pages that request something from a partner, acknowledge or decline it, and close the request."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext

from actions.core import policies as core_policies
from actions.core.abilities import Ability
from actions.core.models import Action
from actions.core.states import UNDER_WAY
from actions.history import views as change
from actions.history.queries import Children
from actions.waits import policies
from actions.waits.forms import YES, AnswerForm, CloseForm, DependencyForm
from actions.waits.models import Dependency
from actions.waits.services import (
    answer_dependency,
    close_dependency,
    closed_by,
    request_dependency,
)
from actions.waits.states import DependencyState
from audit import clock
from audit.actors import Reader
from partners.models import Organisation
from partners.policies import Rights
from web.pages import CONFLICT, PAGE_OR_FORM

PEOPLE = ("organisation", "raised_by", "answered_by", "ended_by")


@dataclass(frozen=True)
class Wait:
    """A request to a partner, how long the action has waited, and what the reader may do about it."""

    row: Dependency
    days: int
    late: bool
    may_answer: bool
    may_close: bool


@PAGE_OR_FORM
def dependency_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Request something from a partner."""
    action = change.get_action(request, pk)
    change.forbid(policies.why_not_request_from_partner(change.rights(request), action))
    if request.method != "POST" and action.state not in UNDER_WAY:
        return change.out_of_state(request, action, gettext("set to wait on a partner"))
    manages = not core_policies.why_not_manage(change.rights(request), action.partnership_id)
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
        service=request_dependency,
        template="actions/waits/request_form.html",
        done=gettext("Request sent. The partner can see it in My work."),
        manages=manages,
        has_partners=organisations.exists(),
    )


@PAGE_OR_FORM
def dependency_answer(request: HttpRequest, pk: int, dependency_pk: int) -> HttpResponse:
    """Acknowledge or decline a request for the partner."""
    action = change.get_action(request, pk)
    row = _find_request(request, action, dependency_pk)
    change.forbid(policies.why_not_answer(change.rights(request), row))
    again = row.state == DependencyState.ACKNOWLEDGED and request.POST.get("accept") == YES
    if not row.is_open or again:
        return _closed(request, row)
    return change.answer(
        request,
        AnswerForm(request.POST or None, dependency=row, on=clock.today()),
        action=action,
        service=_of(row, answer_dependency),
        template="actions/waits/answer_form.html",
        done=gettext("Answer sent."),
        as_whole=True,
        dependency=row,
        days=row.days_waiting(clock.today()),
    )


@PAGE_OR_FORM
def dependency_end(request: HttpRequest, pk: int, dependency_pk: int) -> HttpResponse:
    """Close a request to a partner: it was received, or is no longer needed."""
    action = change.get_action(request, pk)
    row = _find_request(request, action, dependency_pk)
    change.forbid(policies.why_not_request_from_partner(change.rights(request), action))
    if not row.is_open and not row.is_unsettled:
        return _closed(request, row)
    if request.method != "POST" and action.state not in UNDER_WAY:
        return change.out_of_state(request, action, gettext("given changed requests to partners"))
    return change.answer(
        request,
        CloseForm(request.POST or None, dependency=row),
        action=action,
        service=_of(row, close_dependency),
        template="actions/waits/end_form.html",
        done=gettext("Request closed."),
        as_whole=True,
        dependency=row,
        days=row.days_waiting(clock.today()),
    )


def section(action: Action, *, user: Reader, on: date, rights: Rights, children: Children) -> dict[str, Any]:
    """Return an action's open and closed requests to partners, and what the reader may do about them."""
    may_request = action.state in UNDER_WAY and not policies.why_not_request_from_partner(rights, action)
    rows: list[Dependency] = []
    if Dependency in children:
        rows = list(Dependency.objects.visible_to(user, on).filter(action=action).select_related(*PEOPLE))
    for row in rows:
        row.action = action
    waits = [_wait(row, rights, may_request, on) for row in rows]
    current = [wait for wait in waits if wait.row.is_open or wait.row.is_unsettled]
    return {
        "open": [wait for wait in waits if wait.row.is_open],
        "current": current,
        "past": [wait for wait in reversed(waits) if wait not in current],
        "may_request": may_request and not action.by_districts,
        "decisions": [_decision(wait.row) for wait in waits if _needs_answer(wait)],
    }


def _wait(row: Dependency, rights: Rights, may_close: bool, on: date) -> Wait:
    return Wait(
        row=row,
        days=row.days_waiting(on),
        late=row.is_open and row.needed_by is not None and row.needed_by < on,
        may_answer=row.is_open and not policies.why_not_answer(rights, row),
        may_close=may_close and (row.is_open or row.is_unsettled),
    )


def _needs_answer(wait: Wait) -> bool:
    return wait.may_answer and wait.row.state == DependencyState.REQUESTED


def _decision(row: Dependency) -> Ability:
    return Ability(
        gettext("Answer for {organisation}").format(organisation=row.organisation),
        "actions:dependency-answer",
        more=row.pk,
    )


def _partners(request: HttpRequest, action: Action, manages: bool) -> Any:
    """Return the partners the reader may choose: any for a manager, otherwise those that support the action."""
    visible = Organisation.objects.visible_to(request.user, clock.today()).filter(
        partnership=action.partnership_id
    )
    waited_on = action.dependencies.open().values("organisation")
    partners = visible.exclude(pk=action.lead_id).exclude(pk__in=waited_on)
    return partners if manages else partners.filter(pk__in=action.supporting.values("pk"))


def _find_request(request: HttpRequest, action: Action, pk: int) -> Dependency:
    visible = Dependency.objects.visible_to(request.user, clock.today()).select_related(*PEOPLE)
    row = get_object_or_404(visible, pk=pk, action=action)
    row.action = action
    return row


def _of(row: Dependency, service: Any) -> Any:
    """Return the service as `change.answer` calls it, with the request in place of the action."""
    return lambda *, action, **fields: service(dependency=row, **fields)


def _closed(request: HttpRequest, row: Dependency) -> HttpResponse:
    return change.refused(
        request,
        row.action,
        heading=gettext("Request already answered or closed"),
        text=closed_by(dependency=row),
        status=CONFLICT,
    )
