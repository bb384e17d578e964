"""Pictures of a paper's tables, as numbers for an SVG template: no script, no colour alone, and the table beside.

A picture says nothing that its table does not: it is drawn from the cells.
"""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext

from actions.core.states import CLOSED, State
from standards.small_numbers import CONFIDENTIAL
from web.language import short_day_text

WIDTH, LABELS, BAR, GAP = 640, 170, 26, 12
# Every part of a bar has a pattern of its own, so that the picture reads in black and white.
PATTERNS = ("solid", "lines", "dots", "cross", "empty", "thick", "dashes")
HEIGHT, LEFT, TOP = 220, 40, 12
GIVEN_UP = (State.WITHDRAWN, State.SUPERSEDED)
# Room for the words of a line, and how far apart those of two lines are.
RIGHT, APART = 120, 18
MOST_TICKS = 6


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
    def plate(self) -> int:
        """The width of the white plate under the number, so that it reads on any pattern."""
        return 8 * len(str(self.n)) + 8

    @property
    def plate_x(self) -> int:
        return self.middle - self.plate // 2

    @property
    def shows_number(self) -> bool:
        return self.width >= self.plate


@dataclass(frozen=True)
class Key:
    """An entry of the legend."""

    label: str
    pattern: str
    x: int
    y: int

    @property
    def text_x(self) -> int:
        return self.x + 24

    @property
    def text_y(self) -> int:
        return self.y + 12


@dataclass(frozen=True)
class Bar:
    """A bar; its total is None where its table leaves a count out."""

    label: str
    y: int
    total: int | None
    end: int
    parts: Sequence[Part]

    @property
    def words(self) -> str:
        return CONFIDENTIAL if self.total is None else str(self.total)

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
    legend: Sequence[Key]
    height: int
    width: int = WIDTH
    bar: int = BAR
    kind: str = "bars"


@dataclass(frozen=True)
class Line:
    """One line: its last point has a dot and its words, at `label_y` so that no two overlap."""

    label: str
    words: str
    points: str
    last: tuple[int, int]
    n: int
    dashes: str
    label_y: int


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
    right: int = WIDTH - RIGHT
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
        drawn["roll-forward"] = open_against_plan(content, earlier)
    if "rag-by-pillar" in tables and earlier:
        drawn["rag-by-pillar"] = ratings_over_time([*earlier, content])
    return {key: picture for key, picture in drawn.items() if picture is not None}


def state_by_pillar(table: Mapping[str, Any]) -> Bars | None:
    """Draw a bar for each pillar, with a part for each status."""
    *labels, _ = table["columns"][1:]
    rows = [(line["label"], [cell.get("n") for cell in line["cells"][:-1]]) for line in _lines(table)]
    return _bars("state-by-pillar", gettext("Actions by pillar and status"), labels, rows)


def overdue_by_age(table: Mapping[str, Any]) -> Bars | None:
    """Draw two bars for each age: by the due date now, and by the original one."""
    rows = [
        (words.format(label=line["label"]), [line["cells"][column].get("n")])
        for line in _lines(table)
        for column, words in enumerate((gettext("{label}, now"), gettext("{label}, original")))
    ]
    return _bars(
        "overdue",
        gettext("Overdue actions by age, by the due date now and the original one"),
        [gettext("Actions")],
        rows,
    )


def slippage_by_district(table: Mapping[str, Any]) -> Bars | None:
    """Draw the days slipped of each district."""
    rows = [(line["label"], [line["cells"][3].get("n")]) for line in _lines(table)]
    return _bars("slippage", gettext("Days slipped by district"), [gettext("Days")], rows)


def open_against_plan(content: Mapping[str, Any], earlier: Sequence[Mapping[str, Any]] = ()) -> Lines | None:
    """Draw how many actions each paper counted as open, and how many the original due dates expect to be.

    An action without a due date is expected to stay open.
    """
    on = date.fromisoformat(content["on"])
    rows = [row for row in content["rows"] if row["state"] not in GIVEN_UP]
    dues = sorted(date.fromisoformat(row["original_due"]) for row in rows if row["original_due"])
    if not dues:
        return None
    counted = [
        (date.fromisoformat(each["on"]), sum(row["state"] not in CLOSED for row in each["rows"]))
        for each in (*earlier, content)
    ]
    undated = len(rows) - len(dues)
    days = sorted({counted[0][0], on, *(due for due in dues if due > counted[0][0])})
    planned = [(day, undated + len(dues) - bisect_right(dues, day)) for day in days]
    return _over_time(
        "open-against-plan",
        gettext("Open actions against the original due dates"),
        [(gettext("Open"), counted), (gettext("Planned"), planned)],
        on=on,
        words={gettext("Planned"): gettext("Planned ({n} now)")},
    )


def ratings_over_time(contents: Sequence[Mapping[str, Any]]) -> Lines | None:
    """Draw how many actions each paper counted as red, amber and green."""
    series = [
        (
            name,
            [
                (date.fromisoformat(content["on"]), sum(row["declared"] == label for row in content["rows"]))
                for content in contents
            ],
        )
        for label, name in (("red", gettext("Red")), ("amber", gettext("Amber")), ("green", gettext("Green")))
    ]
    return _over_time("ratings", gettext("Declared RAG from paper to paper"), series, on=series[0][1][-1][0])


