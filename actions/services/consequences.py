"""What a change of one action means for the rows around it: its parent follows its parts, and what was asked of an
action ends with it. The caller holds the ledger."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from actions.models import Action, ClosureProposal, DateChange, Dependency
from actions.states import CLOSED, RATED, UNALLOCATED, DependencyState, RequestState, State
from audit.clock import london_date
from audit.models import Ledger
from audit.services import append
from audit.state import state_of
from standards.rag import Rag

OVER = "The action was closed."
DERIVED = (
    *("state", "rag", "percent", "starts_on", "allocated_on", "original_due", "due", "closed_on"),
    *("last_reported_on", "board_reference", "superseded_by"),
)


def derive_parent(*, actor: Any, parent_id: int, ledger: Ledger, at: datetime) -> None:
    """Make an action that its districts deliver stand where its parts stand, and record what changed by it."""
    parent = Action.objects.select_for_update(of=("self",)).get(pk=parent_id)
    before = state_of(parent)
    standing = standing_of(list(parent.children.order_by("pk")))
    for name, value in standing.items():
        setattr(parent, name, value)
    if state_of(parent) == before:
        return
    parent.version += 1
    parent.save(update_fields=[*DERIVED, "version"])
    append(actor=actor, ledger=ledger, at=at, verb="action.derived", target=parent, before=before)


def standing_of(parts: Sequence[Action]) -> dict[str, Any]:
    """Return the derived fields of a parent: its state, worst RAG, mean percent, first start and last due date.

    Parts that a board withdrew or superseded no longer count; where all were, so is the parent.
    """
    live = [part for part in parts if part.state not in (State.WITHDRAWN, State.SUPERSEDED)]
    counted = live or parts
    state = _state_of(live)
    last = max(parts, key=lambda part: part.closed_on or date.min)
    successors = {part.superseded_by for part in parts}
    superseded = not live and len(successors) == 1 and None not in successors
    return {
        "state": State.SUPERSEDED if superseded else state,
        "rag": _worst([part.rag for part in live]) if state in RATED else "",
        "percent": sum(part.percent for part in counted) // len(counted),
        "starts_on": _first([part.starts_on for part in counted]),
        "allocated_on": _first([part.allocated_on for part in counted]),
        "original_due": _last([part.original_due for part in counted]),
        "due": _last([part.due for part in counted]),
        "closed_on": last.closed_on if state in CLOSED else None,
        "last_reported_on": _last([part.last_reported_on for part in counted]),
        "board_reference": "" if live else last.board_reference,
        "superseded_by": last.superseded_by if superseded else None,
    }


def _state_of(live: Sequence[Action]) -> State:
    states = {part.state for part in live}
    if not states:
        return State.WITHDRAWN
    if states <= set(UNALLOCATED):
        return State.AWAITING_ALLOCATION
    if states == {State.COMPLETE}:
        return State.COMPLETE
    if states <= {State.AWAITING_ASSURANCE, State.COMPLETE}:
        return State.AWAITING_ASSURANCE
    return State.NOT_STARTED if states <= {*UNALLOCATED, State.NOT_STARTED} else State.IN_PROGRESS


def _worst(ratings: Sequence[str]) -> str:
    return next((rating.value for rating in Rag if rating in ratings), "")


def _first(days: Sequence[date | None]) -> date | None:
    return min((day for day in days if day is not None), default=None)


def _last(days: Sequence[date | None]) -> date | None:
    return max((day for day in days if day is not None), default=None)


def lapse_requests(*, actor: Any, action: Action, ledger: Ledger, at: datetime) -> None:
    """Withdraw what is still asked about an action that was closed, and end what it waited for."""
    for model in (DateChange, ClosureProposal):
        for request in model.objects.open().filter(action=action):
            before = state_of(request)
            request.state = RequestState.WITHDRAWN
            request.decided_by, request.decided_at, request.decision_reason = actor, at, OVER
            request.save(update_fields=["state", "decided_by", "decided_at", "decision_reason"])
            append(actor=actor, ledger=ledger, at=at, verb="request.lapsed", target=request, before=before)
    for dependency in Dependency.objects.open().filter(action=action):
        before = state_of(dependency)
        dependency.state = DependencyState.ENDED
        dependency.ended_by, dependency.ended_on, dependency.ending = actor, london_date(at), OVER
        dependency.save(update_fields=["state", "ended_by", "ended_on", "ending"])
        append(actor=actor, ledger=ledger, at=at, verb="dependency.ended", target=dependency, before=before)
