"""What a change of one action means for the rows around it: its parent follows its parts, and what was asked of an
action ends with it. The caller holds the ledger."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from actions.core.models import Action
from actions.core.states import CLOSED, RATED, UNALLOCATED, UNDER_WAY, State
from audit.actors import Actor
from audit.models import Ledger
from audit.services import Item, append, append_many
from audit.state import state_of, states_of
from standards.rag import Rag

DERIVED = (
    *("state", "rag", "percent", "starts_on", "allocated_on", "original_due", "due", "closed_on"),
    *("last_reported_on", "board_reference", "superseded_by"),
)


# What an action gives up when it comes to be delivered by districts.
DIVIDED = ("by_districts", "owner", "alternate", "area")

# What a board rated is rated no longer once work is not under way.
BOARD_RATED = ("board_rag", "board_rag_reference")


def derive_parent(*, actor: Actor, parent_id: int, ledger: Ledger, at: datetime) -> None:
    """Make an action that its districts deliver stand where its parts stand, and record what changed by it.

    An action that gets its first part comes to be delivered by districts.
    """
    derive_parents(actor=actor, parent_ids={parent_id}, ledger=ledger, at=at)


def derive_parents(*, actor: Actor, parent_ids: Collection[int], ledger: Ledger, at: datetime) -> None:
    """Do as `derive_parent` for several, in a number of queries that does not grow with them."""
    parents = list(
        Action.objects.select_for_update(of=("self",)).filter(pk__in=parent_ids).order_by("pk")
        if parent_ids
        else ()
    )
    before = states_of(parents)
    parts: dict[int | None, list[Action]] = {}
    for part in Action.objects.filter(parent__in=parents).order_by("pk") if parents else ():
        parts.setdefault(part.parent_id, []).append(part)
    for parent in parents:
        _roll_up(parent, parts[parent.pk])
    pairs = zip(parents, before, states_of(parents), strict=True)
    moved = [(parent, old) for parent, old, new in pairs if new != old]
    if not moved:
        return
    for parent, _ in moved:
        parent.version += 1
    Action.objects.bulk_update([parent for parent, _ in moved], [*DIVIDED, *DERIVED, *BOARD_RATED, "version"])
    items = [Item(verb="action.derived", target=parent, before=old) for parent, old in moved]
    append_many(actor=actor, ledger=ledger, at=at, items=items)
    for parent, old in moved:
        if parent.state in CLOSED and old["state"] not in CLOSED:
            lapse_requests(actor=actor, action=parent, ledger=ledger, at=at)


def roll_up_parts(parent: Action) -> None:
    """Set on a parent what follows from its parts. It has no owner, alternate or district of its own."""
    _roll_up(parent, list(parent.children.order_by("pk")))


def _roll_up(parent: Action, parts: Sequence[Action]) -> None:
    parent.by_districts = True
    parent.owner = parent.alternate = parent.area = None
    for name, value in rolled_up_fields(parts).items():
        setattr(parent, name, value)
    if parent.state not in UNDER_WAY:
        for name in BOARD_RATED:
            setattr(parent, name, "")


def rolled_up_fields(parts: Sequence[Action]) -> dict[str, Any]:
    """Return the derived fields of a parent: its state, worst RAG, mean percent, first start and last due date.

    Parts that a board withdrew or superseded no longer count; where all were, so is the parent. It is closed from the
    day that its last part was.
    """
    live = [part for part in parts if part.state not in (State.WITHDRAWN, State.SUPERSEDED)]
    counted = live or parts
    state = _state_of(live)
    last = max(parts, key=lambda part: (part.closed_on or date.min, part.pk))
    successors = {part.superseded_by_id for part in parts}
    superseded = not live and len(successors) == 1 and None not in successors
    due = _last([part.due for part in counted])
    return {
        "state": State.SUPERSEDED if superseded else state,
        "rag": _worst([part.rag for part in live]) if state in RATED else "",
        "percent": sum(part.percent for part in counted) // len(counted),
        # A part without a date yet may begin after the others are due.
        "starts_on": _first(
            [part.starts_on for part in counted if not due or (part.starts_on or due) <= due]
        ),
        "allocated_on": _first([part.allocated_on for part in counted]),
        "original_due": _last([part.original_due for part in counted]),
        "due": due,
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


def lapse_requests(*, actor: Actor, action: Action, ledger: Ledger, at: datetime) -> None:
    """Close what is still asked about an action that was closed: each kind says how (`lapse_values`)."""
    for model in _lapsing_models():
        for row in model.objects.open().filter(action=action):
            before = state_of(row)
            values = row.lapse_values(actor=actor, at=at)
            for name, value in values.items():
                setattr(row, name, value)
            row.save(update_fields=list(values))
            append(actor=actor, ledger=ledger, at=at, verb=row.lapse_verb, target=row, before=before)


def _lapsing_models() -> list[Any]:
    """Return the models whose open rows end with their action: date changes, closure proposals, waits."""
    related = [relation.related_model for relation in Action._meta.related_objects]
    return [model for model in related if hasattr(model, "lapse_verb")]
