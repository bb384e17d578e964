"""The content of a table, and the problems in it."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from django.utils.translation import gettext

from standards.characters import INVISIBLE, SPACES
from standards.text import clean_text
from web.formulas import unguarded_text

# The header is one of the first rows of a sheet.
HEADER_WITHIN_ROWS = 40
# How a workbook writes a control character: "_x000D_".
ESCAPE = re.compile("_x(00[01][0-9A-Fa-f])_")
# Joiners stay, because they make one sign of several; marks of the direction of writing go.
JOINERS = "\u200c\u200d"
DIRECTIONS = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
WEB_CHARACTERS = str.maketrans(SPACES, " " * len(SPACES), "".join(set(INVISIBLE) - set(JOINERS)) + DIRECTIONS)


class TableError(ValueError):
    """The whole file cannot be read as a table; the message says why and what to do."""


def too_many_rows(most: int) -> TableError:
    """Return the refusal of a table with more rows than `most`."""
    return TableError(
        gettext("The file has more than {most:,} rows. Split it into smaller files.").format(most=most)
    )


def limit_filled_rows(number: int, most: int) -> None:
    """Stop reading a sheet with more filled rows than a table of `most` rows and what is above it can have.

    Raises:
        TableError: there are more.
    """
    if number > most + HEADER_WITHIN_ROWS:
        raise too_many_rows(most)


@dataclass(frozen=True)
class ColumnTitle:
    """What a header reads over one column, and the key of the wanted column it is read as; empty for none."""

    number: int
    letter: str
    title: str
    key: str


class SheetError(TableError):
    """The file has no sheet with the name that was asked for."""


class MissingColumnsError(TableError):
    """A table without all the required columns. Somebody may know which of its columns they are."""

    def __init__(self, message: str, titles: list[ColumnTitle]) -> None:
        super().__init__(message, titles)
        self.titles = titles

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class Problem:
    """One thing to correct, with its place in the sheet. Letter and header are empty for a whole row."""

    sheet: str
    row: int
    letter: str
    header: str
    value: str
    message: str

    @property
    def place(self) -> str:
        column = (
            gettext(", column {letter} ({header})").format(letter=self.letter, header=self.header)
            if self.letter
            else ""
        )
        return gettext("sheet {sheet}, row {row}{column}").format(
            sheet=self.sheet, row=self.row, column=column
        )

    def __str__(self) -> str:
        value = f"\u201c{shortened(self.value)}\u201d " if self.value else ""
        return f"{self.place}: {value}{self.message}"


@dataclass(frozen=True)
class RawCell:
    """A value as it is in the file.

    `continued` is a merged value repeated in a lower row of its merge, `computed` the result of a formula.
    """

    value: object
    text: str
    error: str = ""
    columns: int = 1
    continued: bool = False
    computed: bool = False


@dataclass(frozen=True)
class Sheet:
    """A sheet's filled cells by row and column, both counted from 1.

    `without_results` are the places of formulas without a stored result, in otherwise empty rows.
    """

    name: str
    rows: dict[int, dict[int, RawCell]]
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    without_results: tuple[tuple[int, int], ...] = ()
    warnings: tuple[str, ...] = ()


class Book(Protocol):
    """A file opened as a list of sheets. `names` puts visible sheets first, in their order."""

    @property
    def names(self) -> Sequence[str]: ...

    @property
    def hidden_names(self) -> Collection[str]: ...

    def sheet(self, name: str) -> Sheet: ...

    def beginning(self, name: str) -> Sheet:
        """Return the rows of a sheet among which its header may be."""


@dataclass(frozen=True)
class Cell:
    """A value of a wanted column: `text` as people see it, `value` as the file stores it (a date, a number)."""

    letter: str
    header: str
    text: str = ""
    value: object = None


@dataclass(frozen=True)
class Lone:
    """The only text of a row: a heading over the rows below, a note, or an unfinished row.

    `first`: it starts at the table's first column. `merged`: it spans several columns.
    """

    text: str
    first: bool
    merged: bool


@dataclass
class Row:
    """One row below the header, with a cell, perhaps blank, for each wanted column the table has.

    `originals` are the cells that a revised value stands in for: "Target date" beside "Revised target date".
    `header_row` is the row of the header above it: a table may repeat its header.
    """

    number: int
    cells: dict[str, Cell]
    lone: Lone | None = None
    originals: dict[str, Cell] = field(default_factory=dict)
    header_row: int = 0

    def text(self, key: str) -> str:
        return self.cells[key].text if key in self.cells else ""


@dataclass
class Table:
    """A table: its header row, its rows, its other columns, and the problems in its cells.

    `titles` are all columns that the header names. `warnings` say what people may not expect, such as hidden rows.
    """

    sheet: str
    header_row: int
    columns: dict[str, Cell]
    not_imported: list[str]
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    titles: list[ColumnTitle] = field(default_factory=list)

    def problem(self, row: Row, key: str, message: str) -> Problem:
        """Return a problem with one cell, or with the whole row when the table has no such column."""
        cell = row.cells.get(key)
        if cell is None:
            return Problem(self.sheet, row.number, "", "", "", message)
        return Problem(self.sheet, row.number, cell.letter, cell.header, cell.text, message)


def shortened(text: str, length: int = 100) -> str:
    """Return a text as one line of at most `length` characters."""
    text = " ".join(text.split())
    return text if len(text) <= length else text[: length - 1] + "\u2026"


def cleaned(text: str) -> str:
    """Return a text without escapes, hard spaces, formula guards and characters that nobody sees."""
    text = ESCAPE.sub(lambda code: chr(int(code[1], 16)), text)
    text = clean_text(unguarded_text(text)).translate(WEB_CHARACTERS)
    return "\n".join(line.rstrip() for line in text.strip().split("\n"))
