"""Proposing to withdraw or supersede an action, withdrawing the proposal, and recording the board's decision."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from actions.closing import policies
from actions.closing.models import ClosureProposal
from actions.core.models import Action
from actions.core.policies import why_not_manage
from actions.core.services.change import Change, changing
from actions.core.services.consequences import roll_up_parts
from actions.core.services.requests import NO_MINUTE, cite, close_request, open_request
from actions.core.states import OPEN, RequestState, State
from audit.actors import Actor, account_of
from audit.clock import london_date
from meetings.models import Decision, Minute
from web.language import day_text, lazy_text

Kind = ClosureProposal.Kind

STATE_OF: dict[str, State] = {Kind.WITHDRAW: State.WITHDRAWN, Kind.SUPERSEDE: State.SUPERSEDED}
VERB_OF: dict[str, str] = {Kind.WITHDRAW: "action.withdrawn", Kind.SUPERSEDE: "action.superseded"}
SUBJECT_OF: dict[str, str] = {
    Kind.WITHDRAW: Decision.Subject.WITHDRAWAL,
    Kind.SUPERSEDE: Decision.Subject.SUPERSESSION,
}
REASON = lazy_text("Give the reason for your decision.")


def propose_closure(
    *,
    actor: Actor,
    action: Action,
    kind: str,
    reason: str,
    at: datetime,
    superseded_by: Action | None = None,
    version: int | None = None,
) -> ClosureProposal:
    """Propose to the board to withdraw or supersede an open action.

    Args:
        kind: `withdraw` or `supersede`.
        superseded_by: the replacement, for `supersede` only.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: keyed by field, without a reason, or for an action that cannot be the replacement; code
            `state` when the action is closed or another proposal is open.
    """
    if kind not in Kind.values:
        raise ValidationError({"kind": gettext("Choose to withdraw or supersede the action.")})
    with changing(
        actor=actor,
        action=action,
        at=at,
        verb="action.closure_proposed",
        version=version,
        note=reason.strip(),
        as_whole=True,
    ) as change:
        change.forbid(why_not_manage(change.rights, change.action.partnership_id))
        change.require_state(*OPEN, to=STATE_OF[kind].label.lower())
        _require_none_open(change)
        if not reason.strip():
            raise ValidationError({"reason": gettext("Give the reason for the proposal.")})
        proposal = ClosureProposal(
            action=change.action,
            kind=kind,
            superseded_by=_successor(change, kind, superseded_by),
            reason=reason.strip(),
            requested_by=account_of(actor),
            requested_at=at,
        )
        proposal.full_clean(exclude=["action", "requested_by"])
        proposal.save(force_insert=True)
        change.record("closure.proposed", proposal)
    return proposal


def decide_closure(
    *,
    actor: Actor,
    proposal: ClosureProposal,
    approve: bool,
    reason: str,
    at: datetime,
    minute: Minute | None = None,
) -> ClosureProposal:
    """Record the board's decision on a proposal. Approval closes the action and its open district actions.

    Args:
        minute: of a meeting of a board that decides on the action; required to approve.

    Raises:
        PermissionDenied: unless the actor may decide it (`policies.why_not_decide_closure`).
        ValidationError: keyed by field; code `conflict` when the proposal is no longer open.
    """
    verb = VERB_OF[proposal.kind] if approve else "action.closure_rejected"
    with changing(
        actor=actor, action=proposal.action, at=at, verb=verb, note=reason.strip(), as_whole=True
    ) as change:
        row = open_request(change, proposal)
        people = people_of_parts(action=change.action)
        change.forbid(policies.why_not_decide_closure(change.rights, row, people))
        _require_decision(reason, minute, approve)
        if minute is not None:
            cite(change, minute, subject=SUBJECT_OF[row.kind], approve=approve, wording=reason)
        if approve:
            _close(change, row, minute.citation if minute is not None else "")
        close_request(
            change,
            row,
            state=RequestState.APPROVED if approve else RequestState.REJECTED,
            reason=reason,
            minute=minute,
            verb="closure.approved" if approve else "closure.rejected",
        )
    return row


def retract_closure(*, actor: Actor, proposal: ClosureProposal, reason: str, at: datetime) -> ClosureProposal:
    """Withdraw a proposal before the board decides.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: keyed by field; code `conflict` when the proposal is no longer open.
    """
    with changing(
        actor=actor,
        action=proposal.action,
        at=at,
        verb="action.closure_retracted",
        note=reason.strip(),
        as_whole=True,
    ) as change:
        row = open_request(change, proposal)
        change.forbid(why_not_manage(change.rights, change.action.partnership_id))
        if not reason.strip():
            raise ValidationError({"reason": gettext("Give the reason for withdrawing the proposal.")})
        close_request(
            change,
            row,
            state=RequestState.WITHDRAWN,
            reason=reason,
            verb="closure.withdrawn",
        )
    return row


def people_of_parts(*, action: Action) -> set[int]:
    """Return the owners and alternates of a joint action's open district actions, which close with it."""
    if not action.by_districts:
        return set()
    pairs = action.children.filter(state__in=OPEN).order_by().values_list("owner", "alternate")
    return {person for pair in pairs for person in pair if person is not None}


