"""Content of a paper for any file format: its parts in reading order, as plain text."""

import re
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import chain

from standards.text import clean_text

LANGUAGE = "en-GB"
CONTROL = "Document control"
# A table of more columns is set in smaller type, or on a page turned on its side.
MOST_COLUMNS, MOST_UPRIGHT = 6, 11


class Kind(StrEnum):
    HEADING = "heading"
    TEXT = "text"
    BYLINE = "byline"  # who wrote what follows; never alone at the foot of a page
    QUOTE = "quote"  # the words of another
    SIGNATURE = "signature"
    LIST = "list"
    TABLE = "table"
    PICTURE = "picture"


@dataclass(frozen=True)
class Block:
    """A heading or text. A blank line separates paragraphs; line ends are preserved.

    Attributes:
        level: for headings, 1 for the title, then without gaps.
        number: printed before the first paragraph, so that others can cite it: "4.2".
    """

    kind: Kind
    text: str
    level: int = 0
    number: str = ""

    @property
    def paragraphs(self) -> list[str]:
        return [part.strip("\n") for part in re.split(r"\n[ \t]*\n", printable(self.text)) if part.strip()]


@dataclass(frozen=True)
class Items:
    """A list, with bullets or with numbers."""

    items: tuple[str, ...]
    is_numbered: bool = False
    kind: Kind = field(default=Kind.LIST, init=False)


@dataclass(frozen=True)
class Table:
    """A table of data with a caption and one header row. It is never used for layout.

    Attributes:
        widths: share of the width of each column; equal if empty.
        right: indexes of the columns that are aligned right: numbers.
    """

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...] = ()
    right: frozenset[int] = frozenset()
    kind: Kind = field(default=Kind.TABLE, init=False)

    def __post_init__(self) -> None:
        lengths = {len(row) for row in (self.header, *self.rows, *([self.widths] if self.widths else []))}
        if len(lengths) != 1:
            raise ValueError(f"The rows of the table “{self.caption}” differ in length: {sorted(lengths)}")

    @property
    def shares(self) -> tuple[int, ...]:
        return self.widths or (1,) * len(self.header)

    @property
    def is_small(self) -> bool:
        """Whether it is set in smaller type, to fit the width of a page."""
        return len(self.header) > MOST_COLUMNS

    @property
    def is_sideways(self) -> bool:
        """Whether its pages are turned on their side."""
        return len(self.header) > MOST_UPRIGHT


@dataclass(frozen=True)
class Picture:
    """An SVG, as wide as the text.

    Attributes:
        alternative: what the picture shows, for readers who cannot see it.
    """

    svg: str
    alternative: str
    caption: str = ""
    kind: Kind = field(default=Kind.PICTURE, init=False)


Part = Block | Items | Table | Picture


@dataclass(frozen=True)
class Paper:
    """A paper and its document control.

    Attributes:
        author: the organisation, not a person.
        dated: date of the paper and its files, so that the same paper always gives the same file.
        notice: text next to the marking on each page of a draft.
        foot: lines at the foot of each page: what the content can be checked against.
        other_formats: last line: how to ask for the paper in another format.
    """

    title: str
    author: str
    dated: date
    marking: str
    blocks: tuple[Part, ...]
    handling: str = ""
    notice: str = ""
    other_formats: str = ""
    foot: tuple[str, ...] = ()

    @property
    def banner(self) -> str:
        """Text at the top and bottom of each page."""
        return printable(" - ".join(part for part in (self.marking, self.notice) if part))

    @property
    def parts(self) -> tuple[Part, ...]:
        """Everything to print, without what is empty."""
        last = Block(Kind.TEXT, self.other_formats)
        return tuple(part for part in chain(self.blocks, [last]) if not is_empty(part))

    @property
    def runs(self) -> list[tuple[bool, list[Part]]]:
        """The parts in runs of pages turned on their side or not. The headings of a table turn with it."""
        runs: list[tuple[bool, list[Part]]] = [(False, [])]
        for part in self.parts:
            is_sideways = isinstance(part, Table) and part.is_sideways
            if is_sideways != runs[-1][0]:
                before = runs[-1][1]
                moved: list[Part] = []
                while is_sideways and before and before[-1].kind == Kind.HEADING:
                    moved.insert(0, before.pop())
                runs.append((is_sideways, moved))
            runs[-1][1].append(part)
        return [run for run in runs if run[1]]


def control_table(*lines: tuple[str, str]) -> Table:
    """Return document control as a table. Lines without a value are left out."""
    rows = tuple((name, value) for name, value in lines if value)
    return Table(CONTROL, ("Item", "Detail"), rows, widths=(1, 2))


def is_empty(part: Part) -> bool:
    match part:
        case Block():
            return not part.paragraphs
        case Items():
            return not part.items
        case Table():
            return not part.rows
        case Picture():
            return not part.svg


def printable(text: str) -> str:
    """Return text without the characters that documents cannot contain."""
    return clean_text(text)
