"""Faults of the machine that the reader can be told about in words: a disk that is full, clocks that differ."""

import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

from audit.clock import ClockError
from web.storage import is_full

POSTGRESQL_DISK_FULL = "53100"


class Fault(NamedTuple):
    status: int
    heading: str
    text: str
    retry_after: int | None = None
    """Seconds after which it is worth trying again."""


FULL_DISK = Fault(
    507,
    "The server has no space left",
    "What you sent was not saved because the server has no space left. "
    "Tell the team that runs the service, then try again.",
)


def fault_of(error: BaseException | None) -> Fault | None:
    """Return what to say of an error; None for one that can only be logged."""
    if isinstance(error, ClockError):
        return Fault(503, "Nothing can be saved now", str(error), ClockError.RETRY_AFTER)
    if any(is_full(each) or _is_full_database(each) for each in _causes(error)):
        return FULL_DISK
    return None


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


def _is_full_database(error: BaseException) -> bool:
    if isinstance(error, sqlite3.OperationalError):
        return error.sqlite_errorcode == sqlite3.SQLITE_FULL
    return getattr(error, "sqlstate", None) == POSTGRESQL_DISK_FULL
