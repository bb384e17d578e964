"""Pages of due date changes: request, approve, reject, withdraw; causes of concern; the dates on the action's page."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext

from actions.core.abilities import Ability
from actions.core.models import Action
from actions.core.policies import why_not_manage
from actions.core.services.requests import closed_by, matter_of
from actions.core.states import REPORTABLE
from actions.dates import policies
from actions.dates.forms import ConcernForm, DateChangeForm, DateDecisionForm, WithdrawForm
from actions.dates.models import DateChange
from actions.dates.services import (
    decide_date_change,
    decider_of,
    request_date_change,
    set_cause_of_concern,
    why_not_request_twice,
    withdraw_date_change,
)
from actions.history import views as change
from actions.history.queries import Children
from actions.milestones.models import Milestone
from actions.milestones.views import milestones_of
from audit import clock
from audit.actors import Reader
from meetings.decisions.services import citable_minutes
from meetings.models import Decision
from partners.policies import Rights
from web.callers import actor_of
from web.language import lazy_text
from web.pages import CONFLICT, PAGE_OR_FORM

PEOPLE = ("requested_by", "taken_over_by", "decided_by")
DECIDER_NAMES = {
    DateChange.Level.MANAGER: lazy_text("the programme manager"),
    DateChange.Level.BOARD: lazy_text("the board"),
}


@PAGE_OR_FORM
def action_date_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Request a new due date; the page says first who will decide, and why."""
    action = change.get_action(request, pk)
    change.forbid(policies.why_not_schedule(change.rights(request), action))
    if request.method != "POST" and action.state not in REPORTABLE and not action.by_districts:
        return change.out_of_state(request, action, gettext("given a new due date"))
    history = _history(action)
    waiting = _waiting(history)
    if request.method != "POST" and waiting is not None:
        text = why_not_request_twice(date_change=waiting)
        return change.refused(
            request, action, heading=gettext("Already requested"), text=text, status=CONFLICT
        )
    form = DateChangeForm(request.POST or None, initial={"version": action.version})
    decider = decider_of(actor=actor_of(request), action=action, on=clock.today())
    return change.answer(
        request,
        form,
        action=action,
        service=request_date_change,
        template="actions/dates/request_form.html",
        done=_banner(form, action, DECIDER_NAMES[decider.level]),
        decider=decider,
        decider_name=DECIDER_NAMES[decider.level],
        history=history,
    )


@PAGE_OR_FORM
def date_change_decide(request: HttpRequest, pk: int, request_pk: int) -> HttpResponse:
    """Approve or reject a later due date."""
    action = change.get_action(request, pk)
    row = _find_request(request, action, request_pk)
    change.forbid(policies.why_not_decide_date(change.rights(request), row))
    if not row.is_open:
        return _no_longer_open(request, row)
    matter = matter_of(action=action, subject=Decision.Subject.DUE_DATE)
    minutes = citable_minutes(matter=matter, user=request.user, on=clock.today())
    return change.answer(
        request,
        DateDecisionForm(
            request.POST or None,
            level=row.level,
            initial={"minute": request.GET.get("minute")},
            minutes=minutes,
        ),
        action=action,
        service=lambda *, action, **fields: decide_date_change(date_change=row, **fields),
        template="actions/dates/decide_form.html",
        done=gettext("Decision on the due date saved."),
        date_change=row,
        is_board=row.level == DateChange.Level.BOARD,
        history=[other for other in _history(action) if other.pk != row.pk],
    )


@PAGE_OR_FORM
def date_change_withdraw(request: HttpRequest, pk: int, request_pk: int) -> HttpResponse:
    """Withdraw a request for a new due date before it is decided."""
    action = change.get_action(request, pk)
    row = _find_request(request, action, request_pk)
    change.forbid(policies.why_not_withdraw_date(change.rights(request), row))
    if not row.is_open:
        return _no_longer_open(request, row)
    return change.answer(
        request,
        WithdrawForm(request.POST or None),
        action=action,
        service=lambda *, action, **fields: withdraw_date_change(date_change=row, **fields),
        template="actions/dates/withdraw_form.html",
        done=gettext("Request for a new due date withdrawn."),
        date_change=row,
    )


