"""The one clock. Only views, API, commands and tasks read it; everything below takes the time as an argument.

`DEMO_DATE` shifts it so that the London date at process start is that day. The shift is whole days of London wall
clock, fixed once: from then on the clock runs at the pace of the real one and never back.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

LONDON = ZoneInfo("Europe/London")
_STARTED = datetime.now(UTC)


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
    return system() + shift(settings.DEMO_DATE, _STARTED)


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
