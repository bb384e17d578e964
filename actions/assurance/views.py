from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from actions.assurance import policies
from actions.assurance.forms import REOPEN, AssuranceForm, ReopenForm, RetestForm, SubmitForm
from actions.assurance.models import Assurance
from actions.assurance.services import (
    assure_action,
    awaiting_assurance,
    reopen_action,
    retest_action,
    return_action,
    submission_of,
    submit_action,
    with_auditors,
)
from actions.core.abilities import Ability
from actions.core.models import Action
from actions.core.queries import returned_of
from actions.core.services.requests import matter_of
from actions.core.states import State
from actions.evidence.services import evidence_of, lacks_evidence
from actions.history import views as change
from actions.history.queries import Children
from audit import clock
from audit.actors import Reader
from meetings.decisions.services import citable_minutes
from meetings.models import Decision, Minute
from partners.policies import Rights, Role
from standards.cadence import Frequency, Period
from standards.marking import highest
from web.language import period_text
from web.pages import PAGE_OR_FORM
from web.paging import page_of


@PAGE_OR_FORM
def action_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Submit a finished action for assurance."""
    action = change.get_action(request, pk)
    change.forbid(policies.why_not_submit(change.rights(request), action))
    if request.method != "POST" and action.state != State.IN_PROGRESS:
        return change.out_of_state(request, action, gettext("submitted for assurance"))
    return change.answer(
        request,
        SubmitForm(request.POST or None, initial={"version": action.version}),
        action=action,
        service=submit_action,
        template="actions/assurance/submit_form.html",
        done=gettext("Action submitted for assurance."),
        lacking=lacks_evidence(action=action, on=clock.today()),
        **_story(action),
    )


@require_safe
def assurance_queue(request: HttpRequest) -> HttpResponse:
    """List the actions awaiting assurance where the user is an auditor, and who can assure each."""
    on = clock.today()
    change.forbid(policies.why_not_open_queue(change.rights(request)))
    pages = page_of(request, awaiting_assurance(user=request.user, on=on))
    rows = with_auditors(user=request.user, on=on, actions=list(pages))
    context = {"pages": pages, "rows": rows, "page_marking": highest(row.action.marking for row in rows)}
    return render(request, "actions/assurance/queue.html", context)


@PAGE_OR_FORM
def assurance_give(request: HttpRequest, pk: int) -> HttpResponse:
    """Assure a submitted action, or return it with a reason."""
    action = _assurable(request, pk)
    if request.method != "POST" and action.state != State.AWAITING_ASSURANCE:
        return change.out_of_state(request, action, "assured")
    on = clock.today()
    form = AssuranceForm(request.POST or None, initial={"version": action.version}, on=on)
    returned = form["opinion"].data == Assurance.Opinion.RETURNED
    return change.answer(
        request,
        form,
        action=action,
        service=_assure,
        template="actions/assurance/form.html",
        done=gettext("Action returned to its owner.")
        if returned
        else gettext("Action assured and complete."),
        submission=submission_of(action=action),
        lacking=lacks_evidence(action=action, on=on),
        **_story(action),
    )


@PAGE_OR_FORM
def action_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Reopen a complete action."""
    action = _assurable(request, pk)
    if request.method != "POST" and action.state != State.COMPLETE:
        return change.out_of_state(request, action, "reopened")
    return change.answer(
        request,
        ReopenForm(
            request.POST or None,
            initial={"version": action.version, "minute": request.GET.get("minute")},
            minutes=_citable(request, action),
        ),
        action=action,
        service=reopen_action,
        template="actions/assurance/reopen_form.html",
        done=gettext("Action reopened."),
        **_story(action),
    )


@PAGE_OR_FORM
def action_retest(request: HttpRequest, pk: int) -> HttpResponse:
    """Re-test a complete action: confirm or reopen it."""
    action = _assurable(request, pk)
    if request.method != "POST" and action.state != State.COMPLETE:
        return change.out_of_state(request, action, "re-tested")
    form = RetestForm(
        request.POST or None,
        initial={"version": action.version},
        on=clock.today(),
        minutes=_citable(request, action),
    )
    reopened = form["decision"].data == REOPEN
    return change.answer(
        request,
        form,
        action=action,
        service=_retest,
        template="actions/assurance/retest_form.html",
        done=gettext("Action reopened.") if reopened else gettext("Completion confirmed."),
        submission=submission_of(action=action),
        **_story(action),
    )


def section(action: Action, *, user: Reader, on: date, rights: Rights, children: Children) -> dict[str, Any]:
    """Return an action's assurance decisions, whether its re-test is due, and whether the reader may re-test it."""
    due = action.retest_on is not None and action.retest_on <= on
    retests = _may_retest(action, rights)
    return {
        "assurances": list(action.assurances.select_related("assessed_by")) if Assurance in children else [],
        "returned": list(returned_of(action)) if Assurance in children else [],
        "due": due,
        "retests": retests,
        "decisions": [Ability("Re-test", "actions:action-retest")] if due and retests else [],
    }


def _may_retest(action: Action, rights: Rights) -> bool:
    if action.state != State.COMPLETE or action.by_districts or not rights.partnerships(Role.AUDITOR):
        return False
    authors = set(action.updates.values_list("author", flat=True))
    return not policies.why_not_assure(rights, action, authors)


def _assurable(request: HttpRequest, pk: int) -> Action:
    action = change.get_action(request, pk)
    authors = set(action.updates.values_list("author", flat=True))
    change.forbid(policies.why_not_assure(change.rights(request), action, authors))
    return action


def _assure(*, opinion: str, retest_on: date | None, **fields: Any) -> Assurance:
    if opinion == Assurance.Opinion.RETURNED:
        return return_action(**fields)
    return assure_action(retest_on=retest_on, **fields)


def _retest(
    *, decision: str, retest_on: date | None, minute: Minute | None = None, **fields: Any
) -> Assurance:
    if decision == REOPEN:
        return reopen_action(minute=minute, **fields)
    return retest_action(retest_on=retest_on, **fields)


def _citable(request: HttpRequest, action: Action) -> list[Minute]:
    """Return the minutes by which a board can have decided to reopen the action."""
    matter = matter_of(action=action, subject=Decision.Subject.REOPENING)
    return citable_minutes(matter=matter, user=request.user, on=clock.today())


def _story(action: Action) -> dict[str, Any]:
    """Return an action's updates with the labels of their periods, its evidence and its earlier decisions."""
    frequency = Frequency(action.plan.cadence)
    updates = action.updates.select_related("author")
    return {
        "updates": [(period_text(Period.containing(update.period, frequency)), update) for update in updates],
        "evidence": evidence_of(action=action, on=clock.today()),
        "assurances": action.assurances.select_related("assessed_by"),
    }
