"""The wanted columns of a table, and the names people give them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from web.language import english

ALTERNATIVES = re.compile(r"\s*/\s*|\s+or\s+", re.IGNORECASE)
# Behind every header that has one name alone.
LATER = 1_000
# Brackets in brackets stay: looking for their ends would take ever longer with more of them.
IN_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
REVISED_WORDS = frozenset({"revised", "amended", "extended", "new"})
# Marks the key of a column with revised values.
REVISED = "revised "


@lru_cache(maxsize=1024)  # the cells of a table say the same few words again and again
def plain(text: str) -> str:
    """Return a header without case, punctuation and line breaks: "Action\\nNo." and "action no" are the same."""
    text = text.casefold().replace("&", " and ").replace("#", " no ")
    return " ".join(re.sub(r"[\W_]+", " ", text).split())


@dataclass(frozen=True)
class Column:
    """One wanted column. If several headers fit, the one that comes first in `headers` is used.

    Attributes:
        label, title: what it holds, inside a sentence and by itself: "the due date" and "Due date".
        revisable: beside "Target date" there may be "Revised target date", whose cells count where they are filled.
        inside: the column whose texts begin with this one's where the table has no column for it: "1.1 Brief teams".
    """

    key: str
    label: str
    headers: tuple[str, ...]
    required: bool = False
    revisable: bool = False
    inside: str = ""
    title: str = ""

    @property
    def usual_headers(self) -> tuple[str, ...]:
        """The headers to offer as examples."""
        return self.headers[:3]


@dataclass(frozen=True)
class Specification:
    """The wanted columns, in the order for messages, and how many filled rows a table may have."""

    columns: tuple[Column, ...]
    max_rows: int = 5_000
    _known: dict[str, tuple[int, str]] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        for column in self.columns:
            for rank, header in enumerate(column.headers):
                if plain(header) in self._known:
                    raise ValueError(f"Two columns are called {header}")
                self._known[plain(header)] = (rank, column.key)

    def match(self, text: str) -> tuple[int, str] | None:
        """Return the rank and key of the column that a header names, with or without its text in brackets.

        Of a header with two names, such as "Action / Task", the first one that is known counts.
        """
        name = plain(text)
        if match := (
            self._known.get(name) or self._revised(name) or self._known.get(plain(IN_BRACKETS.sub(" ", text)))
        ):
            return match
        names = [self._known.get(plain(each)) for each in ALTERNATIVES.split(text)]
        return (
            next(((LATER + match[0], match[1]) for match in names if match), None) if len(names) > 1 else None
        )

    def _revised(self, name: str) -> tuple[int, str] | None:
        """Return the match of "revised target date" or "target date revised"."""
        first, _, others = name.partition(" ")
        before, _, last = name.rpartition(" ")
        match = (first in REVISED_WORDS and self._known.get(others)) or (
            last in REVISED_WORDS and self._known.get(before)
        )
        if not match or not any(column.key == match[1] and column.revisable for column in self.columns):
            return None
        return match[0], f"{REVISED}{match[1]}"

    @property
    def required(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.required)


def names_of(choices: Iterable[tuple[Any, Any]]) -> dict[str, Any]:
    """Return the values of choices by what a file may call them: the value, or its label in English or in the language of the service."""
    pairs = [(value, label) for value, label in choices if value]
    with english():
        names = {plain(str(name)): value for value, label in pairs for name in (value, label)}
    return names | {plain(str(label)): value for value, label in pairs}
