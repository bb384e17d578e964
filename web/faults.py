"""Server faults that are explained to users: a full disk, or clocks that differ."""

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
    """Seconds to wait before trying again."""


FULL_DISK = Fault(
    507,
    "The server has no space left",
    "Nothing was saved because the server has no space left. Tell the team that runs the service, then try again.",
)


def fault_of(error: BaseException | None) -> Fault | None:
    """Return the fault behind an error; None if it is not one to explain to users."""
    if isinstance(error, ClockError):
        return Fault(503, "Sorry, the service cannot save anything now", str(error), ClockError.RETRY_AFTER)
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
