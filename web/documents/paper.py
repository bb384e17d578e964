"""Content of a paper for any file format: its parts in reading order, as plain text."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from standards.text import clean_text

LANGUAGE = "en-GB"


class Kind(StrEnum):
    HEADING = "heading"
    TEXT = "text"
    QUOTE = "quote"  # the words of another
    SIGNATURE = "signature"


@dataclass(frozen=True)
class Block:
    """One part of a paper. A blank line separates paragraphs; line ends are preserved.

    `level` is for headings: 1 for the title, then without gaps.
    """

    kind: Kind
    text: str
    level: int = 0

    @property
    def paragraphs(self) -> list[str]:
        return [part.strip("\n") for part in re.split(r"\n[ \t]*\n", printable(self.text)) if part.strip()]


@dataclass(frozen=True)
class Paper:
    """A paper and its document control.

    Attributes:
        author: the organisation, not a person.
        dated: date of the paper and its files, so that the same paper always gives the same file.
        notice: text next to the marking on each page of a draft.
    """

    title: str
    author: str
    dated: date
    marking: str
    blocks: tuple[Block, ...]
    handling: str = ""
    notice: str = ""

    @property
    def banner(self) -> str:
        """Text at the top and bottom of each page."""
        return printable(" - ".join(part for part in (self.marking, self.notice) if part))


def printable(text: str) -> str:
    """Return text without the characters that documents cannot contain."""
    return clean_text(text)
