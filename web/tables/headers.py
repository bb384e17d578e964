"""The header of a table: one row or two, repeated or changed further down, and the rows read by it."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from django.utils.translation import gettext
from openpyxl.utils import get_column_letter

from web.tables.contents import HEADER_WITHIN_ROWS, Cell, ColumnTitle, Lone, RawCell, Row, Sheet, shortened
from web.tables.specification import LATER, REVISED, Specification

# A text that begins with a reference: "1.1 Brief teams", "2. Governance", "A3) Map the practice".
NUMBERED = re.compile(r"([A-Za-z]{0,3}\d+(?:\.\d+)*[a-z]?)[.):]?\s+(?=\S)")
NOT_REVISED = frozenset({"", "-", "\u2013", "\u2014", "n/a", "na", "none", "no change", "unchanged"})
RowCells = dict[int, RawCell]


@dataclass(frozen=True)
class Header:
    """A header.

    Attributes:
        first, last: its rows, counted from 1.
        columns: the wanted columns by key.
        titles: what the header reads, by column.
        revised: the columns with revised values, by the key of the column that they revise.
        inside: the columns whose values begin the texts of another: the key of that other, by their own.
        untitled: the columns between the others that have values and no title.
    """

    first: int
    last: int
    columns: dict[str, int]
    titles: dict[int, str]
    revised: dict[str, int] = field(default_factory=dict)
    inside: dict[str, str] = field(default_factory=dict)
    untitled: frozenset[int] = frozenset()

    @cached_property
    def cells(self) -> dict[str, Cell]:
        """A blank cell of each wanted column."""
        return {key: self._cell(n) for key, n in self.columns.items()}

    @property
    def column_titles(self) -> list[ColumnTitle]:
        """Every column that the header names."""
        own = {n: key for key, n in self.columns.items() if key not in self.inside}
        keys = {n: key for key, n in self.revised.items()} | own
        return [
            ColumnTitle(n, get_column_letter(n), shortened(title, 60), keys.get(n, ""))
            for n, title in sorted((self.titles | dict.fromkeys(self.untitled, "")).items())
        ]

    def with_keys(self, keys: Mapping[int, str]) -> "Header":
        """Return the header with columns read as somebody chose.

        Args:
            keys: the key of the wanted column by the number of a column; empty to leave it out.
        """
        named = {n: key for n, key in keys.items() if key and n in {*self.titles, *self.untitled}}
        others = {key: n for key, n in self.columns.items() if n not in keys and key not in named.values()}
        revised = {key: n for key, n in self.revised.items() if n not in keys or named.get(n) == key}
        chosen = {key: n for n, key in named.items() if revised.get(key) != n}
        # A revised value needs a column with the first one; alone it is the value.
        alone = {key: n for key, n in revised.items() if key not in {*chosen, *others}}
        columns = others | alone | chosen
        inside = {
            key: host for key, host in self.inside.items() if host in columns and key not in named.values()
        }
        return replace(
            self,
            columns=columns | {key: columns[host] for key, host in inside.items()},
            revised={key: n for key, n in revised.items() if key not in alone},
            inside=inside,
        )

    def repeated(self, keys: Mapping[int, str]) -> list[ColumnTitle]:
        """Return the columns that somebody chose as the same wanted one, with that as their key.

        A revised value and the first one beside it are both that one.
        """
        revised = set(self.revised.values())
        counts = Counter(key for n, key in keys.items() if key and n not in revised)
        titles = [replace(title, key=keys.get(title.number, title.key)) for title in self.column_titles]
        return [title for title in titles if counts[title.key] > 1 and title.number not in revised]

    @property
    def spare(self) -> list[str]:
        """The titles of the columns that are not wanted."""
        wanted = {*self.columns.values(), *self.revised.values()}
        return [
            each.title or gettext("column {letter}, which has no title").format(letter=each.letter)
            for each in self.column_titles
            if each.number not in wanted
        ]

    def row(self, number: int, raws: RowCells) -> Row:
        """Return a row below the header."""
        row = Row(number, {key: _filled(self.cells[key], raws.get(n)) for key, n in self.columns.items()})
        row.lone = _lone(raws, sorted(self.columns.values()))
        row.header_row = self.first
        for key, n in self.revised.items():
            raw = raws.get(n)
            if raw is not None and raw.text.casefold() not in NOT_REVISED:
                row.originals[key], row.cells[key] = row.cells[key], _filled(self._cell(n), raw)
        for key, host in self.inside.items():
            text = row.cells[host].text
            match = NUMBERED.match(text) if row.lone is None else None
            reference, rest = (match[1], text[match.end() :]) if match else ("", text)
            row.cells[key] = replace(row.cells[key], text=reference, value=reference)
            row.cells[host] = replace(row.cells[host], text=rest, value=rest)
        return row

    def section_above(self, number: int, raws: RowCells) -> Row | None:
        """Return the row above the header if it numbers a section, such as "1. Governance"; None otherwise."""
        row = self.row(number, raws)
        return row if row.lone and row.lone.first and NUMBERED.match(row.lone.text) else None

    def _cell(self, n: int) -> Cell:
        return Cell(get_column_letter(n), shortened(self.titles.get(n, ""), 60))


def find_header(sheet: Sheet, specification: Specification) -> Header:
    """Return the first row with the most wanted columns, together with a second row that completes it."""
    early = {n: cells for n, cells in sheet.rows.items() if n <= HEADER_WITHIN_ROWS}
    if not early:
        return Header(0, 0, {}, {})
    matches = {n: _matches(_texts(cells), specification) for n, cells in early.items()}
    # Without a known title, the row with the most texts may be the header.
    best = max(matches, key=lambda n: (len(matches[n]), 0 if any(matches.values()) else len(early[n]), -n))
    header = _header(sheet, best, specification)
    return replace(header, untitled=_untitled(sheet, header))


def _untitled(sheet: Sheet, header: Header) -> frozenset[int]:
    between = range(min(header.titles, default=0), max(header.titles, default=0))
    filled = {
        n
        for number, raws in sheet.rows.items()
        if number > header.last
        for n, raw in raws.items()
        if raw.text and not raw.continued
    }
    covered = {
        n
        for number in range(header.first, header.last + 1)
        for start, raw in sheet.rows.get(number, {}).items()
        for n in range(start, start + raw.columns)
    }
    return frozenset(n for n in between if n in filled and n not in covered)


def header_again(sheet: Sheet, number: int, header: Header, specification: Specification) -> Header | None:
    """Return the header that a row below the first repeats, perhaps with its columns in another order.

    Args:
        header: the header of the rows above.
    """
    titles = _texts(sheet.rows[number])
    if titles == header.titles:
        return replace(header, first=number, last=number)
    columns = _matches(titles, specification)
    own = {key: n for key, n in header.columns.items() if n in titles and key not in header.inside}
    if len(columns) > 1 and all(columns.get(key) == n for key, n in own.items()):
        return replace(header, first=number, last=number)
    is_whole = all(column.key in columns for column in specification.required)
    if len(columns) < 2 or len(columns) < len(titles) or not is_whole:
        return None
    return _header(sheet, number, specification)


def _header(sheet: Sheet, number: int, specification: Specification) -> Header:
    titles = _texts(sheet.rows[number])
    columns, last = _matches(titles, specification), number
    if below := _second_row(sheet, number, columns, specification):
        titles, last = titles | below, number + 1
        columns = _matches(titles, specification)
    revised = {key.removeprefix(REVISED): n for key, n in columns.items() if key.startswith(REVISED)}
    columns = {key: n for key, n in columns.items() if not key.startswith(REVISED)}
    for key in revised.keys() - columns.keys():
        columns[key] = revised.pop(key)
    header = Header(number, last, columns, titles, revised)
    return _with_references(sheet, header, specification)


def _second_row(
    sheet: Sheet, number: int, columns: dict[str, int], specification: Specification
) -> dict[int, str]:
    """Return the titles that the next row adds to a header: "Agency" below the wide "Lead" is "Lead Agency"."""
    own = {n: raw.text for n, raw in sheet.rows.get(number + 1, {}).items() if raw.text and not raw.continued}
    titles = _texts(sheet.rows[number])
    matches = _matches(own, specification)
    if own and len(matches) == len(own) and not matches.keys() & columns.keys():
        return own
    if _completes(titles, own, specification):
        return {n: f"{titles[n]} {text}" for n, text in own.items()}
    wide = {
        n: raw.text
        for start, raw in sheet.rows[number].items()
        if raw.columns > 1
        for n in range(start, start + raw.columns)
    }
    if not own or not own.keys() <= wide.keys():
        return {}
    return {n: f"{wide[n]} {text}" for n, text in own.items()}


def _completes(titles: dict[int, str], below: dict[int, str], specification: Specification) -> bool:
    """Return whether a row below the titles continues them: "agency" below "Lead", "date" below "Target"."""
    if not below or not below.keys() <= titles.keys():
        return False
    names = [f"{titles[n]} {text}" for n, text in below.items()]
    matches = filter(None, map(specification.match, names))
    return 2 * sum(rank < LATER for rank, _ in matches) > len(names)


def tables_beside(sheet: Sheet, header: Header, specification: Specification) -> list[Sheet]:
    """Return the sheet, or its parts if its header names every required column twice or more, side by side.

    The titles of such tables are the same, or a column without a title is between them.
    """
    keys = {column.key for column in specification.required}
    used = {*header.columns.values(), *header.revised.values()}
    spare = {n: title for n, title in header.titles.items() if n not in used}
    again = _matches(spare, specification)
    if len(again) < 2 or not keys <= again.keys():
        return [sheet]
    first = min(again[key] for key in keys)
    gap = next((n for n in range(first - 1, min(header.titles), -1) if n not in header.titles), 0)
    own = [header.titles[header.columns[key]].casefold() for key in keys]
    if not gap and own != [header.titles[again[key]].casefold() for key in keys]:
        return [sheet]
    start = gap + 1 if gap else min(again.values())
    left, right = (
        replace(sheet, rows=_within(sheet.rows, columns), warnings=())
        for columns in (range(1, start), range(start, max(header.titles) + 1))
    )
    rest = _header(right, header.first, specification)
    return [left, *tables_beside(right, rest, specification)]


def _within(rows: dict[int, RowCells], columns: range) -> dict[int, RowCells]:
    parts = {number: {n: raw for n, raw in raws.items() if n in columns} for number, raws in rows.items()}
    return {number: raws for number, raws in parts.items() if raws}


def _with_references(sheet: Sheet, header: Header, specification: Specification) -> Header:
    """Take a missing column from the beginnings of the texts of another, where most have one."""
    columns, inside = dict(header.columns), {}
    for column in specification.columns:
        host = columns.get(column.inside)
        if host is None or column.key in columns:
            continue
        texts = [raws[host].text for n, raws in sheet.rows.items() if n > header.last and host in raws]
        if sum(bool(NUMBERED.match(text)) for text in texts) * 2 > len(texts):
            columns[column.key], inside[column.key] = host, column.inside
    return replace(header, columns=columns, inside=inside)


def _matches(titles: dict[int, str], specification: Specification) -> dict[str, int]:
    ranked = [(*match, column) for column, text in titles.items() if (match := specification.match(text))]
    return {key: column for _, key, column in sorted(ranked, reverse=True)}


def _texts(raws: RowCells) -> dict[int, str]:
    return {n: raw.text for n, raw in raws.items() if raw.text}


def _filled(cell: Cell, raw: RawCell | None) -> Cell:
    return replace(cell, text=raw.text, value=raw.value) if raw else cell


def _lone(raws: RowCells, columns: list[int]) -> Lone | None:
    """Return the row's text if it has only one; text beside the table counts only if it spans columns."""
    if any(raw.continued for raw in raws.values()):
        return None
    inside = {
        n: raw for n, raw in raws.items() if raw.text and (n in columns or n < columns[0] or raw.columns > 1)
    }
    if len(inside) != 1:
        return None
    ((column, raw),) = inside.items()
    return Lone(raw.text, first=column <= columns[0], merged=raw.columns > 1)