DRAWN: dict[str, Callable[[Mapping[str, Any]], Bars | None]] = {
    "state-by-pillar": state_by_pillar,
    "overdue": overdue_by_age,
    "slippage": slippage_by_district,
}


def _lines(table: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [line for line in table["rows"] if not line.get("total")]


def _bars(
    key: str, title: str, labels: Sequence[str], rows: Sequence[tuple[str, list[int | None]]]
) -> Bars | None:
    """Draw bars. One with a count that its table leaves out is left out too, and says so."""
    printed = {label: _known(values) for label, values in rows}
    most = max((sum(values) for values in printed.values() if values is not None), default=0)
    if not most:
        return None
    scale = (WIDTH - LABELS - 40) / most
    bars = []
    for place, (label, _) in enumerate(rows):
        x, parts, values = float(LABELS), [], printed[label]
        for name, value, pattern in zip(labels, values or (), PATTERNS, strict=False):
            if value:
                parts.append(Part(name, value, round(x), round(value * scale), pattern))
                x += value * scale
        total = None if values is None else sum(values)
        bars.append(Bar(label, place * (BAR + GAP) + GAP, total, round(x) + 6, parts))
    used = {part.label for bar in bars for part in bar.parts}
    foot = len(rows) * (BAR + GAP) + GAP
    legend = _legend(
        [
            (name, pattern)
            for name, pattern in zip(labels, PATTERNS, strict=False)
            if name in used and len(labels) > 1
        ],
        foot,
    )
    height = legend[-1].y + BAR if legend else foot
    words = "; ".join(
        f"{label}: {_in_words(labels, values)}"
        for label, values in printed.items()
        if values is None or any(values)
    )
    return Bars(key, title, words, bars, legend, height)


def _known(values: Sequence[int | None]) -> list[int] | None:
    """Return the numbers of a line; None where its table leaves one of them out."""
    numbers = [value for value in values if value is not None]
    return numbers if len(numbers) == len(values) else None


def _in_words(labels: Sequence[str], values: Sequence[int] | None) -> str:
    if values is None:
        return CONFIDENTIAL
    return ", ".join(f"{name.lower()} {value}" for name, value in zip(labels, values, strict=True) if value)


def _legend(entries: Sequence[tuple[str, str]], top: int) -> list[Key]:
    """Set the entries side by side, and begin a new line where one is full."""
    legend, x, y = [], 0, top
    for label, pattern in entries:
        width = 24 + 8 * len(label) + 2 * GAP
        if x and x + width > WIDTH:
            x, y = 0, y + BAR
        legend.append(Key(label, pattern, x, y))
        x += width
    return legend


def _over_time(
    key: str,
    title: str,
    series: Sequence[tuple[str, list[tuple[date, int]]]],
    *,
    on: date,
    words: Mapping[str, str] | None = None,
) -> Lines:
    """Draw lines over days. A line ends at its last day; its number is that of the day of the paper.

    Args:
        words: what the end of a line says, for those that do not say "label: n".
    """
    first = min(points[0][0] for _, points in series)
    days = max(1, *((points[-1][0] - first).days for _, points in series))
    most = max(1, *(value for _, points in series for _, value in points))

    def x_of(day: date) -> int:
        return round(LEFT + (day - first).days * (WIDTH - RIGHT - LEFT) / days)

    def y_of(value: int) -> int:
        return round(TOP + (HEIGHT - TOP) * (1 - value / most))

    ends = {label: (x_of(points[-1][0]), y_of(points[-1][1])) for label, points in series}
    heights = _apart({label: y for label, (_, y) in ends.items()})
    now = {label: next(value for day, value in reversed(points) if day <= on) for label, points in series}
    lines = [
        Line(
            label,
            (words or {}).get(label, "{label}: {n}").format(label=label, n=now[label]),
            " ".join(f"{x_of(day)},{y_of(value)}" for day, value in points),
            ends[label],
            now[label],
            dashes,
            heights[label],
        )
        for (label, points), dashes in zip(series, ("", "6 4", "2 3"), strict=False)
    ]
    description = "; ".join(
        f"{label}: " + ", ".join(f"{short_day_text(day)} {value}" for day, value in points)
        for label, points in series
    )
    marked = sorted({day for _, points in series for day, _ in points})
    levels = [(y_of(value), value) for value in sorted({0, most // 2, most})]
    return Lines(key, title, description, lines, _ticks(marked, x_of), levels)


def _apart(heights: Mapping[str, int]) -> dict[str, int]:
    """Return where the words of each line are, from the top, so that none overlaps another."""
    placed: dict[str, int] = {}
    lowest = 0
    for label, y in sorted(heights.items(), key=lambda each: each[1]):
        lowest = max(y + 5, lowest + APART)
        placed[label] = lowest
    return placed


def _ticks(days: Sequence[date], x_of: Callable[[date], int]) -> list[tuple[int, str]]:
    """Name a few of the days, none so close to another that they overlap."""
    room = (WIDTH - RIGHT - LEFT) // MOST_TICKS
    ticks: list[tuple[int, str]] = []
    for day in days:
        if not ticks or x_of(day) - ticks[-1][0] >= room:
            ticks.append((x_of(day), short_day_text(day)))
    return ticks
