"""The one clock. Only views, API, commands and tasks read it; everything below takes the time as an argument.

`DEMO_DATE` shifts it so that the London date at process start is that day. The shift is whole days of London wall
clock, fixed once: from then on the clock runs at the pace of the real one and never back.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

LONDON = ZoneInfo("Europe/London")
_STARTED = datetime.now(UTC)
_stopped: ContextVar[datetime | None] = ContextVar("stopped", default=None)
_present: ContextVar[date | None] = ContextVar("present", default=None)


class ClockError(Exception):
    """A change was refused because its time would be wrong. The message explains it to the user.

    Args:
        reason: what is wrong with which clock, as part of a sentence.
    """

    RETRY_AFTER = 60
    """Seconds after which a clock may have been put right."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"Nothing was saved because {reason}. Every entry in the record needs the right time. "
            "Tell the team that runs the service, then try again."
        )
        self.reason = reason


def system() -> datetime:
    """Return this machine's time in UTC, even when the demonstration's clock is set to another day."""
    return datetime.now(UTC)


def now() -> datetime:
    """Return the present moment in UTC, shifted to the demonstration's day when there is one."""
    return stopped_at() or system() + shift(settings.DEMO_DATE, _STARTED)


def day_of_rights(on: date) -> date:
    """Return the day whose rights count: today where the past is read, for nobody reads it with rights they have lost."""
    present = _present.get()
    return on if stopped_at() is None or present is None else present


def stopped_at() -> datetime | None:
    """Return the past moment that is shown, in which nothing can be changed; None while the clock runs."""
    return _stopped.get()


@contextmanager
def stopped(at: datetime | None) -> Iterator[None]:
    """Show a past moment inside this context, for reading what was true then; None lets the clock run again."""
    present = _present.set(_present.get() or today())
    token = _stopped.set(at)
    try:
        yield
    finally:
        _stopped.reset(token)
        _present.reset(present)


def latest() -> datetime:
    """Return the latest moment that can be the present: this machine's time, or a demonstration's day after it."""
    return system() + max(shift(settings.DEMO_DATE, _STARTED), timedelta(0))


def today() -> date:
    """Return the present date in London."""
    return london_date(now())


def london_date(at: datetime) -> date:
    """Return the date in London at a moment.

    Raises:
        ValueError: when the moment has no time zone.
    """
    if at.tzinfo is None:
        raise ValueError("A moment needs a time zone.")
    return at.astimezone(LONDON).date()


def shift(demo_date: date | None, started: datetime) -> timedelta:
    """Return what takes `started` to the same London wall-clock time on `demo_date`.

    Plain days of UTC would be an hour out across a change to or from summer time, and so, near midnight, a day out.
    """
    if demo_date is None:
        return timedelta(0)
    there = datetime.combine(demo_date, started.astimezone(LONDON).time(), LONDON)
    return there.astimezone(UTC) - started
