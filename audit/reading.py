"""Which OFFICIAL-SENSITIVE rows a request shows: noted as they are loaded, recorded before the answer leaves.

`web.reading` records them. Nothing is noted outside of a request that reads.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from audit.actors import Reader
from standards.marking import Marking


@dataclass
class Reading:
    """What one request shows, and to whom.

    Attributes:
        reader: who reads, where it is not the user of the request: the holder of a secret address.
        rows: how to label each sensitive row, by its type and number. Labels wait until the answer is made: a row has the
            rows it names only once it is loaded whole.
    """

    reader: Reader | None = None
    rows: dict[tuple[str, int], Callable[[], str]] = field(default_factory=dict)

    def labels(self) -> dict[tuple[str, int], str]:
        """Return the label of each sensitive row by its type and number."""
        return {row: label() for row, label in list(self.rows.items())}


_reading: ContextVar[Reading | None] = ContextVar("reading", default=None)


@contextmanager
def noting() -> Iterator[Reading]:
    """Note the sensitive rows that are loaded inside the block."""
    reading = Reading()
    token = _reading.set(reading)
    try:
        yield reading
    finally:
        _reading.reset(token)


def note_row(model: Any, pk: int, marking: str, label: Callable[[], str]) -> None:
    """Note a row that is shown, if it is sensitive."""
    reading = _reading.get()
    if reading is not None and marking == Marking.OFFICIAL_SENSITIVE:
        reading.rows.setdefault((model._meta.label_lower, pk), label)


def note_reader(reader: Reader) -> None:
    """Say who reads, on an address that is read without signing in."""
    reading = _reading.get()
    if reading is not None:
        reading.reader = reader