def _close(change: Change, proposal: ClosureProposal, reference: str) -> None:
    successor = _successor(change, proposal.kind, proposal.superseded_by)
    state = STATE_OF[proposal.kind]
    if not change.action.by_districts:
        _set_closed(change, state, reference, successor)
        return
    for part in change.action.children.filter(state__in=OPEN).select_related("partnership"):
        with changing(
            actor=change.actor,
            action=part,
            at=change.at,
            verb=change.verb,
            note=change.note,
            parent_follows=False,
        ) as of_part:
            _set_closed(of_part, state, reference, successor)
    roll_up_parts(change.action)
    if change.action.state != state:
        # A district action that was already complete stays complete, and so does the joint action.
        change.verb = "action.parts_closed"


def _set_closed(change: Change, state: State, reference: str, successor: Action | None) -> None:
    change.move_to(state)
    change.action.board_reference = reference
    change.action.closed_on = change.on
    change.action.superseded_by = successor


def _successor(change: Change, kind: str, replacement: Action | None) -> Action | None:
    """Return the replacement, which the actor must be able to see now; None for a withdrawal."""
    if kind == Kind.WITHDRAW:
        if replacement is not None:
            raise ValidationError(
                {"superseded_by": gettext("Leave this empty. A withdrawn action has no replacement.")}
            )
        return None
    if replacement is None:
        raise ValidationError({"superseded_by": gettext("Enter the replacement action.")})
    visible = Action.objects.visible_to(change.actor, change.on)
    successor = visible.filter(partnership=change.action.partnership_id, pk=replacement.pk).first()
    if successor is None:
        raise ValidationError(
            {"superseded_by": gettext("Choose an action in this partnership that you have access to.")}
        )
    if problem := _why_not_supersede(change.action, successor):
        raise ValidationError({"superseded_by": problem})
    return successor


def _why_not_supersede(action: Action, successor: Action) -> str:
    if _leads_to(successor, action):
        return gettext("An action cannot supersede itself, directly or through other actions.")
    if successor.state in (State.WITHDRAWN, State.SUPERSEDED):
        state = successor.get_state_display().lower()
        return gettext("{ref} is {state}, so it cannot replace another action.").format(
            ref=successor.ref, state=state
        )
    if successor.parent_id == action.pk:
        return gettext("{ref} is a district action of this one, so it closes with it.").format(
            ref=successor.ref
        )
    if action.parent_id == successor.pk:
        return gettext("{ref} is the joint action that this one belongs to.").format(ref=successor.ref)
    return ""


def _leads_to(start: Action, action: Action) -> bool:
    successor: Action | None = start
    while successor is not None:
        if successor.pk == action.pk:
            return True
        successor = successor.superseded_by
    return False


def _require_none_open(change: Change) -> None:
    proposals = ClosureProposal.objects.open().filter(action=change.action).select_related("requested_by")
    if proposal := proposals.first():
        raise ValidationError(
            gettext(
                "{requested_by} proposed on {requested_at} to {get_kind_display} this "
                "action. That proposal must be decided first."
            ).format(
                requested_by=proposal.requested_by,
                requested_at=day_text(london_date(proposal.requested_at)),
                get_kind_display=proposal.get_kind_display().lower(),
            ),
            code="state",
        )


def _require_decision(reason: str, minute: Minute | None, approve: bool) -> None:
    errors = {}
    if not reason.strip():
        errors["reason"] = REASON
    if approve and minute is None:
        errors["minute"] = NO_MINUTE
    if errors:
        raise ValidationError(errors)
