from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from audit.policies import forbid
from inspections.core import policies
from inspections.core.states import ANSWERS, CLOSED, State
from inspections.findings.forms.own_statuses import JudgeForm, ReopenForm, StateForm
from inspections.findings.models.recommendations import Recommendation
from inspections.findings.services.links import actions_of
from inspections.findings.services.own_statuses import (
    answer_recommendation,
    judge_recommendation,
    propose_recommendation,
    proposer_of,
    reopen_recommendation,
    start_recommendation,
)
from inspections.findings.steps import possible_steps
from inspections.findings.views import links
from inspections.history import views as change
from web.pages import PAGE_OR_FORM


@PAGE_OR_FORM
def recommendation_state(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the force status: accept or reject, start, or propose closure."""
    row = change.find(request, Recommendation, pk)
    forbid(policies.why_not_manage(change.rights(request), row.inspection.partnership_id))
    possible = possible_steps(row)
    if not possible:
        return _out_of_state(
            request, row, gettext("changed by the programme manager. Only an auditor can change it")
        )
    form = StateForm(request.POST or None, initial={"version": row.version}, possible=possible)

    def move(*, state: str, **values: Any) -> Recommendation:
        if state in ANSWERS:
            return answer_recommendation(recommendation=row, answer=state, **values)
        step = start_recommendation if state == State.IN_PROGRESS else propose_recommendation
        return step(recommendation=row, **values)

    return _answer(
        request, row, form, service=move, template="state_form", done=gettext("Force status saved.")
    )


@PAGE_OR_FORM
def recommendation_judge(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a recommendation that is proposed for closure, send it back, or reopen one that is closed."""
    row = change.find(request, Recommendation, pk)
    actions, proposer = actions_of(recommendation=row), proposer_of(recommendation=row)
    forbid(policies.why_not_judge(change.rights(request), row, actions, proposer))
    # What was written to judge it must not reopen it, where another auditor was quicker.
    judges = row.state == State.PROPOSED
    if row.state not in (State.PROPOSED, *CLOSED) or (not judges and "outcome" in request.POST):
        return _out_of_state(request, row, gettext("closed or reopened"))
    initial = {"version": row.version}
    if judges:
        return _answer(
            request,
            row,
            JudgeForm(request.POST or None, initial=initial),
            service=lambda **values: judge_recommendation(recommendation=row, **values),
            template="judge_form",
            done=gettext("Decision saved."),
        )
    return _answer(
        request,
        row,
        ReopenForm(request.POST or None, initial=initial),
        service=lambda **values: reopen_recommendation(recommendation=row, **values),
        template="reopen_form",
        done=gettext("Finding reopened."),
    )


def _answer(
    request: HttpRequest, row: Recommendation, form: Any, *, service: Any, template: str, done: str
) -> HttpResponse:
    return change.answer(
        request,
        form,
        row=row,
        service=service,
        template=f"inspections/findings/{template}.html",
        done=done,
        back=links.address(row),
        back_text=gettext("Back to the finding"),
        caption=str(row),
        proposal=row.own_statuses.filter(state=State.PROPOSED).select_related("set_by").first(),
        **links.beside(request, row),
    )


def _out_of_state(request: HttpRequest, row: Recommendation, to: str) -> HttpResponse:
    return change.refused(
        request,
        row,
        heading=gettext("Not in this state"),
        text=gettext("This recommendation is {get_state_display}, so it cannot be {to}.").format(
            get_state_display=row.get_state_display().lower(), to=to
        ),
        back=links.address(row),
        back_text=gettext("Go to the finding"),
    )