@PAGE_OR_FORM
def action_cause_of_concern(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an action under a cause of concern, or lift it if it is under one."""
    action = change.get_action(request, pk)
    under = not action.under_cause_of_concern
    change.forbid(_why_not_set_concern(change.rights(request), action))
    if request.method != "POST" and not action.is_open:
        return change.out_of_state(
            request,
            action,
            gettext("put under a cause of concern") if under else gettext("taken off a cause of concern"),
        )
    return change.answer(
        request,
        ConcernForm(request.POST or None, initial={"version": action.version}),
        action=action,
        service=lambda **fields: set_cause_of_concern(under=under, **fields),
        template="actions/dates/cause_of_concern_form.html",
        done=gettext("Cause of concern set.") if under else gettext("Cause of concern lifted."),
        under=under,
        waiting=_waiting(_history(action)),
    )


def section(action: Action, *, user: Reader, on: date, rights: Rights, children: Children) -> dict[str, Any]:
    """Return an action's dates and due date changes, and what the reader may do about them."""
    history = _history(action) if DateChange in children else []
    waiting = _waiting(history)
    schedules = not policies.why_not_schedule(rights, action) and not action.by_districts
    decides = waiting is not None and not policies.why_not_decide_date(rights, waiting)
    return {
        "history": [row for row in history if row is not waiting],
        "waiting": waiting,
        "decider": DECIDER_NAMES[DateChange.Level(waiting.level)] if waiting else "",
        "decides": decides,
        "withdraws": waiting is not None and not policies.why_not_withdraw_date(rights, waiting),
        "requests": schedules and waiting is None and action.state in REPORTABLE,
        "adds": schedules and action.state in REPORTABLE,
        "steps": schedules and action.is_open,
        "milestones": milestones_of(action, on) if Milestone in children else [],
        "concern": _concern(action, rights),
        "decisions": [_decision(waiting)] if waiting is not None and decides else [],
    }


def _concern(action: Action, rights: Rights) -> str:
    """Return the text of the link that sets or lifts the cause of concern; empty when the reader may not."""
    if not action.is_open or action.by_districts or _why_not_set_concern(rights, action):
        return ""
    return gettext("Lift") if action.under_cause_of_concern else gettext("Set")


def _why_not_set_concern(rights: Rights, action: Action) -> str:
    """Return why the user may not set the action's cause of concern, or lift it if it has one."""
    if action.under_cause_of_concern:
        return policies.why_not_lift_concern(rights, action)
    return why_not_manage(rights, action.partnership_id)


def _decision(row: DateChange) -> Ability:
    return Ability(gettext("Decide on the due date"), "actions:date-change-decide", more=row.pk)


def _history(action: Action) -> list[DateChange]:
    """Return the action's due date changes, newest first, for a reader who may see the action."""
    rows = list(DateChange.objects.filter(action=action).select_related(*PEOPLE))
    for row in rows:
        row.action = action
    return rows


def _waiting(history: list[DateChange]) -> DateChange | None:
    return next((row for row in history if row.is_open), None)


def _find_request(request: HttpRequest, action: Action, pk: int) -> DateChange:
    visible = DateChange.objects.visible_to(request.user, clock.today()).select_related(*PEOPLE)
    row = get_object_or_404(visible, pk=pk, action=action)
    row.action = action
    return row


def _no_longer_open(request: HttpRequest, row: DateChange) -> HttpResponse:
    text = closed_by(request=row)
    return change.refused(
        request, row.action, heading=gettext("Request already closed"), text=text, status=CONFLICT
    )


def _banner(form: DateChangeForm, action: Action, decider_name: str) -> str:
    """Say what happens next: an earlier date applies at once, a later one waits for its decider."""
    new_due = form.cleaned_data.get("new_due") if form.is_bound and form.is_valid() else None
    if new_due is not None and action.due is not None and new_due < action.due:
        return gettext("Due date changed.")
    return gettext("New due date requested. {decider_name} will decide.").format(
        decider_name=decider_name.capitalize()
    )
