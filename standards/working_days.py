"""Working days of England and Wales: Monday to Friday, less the bank holidays.

Bank holidays come from the `holidays` package. It works out the yearly ones for every year from 1990 to 2100, which is
what is answered for here, and it knows the days that were moved or proclaimed once before its pinned release: 8 May
instead of 4 May in 2020 (VE Day), 2 and 3 June (Platinum Jubilee) and 19 September (State Funeral) in 2022 and 8 May
2023 (Coronation) among them. A day proclaimed later needs a newer release of the package.
"""

from calendar import day_name, monthrange
from datetime import date, timedelta

from holidays import country_holidays

from standards.dates import EARLIEST_YEAR, LATEST_YEAR, MONTHS

SATURDAY = 5
LAST = -1
ORDINALS = (
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"),
    *("ninth", "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth"),
)
_DAY = timedelta(days=1)
# England's and Wales's are the same by law; the package keeps them under two names.
_BANK_HOLIDAYS = frozenset(country_holidays("GB", subdiv="ENG", years=range(EARLIEST_YEAR, LATEST_YEAR + 1)))


def is_working_day(day: date) -> bool:
    """Say whether a day is neither at a weekend nor a bank holiday.

    Raises:
        ValueError: outside the years whose bank holidays are known.
    """
    _known(day.year)
    return day not in _BANK_HOLIDAYS and day.weekday() < SATURDAY


def working_day_from(day: date) -> date:
    """Return the day itself when it is a working day, else the first one after it."""
    while not is_working_day(day):
        day += _DAY
    return day


def add_working_days(day: date, number: int) -> date:
    """Return the day so many working days later, or earlier for a number below nought; nought is the day itself."""
    step = _DAY if number > 0 else -_DAY
    for _ in range(abs(number)):
        day += step
        while not is_working_day(day):
            day += step
    return day


def nth_working_day(year: int, month: int, n: int) -> date:
    """Return the nth working day of a month, counted from 1; -1 is the last.

    Raises:
        ValueError: in plain words, when the month has no such day.
    """
    days = [day for day in _days_of(year, month) if is_working_day(day)]
    return _nth(days, n, "working day", year, month)


def nth_weekday(year: int, month: int, weekday: int, n: int) -> date:
    """Return the nth Monday (0) to Sunday (6) of a month, counted from 1; -1 is the last. It may be a bank holiday.

    Raises:
        ValueError: in plain words, when the month has no such day.
    """
    if weekday not in range(7):
        raise ValueError("Days of the week go from 0 for Monday to 6 for Sunday")
    days = [day for day in _days_of(year, month) if day.weekday() == weekday]
    return _nth(days, n, day_name[weekday], year, month)


def ordinal(n: int) -> str:
    """Return the word for a place from 1 to 15, or for the last."""
    if n == LAST:
        return "last"
    return ORDINALS[n - 1] if 1 <= n <= len(ORDINALS) else f"number {n}"


def _nth(days: list[date], n: int, what: str, year: int, month: int) -> date:
    if n == LAST:
        return days[-1]
    if not 1 <= n <= len(days):
        raise ValueError(f"{MONTHS[month - 1].title()} {year} has no {ordinal(n)} {what}")
    return days[n - 1]


def _days_of(year: int, month: int) -> list[date]:
    if month not in range(1, 13):
        raise ValueError("Months go from 1 for January to 12 for December")
    _known(year)
    return [date(year, month, day) for day in range(1, monthrange(year, month)[1] + 1)]


def _known(year: int) -> None:
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise ValueError(f"Working days are known from {EARLIEST_YEAR} to {LATEST_YEAR}, not in {year}")
