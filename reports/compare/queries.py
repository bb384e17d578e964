"""The actions at two moments, and how they differ."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Model, TextChoices
from django.utils.translation import gettext_lazy

from actions.core.states import CLOSED, State
from actions.models import Action
from audit.actors import Reader
from audit.past import reading_as_at
from standards.references import sort_key

COLUMNS = (
    *("pk", "ref", "title", "state", "rag", "due", "closed_on", "by_districts", "board_reference"),
    *("marking", "plan_id", "plan__title", "area__name", "lead__name"),
)
ENDED = (State.WITHDRAWN, State.SUPERSEDED)
Row = dict[str, Any]


class Kind(TextChoices):
    """What changed of an action between two days."""

    NEW = "new", gettext_lazy("New")
    COMPLETE = "complete", gettext_lazy("Complete")
    WITHDRAWN = "withdrawn", gettext_lazy("Withdrawn or superseded")
    REOPENED = "reopened", gettext_lazy("Reopened")
    SPLIT = "split", gettext_lazy("Split into district actions")
    DATE_CHANGED = "date_changed", gettext_lazy("Due date changed")
    RAG_CHANGED = "rag_changed", gettext_lazy("RAG changed")


@dataclass(frozen=True)
class Difference:
    """One change of one action.

    Attributes:
        row: the action at the later moment.
        old, new: the values before and after: statuses, dates or ratings, or None where there was none.
    """

    kind: Kind
    row: Row
    old: Any
    new: Any

    @property
    def old_state(self) -> str:
        """The status before, in words; empty where the action was not in the plan."""
        return str(State(self.old).label) if self.old else ""

    @property
    def new_state(self) -> str:
        return str(State(self.new).label)


@dataclass
class Comparison:
    """What changed between two moments, in the order of references."""

    opening: datetime
    closing: datetime
    open_before: int = 0
    open_after: int = 0
    differences: dict[Kind, list[Difference]] = field(default_factory=lambda: {kind: [] for kind in Kind})

    @property
    def total(self) -> int:
        return sum(map(len, self.differences.values()))


def compare(
    *, user: Reader, on: date, opening: datetime, closing: datetime, plan: int | None = None
) -> Comparison:
    """Compare the actions that a user may view today, as they were at two moments.

    Drafts do not count yet, and a joint action counts through its district actions. An action that was hidden from the
    user at one of the moments is left out.

    Args:
        on: the day whose rights count.
        plan: only its actions.
    """
    seen = set(Action.objects.visible_to(user, on).values_list("pk", flat=True))
    old, hidden_before = _actions_at(opening, user, on, seen)
    new, hidden_after = _actions_at(closing, user, on, seen)
    ids = [pk for pk, row in new.items() if plan is None or row["plan_id"] == plan]
    comparison = Comparison(opening, closing)
    for pk in sorted(set(ids) - hidden_before - hidden_after, key=lambda pk: sort_key(new[pk]["ref"])):
        before, after = old.get(pk), new[pk]
        comparison.open_before += _is_open(before)
        comparison.open_after += _is_open(after)
        for kind, (old_value, new_value) in _differences(before, after).items():
            comparison.differences[kind].append(Difference(kind, after, old_value, new_value))
    return comparison


def _actions_at(at: datetime, user: Reader, on: date, seen: set[int]) -> tuple[dict[int, Row], set[int]]:
    """Return the actions of a moment by id, and the ids of those that the user could not have viewed."""

    def narrow(model: type[Model]) -> set[int] | None:
        return seen if model is Action else None

    with reading_as_at(at, narrow):
        rows = {row["pk"]: row for row in Action._base_manager.order_by().values(*COLUMNS)}
        visible = Action.objects.visible_to(user, on).order_by().values_list("pk", flat=True)
        return rows, rows.keys() - set(visible)


def _is_counted(row: Row | None) -> bool:
    return row is not None and row["state"] != State.DRAFT and not row["by_districts"]


def _is_open(row: Row | None) -> bool:
    return row is not None and _is_counted(row) and row["state"] not in CLOSED


def _differences(old: Row | None, new: Row) -> dict[Kind, tuple[Any, Any]]:
    before: Row | None = old if _is_counted(old) else None
    state = before["state"] if before else None
    was_open = before is not None and state not in CLOSED
    if not _is_counted(new):
        return {Kind.SPLIT: (state, new["state"])} if was_open and new["by_districts"] else {}
    is_open = new["state"] not in CLOSED
    applies = {
        Kind.NEW: before is None,
        Kind.COMPLETE: new["state"] == State.COMPLETE != state,
        Kind.WITHDRAWN: new["state"] in ENDED and state not in ENDED,
        Kind.REOPENED: state in CLOSED and is_open,
    }
    differences: dict[Kind, tuple[Any, Any]] = {
        kind: (state, new["state"]) for kind, here in applies.items() if here
    }
    if before is not None and before["due"] != new["due"]:
        differences[Kind.DATE_CHANGED] = (before["due"], new["due"])
    if before is not None and was_open and is_open and before["rag"] != new["rag"]:
        differences[Kind.RAG_CHANGED] = (before["rag"] or None, new["rag"] or None)
    return differences
