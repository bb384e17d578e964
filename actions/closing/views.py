from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext

from actions.closing import policies
from actions.closing.forms import ClosureDecisionForm, RetractForm, SupersedeForm, WithdrawForm
from actions.closing.models import ClosureProposal
from actions.closing.services import (
    SUBJECT_OF,
    decide_closure,
    people_of_parts,
    propose_closure,
    retract_closure,
)
from actions.core.abilities import Ability
from actions.core.models import Action
from actions.core.policies import why_not_manage
from actions.core.services.requests import closed_by, matter_of
from actions.history import views as change
from actions.history.queries import Children
from audit import clock
from audit.actors import Reader
from meetings.decisions.services import citable_minutes
from partners.policies import Rights
from web.pages import CONFLICT, PAGE_OR_FORM

PEOPLE = ("requested_by", "taken_over_by", "decided_by")


@PAGE_OR_FORM
def action_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose to the board to withdraw an action."""
    action = _proposable(request, pk)
    if refusal := _why_not_now(request, action, "withdrawn"):
        return refusal
    return change.answer(
        request,
        WithdrawForm(request.POST or None, initial={"version": action.version}),
        action=action,
        service=_proposing(ClosureProposal.Kind.WITHDRAW),
        template="actions/closing/withdraw_form.html",
        done=gettext("Proposal sent to the board."),
        as_whole=True,
    )


@PAGE_OR_FORM
def action_supersede(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose to the board to supersede an action."""
    action = _proposable(request, pk)
    if refusal := _why_not_now(request, action, "superseded"):
        return refusal
    visible = Action.objects.visible_to(request.user, clock.today())
    others = visible.filter(partnership=action.partnership_id).exclude(pk=action.pk)
    return change.answer(
        request,
        SupersedeForm(request.POST or None, initial={"version": action.version}, actions=others),
        action=action,
        service=_proposing(ClosureProposal.Kind.SUPERSEDE),
        template="actions/closing/supersede_form.html",
        done=gettext("Proposal sent to the board."),
        as_whole=True,
    )


@PAGE_OR_FORM
def closure_decide(request: HttpRequest, pk: int, request_pk: int) -> HttpResponse:
    """Record the board's decision on a proposal."""
    action = change.get_action(request, pk)
    proposal = _proposal(request, action, request_pk)
    rights, people = change.rights(request), people_of_parts(action=action)
    change.forbid(policies.why_not_decide_closure(rights, proposal, people))
    if not proposal.is_open:
        return _no_longer_open(request, proposal)
    matter = matter_of(action=action, subject=SUBJECT_OF[proposal.kind])
    minutes = citable_minutes(matter=matter, user=request.user, on=clock.today())
    return change.answer(
        request,
        ClosureDecisionForm(
            request.POST or None, initial={"minute": request.GET.get("minute")}, minutes=minutes
        ),
        action=action,
        service=lambda *, action, **fields: decide_closure(proposal=proposal, **fields),
        template="actions/closing/decide_form.html",
        done=gettext("The board's decision saved."),
        as_whole=True,
        proposal=proposal,
        successor=_successors(request.user, clock.today(), [proposal]).get(proposal.superseded_by_id),
        open_parts=_open_parts(request, action),
    )


@PAGE_OR_FORM
def closure_retract(request: HttpRequest, pk: int, request_pk: int) -> HttpResponse:
    """Withdraw a proposal before the board decides."""
    action = change.get_action(request, pk)
    proposal = _proposal(request, action, request_pk)
    change.forbid(why_not_manage(change.rights(request), action.partnership_id))
    if not proposal.is_open:
        return _no_longer_open(request, proposal)
    return change.answer(
        request,
        RetractForm(request.POST or None),
        action=action,
        service=lambda *, action, **fields: retract_closure(proposal=proposal, **fields),
        template="actions/closing/retract_form.html",
        done=gettext("Proposal withdrawn."),
        as_whole=True,
        proposal=proposal,
        successor=_successors(request.user, clock.today(), [proposal]).get(proposal.superseded_by_id),
    )


def section(action: Action, *, user: Reader, on: date, rights: Rights, children: Children) -> dict[str, Any]:
    """Return the proposals to withdraw or supersede an action, and what the reader may do about them."""
    rows = ClosureProposal.objects.filter(action=action).select_related(*PEOPLE)
    proposals = list(rows) if ClosureProposal in children else []
    waiting = next((proposal for proposal in proposals if proposal.is_open), None)
    for proposal in proposals:
        proposal.action = action
    successors = _successors(user, on, proposals)
    decides = waiting is not None and not policies.why_not_decide_closure(
        rights, waiting, people_of_parts(action=action)
    )
    proposes = action.is_open and not why_not_manage(rights, action.partnership_id)
    return {
        "waiting": waiting,
        "waiting_successor": successors.get(waiting.superseded_by_id) if waiting else None,
        "past": [
            (proposal, successors.get(proposal.superseded_by_id))
            for proposal in proposals
            if not proposal.is_open
        ],
        "decides": decides,
        "proposes": proposes and waiting is None,
        "retracts": proposes and waiting is not None,
        "decisions": [_decision(waiting)] if waiting is not None and decides else [],
    }


def _decision(proposal: ClosureProposal) -> Ability:
    text = gettext("Decide on the proposal to {get_kind_display}").format(
        get_kind_display=proposal.get_kind_display().lower()
    )
    return Ability(text, "actions:closure-decide", more=proposal.pk)


def _proposable(request: HttpRequest, pk: int) -> Action:
    action = change.get_action(request, pk)
    change.forbid(why_not_manage(change.rights(request), action.partnership_id))
    return action


def _why_not_now(request: HttpRequest, action: Action, to: str) -> HttpResponse | None:
    if request.method == "POST":
        return None
    if not action.is_open:
        return change.out_of_state(request, action, to)
    if ClosureProposal.objects.open().filter(action=action).exists():
        return change.refused(
            request,
            action,
            heading=gettext("Already proposed"),
            text=gettext(
                "A proposal about this action is waiting for the board. It must be decided or withdrawn first."
            ),
            status=CONFLICT,
        )
    return None


def _proposing(kind: str) -> Any:
    return lambda **fields: propose_closure(kind=kind, **fields)


def _proposal(request: HttpRequest, action: Action, pk: int) -> ClosureProposal:
    visible = ClosureProposal.objects.visible_to(request.user, clock.today()).select_related(*PEOPLE)
    proposal = get_object_or_404(visible, pk=pk, action=action)
    proposal.action = action
    return proposal


def _no_longer_open(request: HttpRequest, proposal: ClosureProposal) -> HttpResponse:
    return change.refused(
        request,
        proposal.action,
        heading=gettext("Proposal already closed"),
        text=closed_by(request=proposal),
        status=CONFLICT,
    )


def _successors(user: Reader, on: date, proposals: list[ClosureProposal]) -> Mapping[int | None, Action]:
    """Return the proposed successors that the reader may see, by id."""
    ids = {proposal.superseded_by_id for proposal in proposals if proposal.superseded_by_id}
    return Action.objects.visible_to(user, on).in_bulk(ids) if ids else {}


def _open_parts(request: HttpRequest, action: Action) -> list[Action]:
    open_actions = Action.objects.visible_to(request.user, clock.today()).open()
    return list(open_actions.filter(parent=action).order_by("ref"))
