"""One change in the feed: what changed and where to read it, never its content."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from audit.verify import instant
from exchange.changes.services.kinds import RECORDS

CHANGED, GAINED, LOST = "changed", "gained", "lost"
# Where each kind of row is read: the name of its route, and the ids in its address.
ROUTES: dict[str, tuple[str, tuple[str, ...]]] = {
    "action": ("action", ("id",)),
    "update": ("update", ("action", "id")),
    "evidence": ("evidence", ("id",)),
    "assurance": ("assurance", ("id",)),
    "board-rating": ("board-rating", ("id",)),
    "closure-proposal": ("closure-proposal", ("id",)),
    "date-request": ("date-request", ("id",)),
    "dependency": ("dependency", ("id",)),
    "question": ("question", ("id",)),
    "milestone": ("milestone", ("id",)),
    "plan": ("plan", ("id",)),
    "pillar": ("pillar", ("id",)),
    "organisation": ("organisation", ("id",)),
    "return": ("return", ("id",)),
    "letter": ("letter", ("id",)),
    "inspection": ("inspection", ("id",)),
    "recommendation": ("recommendation", ("id",)),
    "meeting": ("meeting", ("id",)),
    "minute": ("minute", ("id",)),
    "arising": ("arising", ("id",)),
    **{name: (name, ("id",)) for name in RECORDS.values()},
}


@dataclass(frozen=True)
class Subject:
    """A row that changed or that a change concerns. Its reference is empty where the reader does not see it now."""

    type: str
    id: str
    ref: str = ""
    visible: bool = False
    """Whether the reader sees it at this moment."""


@dataclass(frozen=True)
class Change:
    """One entry of the ledger, as one reader may see it."""

    partnership_id: int
    position: int
    at: datetime
    verb: str
    kind: str
    subject: Subject
    action: Subject | None
    version: int | None
    own: bool


def plain(*, change: Change, address: Callable[..., str]) -> dict[str, Any]:
    """Return the change as JSON values.

    Args:
        address: gives the full address of a route of the API by its name and the ids in it.
    """
    return {
        "partnership": change.partnership_id,
        "position": change.position,
        "at": instant(change.at),
        "verb": change.verb,
        "kind": change.kind,
        "subject": _as_json(change.subject, change, address),
        "action": change.action and _as_json(change.action, change, address),
        "version": change.version,
        "own": change.own,
    }


def _as_json(subject: Subject, change: Change, address: Callable[..., str]) -> dict[str, Any]:
    return {
        "type": subject.type,
        "id": int(subject.id),
        "ref": subject.ref or None,
        "address": _address(subject, change, address),
    }


def _address(subject: Subject, change: Change, address: Callable[..., str]) -> str | None:
    if not subject.visible or subject.type not in ROUTES:
        return None
    name, ids = ROUTES[subject.type]
    known = {"id": subject.id, "action": change.action and change.action.id}
    return address(name, *(int(known[each] or 0) for each in ids))
