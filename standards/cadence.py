"""How often returns are due: for which month or quarter, and on which day after it.

A return for May is due on a day of June; one for April to June on a day of July. Quarters are those of the financial
year from April. A day of the week that falls on a bank holiday moves to the next working day.
"""

from calendar import day_name
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from standards.dates import MONTHS
from standards.working_days import LAST, nth_weekday, nth_working_day, ordinal, working_day_from

# Every month has at least four of each day of the week, and fifteen working days.
MOST_WEEKDAYS, MOST_WORKING_DAYS = 4, 15
_FRIDAY = 4


class Frequency(StrEnum):
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"

    @property
    def months(self) -> int:
        return 1 if self is Frequency.MONTHLY else 3


class Rule(StrEnum):
    WEEKDAY = "weekday"
    WORKING_DAY = "working_day"


@dataclass(frozen=True, order=True)
class Period:
    """The calendar month or quarter of one return, by its first day."""

    first_day: date
    frequency: Frequency

    def __post_init__(self) -> None:
        if self.first_day.day != 1 or (self.first_day.month - 1) % self.frequency.months:
            raise ValueError(
                "A month must start on its first day, a quarter in January, April, July or October"
            )

    @classmethod
    def containing(cls, day: date, frequency: Frequency) -> "Period":
        return cls(date(day.year, day.month - (day.month - 1) % frequency.months, 1), frequency)

    @property
    def last_day(self) -> date:
        return self.next().first_day - timedelta(days=1)

    @property
    def label(self) -> str:
        """`May 2020`, or `April to June 2020`."""
        last = self.last_day
        label = f"{MONTHS[last.month - 1].title()} {last.year}"
        return (
            label if self.frequency is Frequency.MONTHLY else f"{MONTHS[last.month - 3].title()} to {label}"
        )

    def next(self) -> "Period":
        month = self.first_day.month + self.frequency.months
        return Period(date(self.first_day.year + (month > 12), month - 12 * (month > 12), 1), self.frequency)

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True)
class Cadence:
    """How often returns are due, and on which day.

    Attributes:
        frequency: one return for each month or each quarter.
        rule: whether `nth` counts a day of the week or working days.
        nth: which day of the month after the period: 1 to 4 for a day of the week, 1 to 15 for working days; -1 for the
            last.
        weekday: 0 for Monday to 4 for Friday; None for working days.

    Raises:
        ValueError: for a day that not every month has. The message is for the user.
    """

    frequency: Frequency
    rule: Rule
    nth: int
    weekday: int | None = None

    def __post_init__(self) -> None:
        by_weekday = self.rule is Rule.WEEKDAY
        if by_weekday and (self.weekday is None or not 0 <= self.weekday <= _FRIDAY):
            raise ValueError("Choose a day from Monday to Friday")
        if not by_weekday and self.weekday is not None:
            raise ValueError("Choose either a day of the week or a working day")
        highest = MOST_WEEKDAYS if by_weekday else MOST_WORKING_DAYS
        if self.nth != LAST and not 1 <= self.nth <= highest:
            raise ValueError(
                f"Choose from the first to the {ordinal(highest)}, or the last: not every month has more"
            )

    @classmethod
    def parse(cls, text: str) -> "Cadence":
        """Read what `str()` writes: `monthly friday 3`, `quarterly working_day 5`, `monthly friday -1`.

        Raises:
            ValueError: for anything else.
        """
        try:
            frequency, day_kind, nth = text.split(" ")
            by_day = day_kind != Rule.WORKING_DAY
            weekday = [name.lower() for name in day_name].index(day_kind) if by_day else None
            rule = Rule.WEEKDAY if by_day else Rule.WORKING_DAY
            cadence = cls(Frequency(frequency), rule, int(nth), weekday)
        except ValueError:
            cadence = None
        if cadence is None or str(cadence) != text:
            raise ValueError(f"{text!r} is not a cadence such as 'monthly friday 3'")
        return cadence

    def __str__(self) -> str:
        day = self.rule.value if self.weekday is None else day_name[self.weekday].lower()
        return f"{self.frequency.value} {day} {self.nth}"

    @property
    def day_words(self) -> str:
        """`the third Friday of the following month`, `the fifth working day of the month after the quarter`."""
        day = "working day" if self.weekday is None else day_name[self.weekday]
        month = "following month" if self.frequency is Frequency.MONTHLY else "month after the quarter"
        return f"the {ordinal(self.nth)} {day} of the {month}"

    @property
    def words(self) -> str:
        """The day in words, and the day used when it is a bank holiday."""
        if self.rule is Rule.WORKING_DAY:
            return self.day_words
        return f"{self.day_words}, or the next working day if that is a bank holiday"

    def due_on(self, period: Period) -> date:
        """Return the day the return for a period is due.

        Raises:
            ValueError: for a period of another frequency, or one outside the years whose bank holidays are known.
        """
        if period.frequency is not self.frequency:
            raise ValueError(f"{period.label} is not the period of a {self.frequency} return")
        next_month = period.last_day + timedelta(days=1)
        if self.weekday is None:
            return nth_working_day(next_month.year, next_month.month, self.nth)
        return working_day_from(nth_weekday(next_month.year, next_month.month, self.weekday, self.nth))

    def period_of(self, day: date) -> Period:
        """Return the period that a day lies in."""
        return Period.containing(day, self.frequency)

    def periods(self, start: date, end: date) -> list[Period]:
        """Return, in order, every period with a day from start to end, both included; none when end is before start."""
        periods, period = [], self.period_of(start)
        while start <= end and period.first_day <= end:
            periods.append(period)
            period = period.next()
        return periods
