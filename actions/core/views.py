"""How the actions of a plan stand: counts that add up, each with the address of the rows it counts."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from actions.core.filters import GONE, NONE
from actions.core.states import UNALLOCATED, State
from standards.rag import Rag
from web.language import lazy_text

Tally = Mapping[str, Any]
Query = list[tuple[str, str]]
# The figures of a tally that count across states and ratings, each with the filter that finds its rows.
FLAGS: dict[str, Query] = {
    "late": [("overdue", "yes")],
    "waiting": [("waiting", "yes")],
    "orphaned": [("owner", GONE)],
    "parents": [("part", "parents")],
    "parts": [("part", "parts")],
}


@dataclass(frozen=True)
class Measure:
    """One count: actions in these states (any, when none are named) with this declared rating.

    `column` is the figure of a tally that is added up: all of the actions, or those of one of FLAGS.
    """

    label: str
    states: tuple[str, ...] = ()
    rag: str | None = None
    column: str = "number"
    part: bool = False
    """A part of the measure before it, or of all of them: it does not add to the total."""

    def number_in(self, tally: Tally) -> int:
        if self.states and tally["state"] not in self.states:
            return 0
        if self.rag is not None and tally["rag"] != self.rag:
            return 0
        return int(tally[self.column])

    @property
    def query(self) -> Query:
        parameters = [("state", str(state)) for state in self.states]
        if self.rag is not None:
            parameters.append(("rag", self.rag or NONE))
        return parameters + FLAGS.get(self.column, [])


UNDER_WAY = (State.IN_PROGRESS,)
TOTAL = Measure(lazy_text("Total"))
RED = Measure(lazy_text("Red"), UNDER_WAY, rag=Rag.RED, part=True)
AMBER = Measure(lazy_text("Amber"), UNDER_WAY, rag=Rag.AMBER, part=True)
OVERDUE = Measure(lazy_text("Overdue"), column="late", part=True)
PARENTS = Measure(lazy_text("Joint actions"), column="parents", part=True)
PARTS = Measure(lazy_text("District actions"), column="parts", part=True)
COMPLETE = Measure(lazy_text("Complete"), (State.COMPLETE,))
MEASURES = (
    TOTAL,
    OVERDUE,
    Measure(lazy_text("Waiting on a partner"), column="waiting", part=True),
    Measure(lazy_text("Needs an owner"), column="orphaned", part=True),
    Measure(lazy_text("Not allocated"), UNALLOCATED),
    Measure(lazy_text("Not started"), (State.NOT_STARTED,)),
    Measure(lazy_text("In progress"), UNDER_WAY),
    RED,
    AMBER,
    Measure(lazy_text("Green"), UNDER_WAY, rag=Rag.GREEN, part=True),
    Measure(lazy_text("Not rated"), UNDER_WAY, rag="", part=True),
    Measure(lazy_text("Awaiting assurance"), (State.AWAITING_ASSURANCE,)),
    COMPLETE,
    Measure(lazy_text("Withdrawn or superseded"), (State.WITHDRAWN, State.SUPERSEDED)),
)


@dataclass(frozen=True)
class Count:
    """A number, the address of the rows behind it, and what it counts in words; zero may have no address."""

    number: int
    href: str
    noun: str
    label: str = ""


@dataclass(frozen=True)
class Group:
    """One row or column: its heading, which tallies belong to it and the filter that finds the same rows."""

    label: str
    query: Query
    holds: Callable[[Tally], bool]


@dataclass(frozen=True)
class Line:
    group: Group
    counts: list[Count]


@dataclass(frozen=True)
class Cell:
    total: Count
    warnings: list[Count]


def in_groups(tallies: Iterable[Tally], groups: Sequence[Group]) -> list[Tally]:
    """Return the tallies that belong to each of the groups."""
    return [tally for tally in tallies if all(group.holds(tally) for group in groups)]


def count(tallies: Iterable[Tally], measure: Measure, groups: Sequence[Group]) -> Count:
    """Add up the counts of tallies that all belong to the groups."""
    number = sum(measure.number_in(tally) for tally in tallies)
    query = [pair for group in groups for pair in group.query] + measure.query
    names = ", ".join(str(group.label) for group in groups if group.label)
    of = names if measure is TOTAL else f"{names}, {measure.label.lower()}"
    noun = ngettext("action: {of}", "actions: {of}", number).format(of=of)
    href = f"{reverse('actions:action-list')}?{urlencode(query)}" if number else ""
    return Count(number, href, noun, measure.label)


def lines(tallies: Sequence[Tally], within: Group, groups: Iterable[Group]) -> list[Line]:
    """Return a line of every measure for each group, and one for all of them."""
    total = Group(gettext("Total"), [], lambda _: True)
    return [
        Line(group, [count(part, measure, [within, group]) for measure in MEASURES])
        for group in (*groups, total)
        for part in [in_groups(tallies, [within, group])]
    ]


def matrix(
    tallies: Sequence[Tally], within: Group, rows: Iterable[Group], columns: Iterable[Group]
) -> list[tuple[Group, list[Cell]]]:
    """Return a cell for each row and column, with totals at both ends."""
    total = Group(gettext("Total"), [], lambda _: True)
    across = (*columns, total)
    return [(row, [_cell(tallies, [within, row, column]) for column in across]) for row in (*rows, total)]


def _cell(tallies: Sequence[Tally], groups: Sequence[Group]) -> Cell:
    part = in_groups(tallies, groups)
    shown = [measure for measure in (RED, AMBER, OVERDUE) if any(map(measure.number_in, part))]
    return Cell(count(part, TOTAL, groups), [count(part, measure, groups) for measure in shown])
