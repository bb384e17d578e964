"""Compares this machine's clock with the database's: a ledger never goes back in time, so a wrong time in it stays.

On SQLite both are the clock of one machine, so they agree even when it is wrong; production runs on PostgreSQL.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models.functions import Now

from audit import clock
from audit.clock import ClockError

DATABASE_TIME = {
    "postgresql": "SELECT CLOCK_TIMESTAMP()",
    "sqlite": "SELECT STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')",
}


class DatabaseClock(Now):
    """The time at which the database evaluates this, not that at which its transaction began."""

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="CLOCK_TIMESTAMP()", **context)


class Comparison:
    """One reading of the database's clock between two of this machine's.

    The second may be late, since a statement can wait for a lock. So the clocks differ for certain only where the
    database's time is outside of the two readings.
    """

    def __init__(self) -> None:
        self.before = clock.system()

    def require(self, database: datetime) -> None:
        """Raise ClockError when the clocks differ by more than `CLOCK_TOLERANCE_SECONDS`."""
        ahead, behind = self.before - database, database - clock.system()
        if ahead > _tolerance():
            raise ClockError(f"the server's clock is {_seconds(ahead)} ahead of its database's clock")
        if behind > _tolerance():
            raise ClockError(f"the server's clock is {_seconds(behind)} behind its database's clock")


def require_agreeing_clocks() -> None:
    """Ask the database for its time.

    Raises:
        ClockError: as `Comparison.require`.
        DatabaseError: when it does not answer.
    """
    comparison = Comparison()
    with connection.cursor() as cursor:
        cursor.execute(DATABASE_TIME[connection.vendor])
        (time,) = cursor.fetchone()
    if isinstance(time, str):
        time = datetime.fromisoformat(time).replace(tzinfo=UTC)
    comparison.require(time)


def require_not_ahead(at: datetime) -> None:
    """Raise ClockError for a moment that has not come yet, by this machine's clock or the demonstration's."""
    ahead = at - clock.latest()
    if ahead > _tolerance():
        raise ClockError(f"the time to record is {_seconds(ahead)} ahead of the server's clock")


def _tolerance() -> timedelta:
    return timedelta(seconds=settings.CLOCK_TOLERANCE_SECONDS)


def _seconds(difference: timedelta) -> str:
    return f"{difference.total_seconds():,.0f} seconds"
