"""Server faults that are explained to users: a full disk, clocks that differ, or a database that does not answer."""

import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

import psycopg
from django.db import InterfaceError
from django.utils.translation import gettext

from audit.clock import ClockError
from web.language import lazy_text
from web.storage import NO_SPACE_MESSAGE, is_full

POSTGRESQL_DISK_FULL = "53100"
# Lock time-out, deadlock, serialization failure: PostgreSQL rolled the transaction back.
POSTGRESQL_BUSY = frozenset({"55P03", "40P01", "40001"})
POSTGRESQL_STOPPED = "57014"
# The server ended the connection: shut down, crashed, or the transaction was idle for too long.
POSTGRESQL_ENDED = frozenset({"57P01", "57P02", "57P03", "57P05", "25P03"})


class Fault(NamedTuple):
    status: int
    heading: str
    text: str
    retry_after: int | None = None
    """Seconds to wait before trying again."""


FULL_DISK = Fault(
    507,
    lazy_text("The server has no space left"),
    NO_SPACE_MESSAGE,
)

BUSY = Fault(
    503,
    lazy_text("Sorry, the service is busy"),
    lazy_text("Nothing was saved because another change is taking too long. Try again in a few seconds."),
    5,
)
TOO_SLOW = Fault(
    503,
    lazy_text("Sorry, this took too long"),
    lazy_text(
        "Nothing was saved because the database took too long. Try again later, or ask for less at once."
    ),
    30,
)
UNREACHABLE = Fault(
    503,
    lazy_text("Sorry, the service is not available"),
    lazy_text("Nothing was saved because the database does not answer. Try again in a minute."),
    30,
)
BROKEN = Fault(
    503,
    lazy_text("Sorry, the service is not available"),
    lazy_text(
        "The connection to the database broke. What you sent may have been saved. Check before you send it again."
    ),
    30,
)


def fault_of(error: BaseException | None) -> Fault | None:
    """Return the fault behind an error; None if it is not one to explain to users."""
    if isinstance(error, ClockError):
        return Fault(
            503, gettext("Sorry, the service cannot save anything now"), str(error), ClockError.RETRY_AFTER
        )
    if any(is_full(each) or _is_full_database(each) for each in _causes(error)):
        return FULL_DISK
    return next((fault for each in _causes(error) if (fault := _database_fault(each))), None)


def _database_fault(error: BaseException) -> Fault | None:
    match error:
        case sqlite3.OperationalError():
            code = error.sqlite_errorcode & 0xFF
            return {sqlite3.SQLITE_BUSY: BUSY, sqlite3.SQLITE_CANTOPEN: UNREACHABLE}.get(code)
        case psycopg.Error():
            return _postgresql_fault(error)
        case InterfaceError() if error.__cause__ is None:
            # Django's own: the connection was closed inside a transaction.
            return BROKEN
    return None


def _postgresql_fault(error: psycopg.Error) -> Fault | None:
    state = error.sqlstate
    if state in POSTGRESQL_BUSY:
        return BUSY
    if state == POSTGRESQL_STOPPED:
        return TOO_SLOW
    if isinstance(error, psycopg.errors.ConnectionTimeout) or error.pgconn:
        return UNREACHABLE
    if state is None:
        is_broken = isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
        return BROKEN if is_broken and "cursor" not in str(error) else None
    return BROKEN if state in POSTGRESQL_ENDED or state.startswith("08") else None


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


def _is_full_database(error: BaseException) -> bool:
    if isinstance(error, sqlite3.OperationalError):
        return error.sqlite_errorcode == sqlite3.SQLITE_FULL
    return getattr(error, "sqlstate", None) == POSTGRESQL_DISK_FULL
