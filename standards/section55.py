"""The clock of section 55 of the Police Act 1996.

The local policing body publishes its comments on a published report on its force before the end of 56 days beginning
with the day of publication (s.55(5A)): the day of publication is the first of the 56, so the last is 55 calendar
days after it. Weekends and bank holidays count. A report that is not published starts no clock.
"""

from dataclasses import dataclass
from datetime import date, timedelta

DAYS_AFTER_PUBLICATION = timedelta(days=55)


def last_day(published_on: date) -> date:
    """Return the last day to publish the comments."""
    return published_on + DAYS_AFTER_PUBLICATION


@dataclass(frozen=True)
class Clock:
    """The section 55 clock on a day.

    Attributes:
        last_day: the last day in time.
        answered_on: the day the comments were published, if they were.
        on: today.
    """

    last_day: date
    answered_on: date | None
    on: date

    @property
    def days_late(self) -> int:
        """Days from the last day to the answer, or to today without one; 0 if in time."""
        return max(0, ((self.answered_on or self.on) - self.last_day).days)

    @property
    def days_left(self) -> int:
        """Days from today to the last day; 0 after the answer or the last day."""
        return 0 if self.answered_on else max(0, (self.last_day - self.on).days)

    @property
    def words(self) -> str:
        late, days_left = self.days_late, self.days_left
        if self.answered_on:
            return f"Answered {_days(late)} late" if late else "Answered in time"
        if late:
            return f"{_days(late)} late"
        return f"{_days(days_left)} left" if days_left else "Today is the last day"


def clock(*, published_on: date | None, answered_on: date | None, on: date) -> Clock | None:
    """Return the clock of a report, or None if it is not published by that day."""
    if published_on is None or published_on > on:
        return None
    return Clock(last_day(published_on), answered_on, on)


def _days(number: int) -> str:
    return f"{number} day{'' if number == 1 else 's'}"
