"""Pictures of a paper's tables, as numbers for an SVG template: no script, no colour alone, and the table beside.

A picture says nothing that its table does not: it is drawn from the cells.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from actions.core.states import CLOSED

WIDTH, LABELS, BAR, GAP = 640, 170, 26, 12
# Every part of a bar has a pattern of its own, so that the picture reads in black and white.
PATTERNS = ("solid", "lines", "dots", "cross", "empty", "thick", "dashes")
HEIGHT, LEFT, TOP = 220, 40, 12
MONTHS = 12


@dataclass(frozen=True)
class Part:
    """One part of a bar."""

    label: str
    n: int
    x: int
    width: int
    pattern: str

    @property
    def middle(self) -> int:
        return self.x + self.width // 2

    @property
    def shows_number(self) -> bool:
        return self.width >= 7 * len(str(self.n)) + 4


@dataclass(frozen=True)
class Bar:
    label: str
    y: int
    total: int
    end: int
    parts: Sequence[Part]

    @property
    def baseline(self) -> int:
        return self.y + BAR - 8


@dataclass(frozen=True)
class Bars:
    """A picture of bars: `key` makes the ids of its parts unique on a page."""

    key: str
    title: str
    description: str
    bars: Sequence[Bar]
    legend: Sequence[Part]
    height: int
    width: int = WIDTH
    bar: int = BAR
    kind: str = "bars"


@dataclass(frozen=True)
class Line:
    label: str
    points: str
    last: tuple[int, int]
    n: int
    dashes: str

    @property
    def label_y(self) -> int:
        return self.last[1] - 6


@dataclass(frozen=True)
class Lines:
    """A picture of lines over time."""

    key: str
    title: str
    description: str
    lines: Sequence[Line]
    ticks: Sequence[tuple[int, str]]
    levels: Sequence[tuple[int, int]]
    height: int = HEIGHT + 36
    width: int = WIDTH
    right: int = WIDTH - 120
    left: int = LEFT
    foot: int = HEIGHT + 20
    kind: str = "lines"


def pictures_of(content: Mapping[str, Any], earlier: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """Return the pictures of a paper by the key of the table that each stands beside.

    Args:
        earlier: the contents of the papers before this one, the oldest first.
    """
    tables = {table["key"]: table for section in content["sections"] for table in section["tables"]}
    drawn: dict[str, Bars | Lines | None] = {
        key: draw(tables[key]) for key, draw in DRAWN.items() if key in tables
    }
    if "roll-forward" in tables:
        drawn["roll-forward"] = open_against_plan(content)
    if "rag-by-pillar" in tables and earlier:
        drawn["rag-by-pillar"] = ratings_over_time([*earlier, content])
    return {key: picture for key, picture in drawn.items() if picture is not None}


def state_by_pillar(table: Mapping[str, Any]) -> Bars | None:
    """Draw a bar for each pillar, with a part for each status."""
    *labels, _ = table["columns"][1:]
    rows = [(line["label"], [cell["n"] for cell in line["cells"][:-1]]) for line in _lines(table)]
    return _bars("state-by-pillar", "Actions by pillar and status", labels, rows)


def overdue_by_age(table: Mapping[str, Any]) -> Bars | None:
    """Draw two bars for each age: by the due date now, and by the original one."""
    rows = [
        (f"{line['label']}, {basis}", [line["cells"][column]["n"]])
        for line in _lines(table)
        for column, basis in enumerate(("now", "original"))
    ]
    return _bars(
        "overdue", "Overdue actions by age, by the due date now and the original one", ["Actions"], rows
    )


def slippage_by_district(table: Mapping[str, Any]) -> Bars | None:
    """Draw the days slipped of each district."""
    rows = [(line["label"], [line["cells"][3]["n"]]) for line in _lines(table)]
    return _bars("slippage", "Days slipped by district", ["Days"], rows)


def open_against_plan(content: Mapping[str, Any]) -> Lines | None:
    """Draw how many of the paper's actions were open at the end of each month, and how many the original dates expect."""
    rows = content["rows"]
    on = date.fromisoformat(content["on"])
    if not rows:
        return None
    days = [*_month_ends(on), on]
    still_open = [_number(rows, lambda row, day: not _closed_by(row, day), day) for day in days]
    planned = [_number(rows, lambda row, day: not _due_by(row, day), day) for day in days]
    return _over_time(
        "open-against-plan",
        "Open actions against the original due dates",
        [f"{day:%b %y}" for day in days],
        [("Open", still_open), ("Planned", planned)],
    )


