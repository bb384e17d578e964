"""The wanted columns of a table, and the names people give them."""

import re
from dataclasses import dataclass, field

# Brackets in brackets stay: looking for their ends would take ever longer with more of them.
IN_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")


def plain(text: str) -> str:
    """Return a header without case, punctuation and line breaks: "Action\\nNo." and "action no" are the same."""
    text = text.casefold().replace("&", " and ").replace("#", " no ")
    return " ".join(re.sub(r"[\W_]+", " ", text).split())


@dataclass(frozen=True)
class Column:
    """One wanted column. If several headers fit, the one that comes first in `headers` is used."""

    key: str
    label: str
    headers: tuple[str, ...]
    required: bool = False

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
        """Return the rank and key of the column that a header names, with or without its text in brackets."""
        return self._known.get(plain(text)) or self._known.get(plain(IN_BRACKETS.sub(" ", text)))

    @property
    def required(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.required)
