"""Withdrawal and supersession: a programme manager proposes it, a board decides it, and the minute says so."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from actions.closing import policies
from actions.closing.models import ClosureProposal
from actions.core.models import Action
from actions.core.policies import why_not_manage
from actions.core.services.change import Change, changing
from actions.core.services.consequences import roll_up_parts
from actions.core.services.requests import close_request, open_request
from actions.core.states import OPEN, RequestState, State
from audit.clock import london_date

Kind = ClosureProposal.Kind

STATE_OF: dict[str, State] = {Kind.WITHDRAW: State.WITHDRAWN, Kind.SUPERSEDE: State.SUPERSEDED}
VERB_OF: dict[str, str] = {Kind.WITHDRAW: "action.withdrawn", Kind.SUPERSEDE: "action.superseded"}
REASON = "Give the reason for your decision."
MINUTE = "Enter the minute reference of the board's decision."


def propose_closure(
    *,
    actor: Any,
    action: Action,
    kind: str,
    reason: str,
    at: datetime,
    superseded_by: Action | None = None,
    version: int | None = None,
) -> ClosureProposal:
    """Propose to the board that an open action be withdrawn, or that another take its place.

    Args:
        kind: `withdraw` or `supersede`; only the second names a successor.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: keyed by field: a missing reason, a successor that cannot take its place; code `state` when
            the action is closed or such a proposal is open already.
    """
    if kind not in Kind.values:
        raise ValidationError({"kind": "Propose to withdraw the action or to supersede it."})
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
            raise ValidationError({"reason": "Say why, for the board."})
        proposal = ClosureProposal(
            action=change.action,
            kind=kind,
            superseded_by=_successor(change, kind, superseded_by),
            reason=reason.strip(),
            requested_by=actor,
            requested_at=at,
        )
        proposal.full_clean(exclude=["action", "requested_by"])
        proposal.save(force_insert=True)
        change.record("closure.proposed", proposal)
    return proposal


def decide_closure(
    *,
    actor: Any,
    proposal: ClosureProposal,
    approve: bool,
    reason: str,
    at: datetime,
    reference: str = "",
) -> ClosureProposal:
    """Record a board's decision on a proposal; an approved one closes the action, and with it its open parts.

    Args:
        reference: the minute reference of the decision; an approval needs it.

    Raises:
        PermissionDenied: unless the actor sits on a board, did not propose it and owns neither the action nor a part.
        ValidationError: keyed by field; code `conflict` when the proposal is no longer open.
    """
    verb = VERB_OF[proposal.kind] if approve else "action.closure_refused"
    with changing(
        actor=actor, action=proposal.action, at=at, verb=verb, note=reason.strip(), as_whole=True
    ) as change:
        row = open_request(change, proposal)
        people = people_of_parts(action=change.action)
        change.forbid(policies.why_not_decide_closure(change.rights, row, people))
        _require_words(reason, reference, approve)
        if approve:
            _close(change, row, reference.strip())
        close_request(
            change,
            row,
            state=RequestState.APPROVED if approve else RequestState.REJECTED,
            reason=reason,
            reference=reference,
            verb="closure.approved" if approve else "closure.rejected",
        )
    return row


def retract_closure(*, actor: Any, proposal: ClosureProposal, reason: str, at: datetime) -> ClosureProposal:
    """Take a proposal back before a board has decided on it.

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
            raise ValidationError({"reason": "Say why you take the proposal back."})
        close_request(
            change,
            row,
            state=RequestState.WITHDRAWN,
            reason=reason,
            reference="",
            verb="closure.withdrawn",
        )
    return row


def people_of_parts(*, action: Action) -> set[int]:
    """Return the owners and alternates of an action's open parts: a decision on the whole is one on theirs too."""
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
        # A part that was complete before stays so, and the whole with it.
        change.verb = "action.parts_closed"


def _set_closed(change: Change, state: State, reference: str, successor: Action | None) -> None:
    change.move_to(state)
    change.action.board_reference = reference
    change.action.closed_on = change.on
    change.action.superseded_by = successor


def _successor(change: Change, kind: str, named: Action | None) -> Action | None:
    """Return the action that takes the place, as the actor sees it now; nothing for a withdrawal."""
    if kind == Kind.WITHDRAW:
        if named is not None:
            raise ValidationError(
                {"superseded_by": "Nothing takes the place of an action that is withdrawn."}
            )
        return None
    if named is None:
        raise ValidationError({"superseded_by": "Name the action that takes this one's place."})
    seen = Action.objects.visible_to(change.actor, change.on).filter(partnership=change.action.partnership_id)
    successor = seen.filter(pk=named.pk).first()
    if successor is None:
        raise ValidationError({"superseded_by": "Choose an action of this partnership that you may see."})
    if problem := _why_not(change.action, successor):
        raise ValidationError({"superseded_by": problem})
    return successor


def _why_not(action: Action, successor: Action) -> str:
    if _leads_to(successor, action):
        return "An action cannot supersede itself, directly or by way of others."
    if successor.state in (State.WITHDRAWN, State.SUPERSEDED):
        state = successor.get_state_display().lower()
        return f"{successor.ref} is {state} itself, so it cannot take another's place."
    if successor.parent_id == action.pk:
        return f"{successor.ref} is a part of this action, and closes with it."
    if action.parent_id == successor.pk:
        return f"{successor.ref} is the action that this one is a part of."
    return ""


def _leads_to(start: Action, action: Action) -> bool:
    seen: Action | None = start
    while seen is not None:
        if seen.pk == action.pk:
            return True
        seen = seen.superseded_by
    return False


def _require_none_open(change: Change) -> None:
    proposals = ClosureProposal.objects.open().filter(action=change.action).select_related("requested_by")
    if found := proposals.first():
        raise ValidationError(
            f"{found.requested_by} proposed on {london_date(found.requested_at):%-d %B %Y} to "
            f"{found.get_kind_display().lower()} this action. That is decided first.",
            code="state",
        )


def _require_words(reason: str, reference: str, approve: bool) -> None:
    errors = {}
    if not reason.strip():
        errors["reason"] = REASON
    if approve and not reference.strip():
        errors["reference"] = MINUTE
    if errors:
        raise ValidationError(errors)