def ratings_over_time(contents: Sequence[Mapping[str, Any]]) -> Lines | None:
    """Draw how many actions each paper counted as red, amber and green."""
    days = [date.fromisoformat(content["on"]) for content in contents]
    values = [
        (
            label.capitalize(),
            [sum(row["declared"] == label for row in content["rows"]) for content in contents],
        )
        for label in ("red", "amber", "green")
    ]
    return _over_time(
        "ratings", "Declared RAG from paper to paper", [f"{day:%-d %b %y}" for day in days], values
    )


DRAWN: dict[str, Callable[[Mapping[str, Any]], Bars | None]] = {
    "state-by-pillar": state_by_pillar,
    "overdue": overdue_by_age,
    "slippage": slippage_by_district,
}


def _lines(table: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [line for line in table["rows"] if not line.get("total")]


def _bars(key: str, title: str, labels: Sequence[str], rows: Sequence[tuple[str, list[int]]]) -> Bars | None:
    most = max((sum(values) for _, values in rows), default=0)
    if not most:
        return None
    scale = (WIDTH - LABELS - 40) / most
    bars = []
    for place, (label, values) in enumerate(rows):
        x, parts = float(LABELS), []
        for name, value, pattern in zip(labels, values, PATTERNS, strict=False):
            if value:
                parts.append(Part(name, value, round(x), round(value * scale), pattern))
                x += value * scale
        bars.append(Bar(label, place * (BAR + GAP) + GAP, sum(values), round(x) + 6, parts))
    used = {part.label for bar in bars for part in bar.parts}
    legend = [
        Part(name, 0, 0, 0, pattern)
        for name, pattern in zip(labels, PATTERNS, strict=False)
        if name in used and len(labels) > 1
    ]
    words = "; ".join(
        f"{label}: "
        + ", ".join(f"{name.lower()} {value}" for name, value in zip(labels, values, strict=True) if value)
        for label, values in rows
        if sum(values)
    )
    return Bars(key, title, words, bars, legend, len(rows) * (BAR + GAP) + GAP)


def _over_time(key: str, title: str, days: Sequence[str], series: Sequence[tuple[str, list[int]]]) -> Lines:
    most = max(1, *(value for _, values in series for value in values))
    step = (WIDTH - 120 - LEFT) / max(1, len(days) - 1)

    def at(place: int, value: int) -> tuple[int, int]:
        return round(LEFT + place * step), round(TOP + (HEIGHT - TOP) * (1 - value / most))

    lines = []
    for (label, values), dashes in zip(series, ("", "6 4", "2 3"), strict=False):
        points = [at(place, value) for place, value in enumerate(values)]
        lines.append(Line(label, " ".join(f"{x},{y}" for x, y in points), points[-1], values[-1], dashes))
    description = "; ".join(
        f"{label}: " + ", ".join(f"{day} {value}" for day, value in zip(days, values, strict=True))
        for label, values in series
    )
    ticks = [(at(place, 0)[0], day) for place, day in enumerate(days) if not place % max(1, len(days) // 6)]
    levels = [(at(0, value)[1], value) for value in sorted({0, most // 2, most})]
    return Lines(key, title, description, lines, ticks, levels)


def _month_ends(on: date) -> list[date]:
    ends = []
    first = on.replace(day=1)
    for _ in range(MONTHS - 1):
        end = date.fromordinal(first.toordinal() - 1)
        ends.append(end)
        first = end.replace(day=1)
    return ends[::-1]


def _number(
    rows: Sequence[Mapping[str, Any]], test: Callable[[Mapping[str, Any], date], bool], day: date
) -> int:
    return sum(test(row, day) for row in rows)


def _closed_by(row: Mapping[str, Any], day: date) -> bool:
    return row["state"] in CLOSED and row["closed_on"] is not None and row["closed_on"] <= day.isoformat()


def _due_by(row: Mapping[str, Any], day: date) -> bool:
    return row["original_due"] is not None and row["original_due"] <= day.isoformat()
