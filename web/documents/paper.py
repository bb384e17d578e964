"""What a paper holds, whatever file it becomes: its parts in reading order, as plain text."""

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
    """One part of a paper. A blank line in its text parts paragraphs, a line end stays a line end.

    `level` is a heading's: 1 for the paper's title, then without leaving one out.
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
        author: the office that writes, not a person.
        dated: its date, and that of the files made of it, so that the same paper gives the same file.
        notice: what stands beside the marking on each page of a paper that is not final.
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
        """What stands on top and at the foot of each page."""
        return printable(" - ".join(part for part in (self.marking, self.notice) if part))


def printable(text: str) -> str:
    """Return a text without the characters that no document can hold, whatever was stored."""
    return clean_text(text)
