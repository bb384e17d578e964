"""What changed since the last issued paper: its closing figures are this paper's opening figures."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext

from actions.core.states import CLOSED, State
from reports.figures.cells import JsonDict, count, row, table, words
from reports.record.rows import ActionRow, Record

ENDS = (State.COMPLETE, State.WITHDRAWN, State.SUPERSEDED)
COLUMNS = (
    *("Opening", "New", "Reopened", "Moved in", "Complete", "Withdrawn", "Superseded", "Moved out", "Split"),
    "Closing",
)
OLD = Mapping[str, Any]


class Movement:
    """Every action that opened, closed or moved between two papers."""

    def __init__(self, record: Record, previous: Sequence[OLD]) -> None:
        self.now = {action.ref: action for action in record.actions}
        self.old = {str(line["ref"]): line for line in previous}
        self.joint = record.joint
        self.was_open = {ref for ref, line in self.old.items() if line["state"] not in CLOSED}
        self.is_open = {ref for ref, action in self.now.items() if action.is_open}
        self.new = self.now.keys() - self.old.keys()
        self.reopened = {ref for ref in self.is_open - self.was_open if ref in self.old}
        self.split = {ref for ref in self.was_open - self.now.keys() if ref in self.joint}
        self.missing = self.was_open - self.now.keys() - self.split

    def ended(self, state: str) -> set[str]:
        """Return what was open or new and is in a closed state now."""
        return {ref for ref in self.was_open | self.new if ref in self.now and self.now[ref].state == state}

    def cells(
        self, name: str | None, then: Callable[[OLD], str], now: Callable[[ActionRow], str]
    ) -> list[JsonDict]:
        """Return the line of one pillar or district; of all of them without a name."""

        def before(refs: Iterable[str]) -> set[str]:
            return {ref for ref in refs if ref in self.old and name in (None, then(self.old[ref]))}

        def after(refs: Iterable[str]) -> set[str]:
            return {ref for ref in refs if ref in self.now and name in (None, now(self.now[ref]))}

        here = self.was_open & self.now.keys()
        moved = {ref for ref in here if then(self.old[ref]) != now(self.now[ref])}
        return [
            count(before(self.was_open)),
            count(after(self.new)),
            count(after(self.reopened)),
            count(after(moved)),
            *(count(after(self.ended(state))) for state in ENDS),
            count(before(moved)),
            count(before(self.split)),
            count(after(self.is_open)),
        ]


def roll_forward(record: Record, previous: Sequence[OLD]) -> list[JsonDict]:
    """Show by pillar and by district how the open actions of the last paper became those of this one."""
    movement = Movement(record, previous)
    old_pillars = [str(line["pillar"]) for line in previous]
    old_districts = [str(line["district"]) for line in previous]
    return [
        _table(
            movement,
            key="roll-forward",
            caption=gettext("Open actions since the last paper, by pillar"),
            heading=gettext("Pillar"),
            names=_names(record.pillars, old_pillars),
            then=lambda line: str(line["pillar"]),
            now=lambda action: action.pillar,
        ),
        _table(
            movement,
            key="roll-forward-districts",
            caption=gettext("Open actions since the last paper, by district"),
            heading=gettext("District"),
            names=_names(record.districts, old_districts),
            then=lambda line: str(line["district"]),
            now=lambda action: action.district,
        ),
    ]


def since_last(record: Record, previous: Sequence[OLD]) -> list[JsonDict]:
    """Count what changed since the last paper, in one table."""
    movement = Movement(record, previous)
    both = movement.now.keys() & movement.old.keys()
    # Closing an action takes its rating away, which is no change of rating.
    open_at_both = movement.was_open & movement.is_open

    def changed(refs: Iterable[str], name: str, value: Callable[[ActionRow], Any]) -> set[str]:
        return {ref for ref in refs if movement.old[ref][name] != value(movement.now[ref])}

    red = {
        ref
        for ref in movement.now
        if movement.now[ref].rag == "red" and movement.old.get(ref, {}).get("declared") != "red"
    }
    lines = [
        (gettext("New"), movement.new),
        (gettext("Complete"), movement.ended(State.COMPLETE)),
        (
            gettext("Withdrawn or superseded"),
            movement.ended(State.WITHDRAWN) | movement.ended(State.SUPERSEDED),
        ),
        (gettext("Reopened"), movement.reopened),
        (
            gettext("Due date changed"),
            changed(both, "due", lambda action: action.due.isoformat() if action.due else None),
        ),
        (gettext("RAG changed"), changed(open_at_both, "declared", lambda action: action.rag)),
        (gettext("Turned red"), red),
    ]
    return [
        table(
            "since-last",
            "Since the last paper",
            ["Change", "Actions", "Which"],
            [row(label, [count(refs), words(", ".join(sorted(refs)) or "None")]) for label, refs in lines],
        )
    ]


def _names(now: Sequence[str], old: Sequence[str]) -> list[str]:
    """Return the names of now, and after them those that only the last paper has."""
    return [*now, *sorted(set(old) - set(now))]


def _table(
    movement: Movement,
    *,
    key: str,
    caption: str,
    heading: str,
    names: Sequence[str],
    then: Callable[[OLD], str],
    now: Callable[[ActionRow], str],
) -> JsonDict:
    lines = [row(name, movement.cells(name, then, now)) for name in names]
    lines.append(row("All", movement.cells(None, then, now), is_total=True))
    return table(key, caption, [heading, *COLUMNS], lines)
