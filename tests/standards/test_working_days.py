"""Working days: Monday to Friday, less the bank holidays of England and Wales, the moved and the single ones too."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standards.working_days import (
    add_working_days,
    is_working_day,
    nth_weekday,
    nth_working_day,
    working_day_from,
)

MONDAY, FRIDAY, SUNDAY = 0, 4, 6


@pytest.mark.parametrize(
    "day",
    [
        date(1995, 5, 8),  # VE Day, moved
        date(1999, 12, 31),  # the millennium
        date(2002, 6, 3),  # Golden Jubilee
        date(2002, 6, 4),
        date(2011, 4, 29),  # a royal wedding
        date(2012, 6, 4),
        date(2012, 6, 5),  # Diamond Jubilee
        date(2020, 1, 1),
        date(2020, 4, 10),  # Good Friday
        date(2020, 4, 13),  # Easter Monday
        date(2020, 5, 8),  # VE Day, moved
        date(2020, 5, 25),
        date(2020, 8, 31),
        date(2020, 12, 25),
        date(2020, 12, 28),  # for Boxing Day, a Saturday
        date(2021, 12, 27),  # for Christmas Day, a Saturday
        date(2021, 12, 28),  # for Boxing Day, a Sunday
        date(2022, 1, 3),  # for New Year's Day, a Saturday
        date(2022, 6, 2),
        date(2022, 6, 3),  # Platinum Jubilee
        date(2022, 9, 19),  # the State Funeral
        date(2023, 5, 1),
        date(2023, 5, 8),  # the Coronation
        date(2026, 12, 28),
        date(2020, 6, 20),  # a Saturday
        date(2020, 6, 21),  # a Sunday
    ],
)
def test_weekends_and_bank_holidays_are_no_working_days(day: date) -> None:
    assert not is_working_day(day)


@pytest.mark.parametrize(
    "day",
    [
        date(1995, 5, 1),  # moved to VE Day
        date(2012, 5, 28),  # moved to the jubilee
        date(2020, 5, 4),  # moved to VE Day
        date(2022, 5, 30),  # moved to the jubilee
        date(2020, 6, 19),
        date(2020, 12, 24),
        date(2020, 7, 13),  # a bank holiday in Northern Ireland only
        date(2020, 8, 3),  # in Scotland only
        date(2020, 11, 30),
        date(2026, 6, 15),
        date(2021, 1, 4),
    ],
)
def test_other_days_are_working_days(day: date) -> None:
    assert is_working_day(day)


@pytest.mark.parametrize(
    ("day", "following", "same_or_following"),
    [
        (date(2020, 6, 19), date(2020, 6, 22), date(2020, 6, 19)),  # a Friday
        (date(2020, 6, 20), date(2020, 6, 22), date(2020, 6, 22)),
        (date(2020, 4, 9), date(2020, 4, 14), date(2020, 4, 9)),  # over Easter
        (date(2020, 4, 10), date(2020, 4, 14), date(2020, 4, 14)),
        (date(2021, 12, 24), date(2021, 12, 29), date(2021, 12, 24)),
        (date(2020, 12, 31), date(2021, 1, 4), date(2020, 12, 31)),  # over the year's end
    ],
)
def test_the_next_working_day_comes_after(day: date, following: date, same_or_following: date) -> None:
    assert working_day_from(day + timedelta(days=1)) == following
    assert working_day_from(day) == same_or_following


@pytest.mark.parametrize(
    ("day", "number", "result"),
    [
        (date(2020, 6, 19), 1, date(2020, 6, 22)),
        (date(2020, 6, 19), 5, date(2020, 6, 26)),
        (date(2020, 6, 20), 1, date(2020, 6, 22)),  # from a Saturday
        (date(2020, 6, 20), 0, date(2020, 6, 20)),
        (date(2020, 5, 7), 1, date(2020, 5, 11)),  # over VE Day
        (date(2020, 6, 22), -1, date(2020, 6, 19)),
        (date(2020, 4, 14), -2, date(2020, 4, 8)),  # back over Easter
    ],
)
def test_working_days_are_added_and_taken_away(day: date, number: int, result: date) -> None:
    assert add_working_days(day, number) == result


@pytest.mark.parametrize(
    ("year", "month", "n", "day"),
    [
        (2020, 6, 1, date(2020, 6, 1)),
        (2020, 6, 5, date(2020, 6, 5)),
        (2020, 6, 6, date(2020, 6, 8)),
        (2020, 1, 1, date(2020, 1, 2)),
        (2020, 5, 6, date(2020, 5, 11)),  # over VE Day
        (2022, 6, 2, date(2022, 6, 6)),  # over the jubilee
        (2020, 5, -1, date(2020, 5, 29)),
        (2020, 2, 20, date(2020, 2, 28)),
    ],
)
def test_the_nth_working_day(year: int, month: int, n: int, day: date) -> None:
    assert nth_working_day(year, month, n) == day


@pytest.mark.parametrize(
    ("year", "month", "weekday", "n", "day"),
    [
        (2020, 6, FRIDAY, 3, date(2020, 6, 19)),
        (2020, 5, FRIDAY, 1, date(2020, 5, 1)),
        (2020, 5, FRIDAY, 2, date(2020, 5, 8)),  # a bank holiday all the same
        (2020, 5, FRIDAY, 5, date(2020, 5, 29)),
        (2020, 5, FRIDAY, -1, date(2020, 5, 29)),
        (2020, 2, FRIDAY, -1, date(2020, 2, 28)),
        (2020, 2, SUNDAY, 1, date(2020, 2, 2)),
        (2020, 8, MONDAY, -1, date(2020, 8, 31)),
    ],
)
def test_the_nth_weekday(year: int, month: int, weekday: int, n: int, day: date) -> None:
    assert nth_weekday(year, month, weekday, n) == day


def test_a_day_that_is_not_there_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="^June 2020 has no fifth Friday$"):
        nth_weekday(2020, 6, FRIDAY, 5)
    with pytest.raises(ValueError, match="^June 2020 has no number 0 Friday$"):
        nth_weekday(2020, 6, FRIDAY, 0)
    with pytest.raises(ValueError, match="^February 2020 has no number 21 working day$"):
        nth_working_day(2020, 2, 21)
    with pytest.raises(ValueError, match="number -2 working day"):
        nth_working_day(2020, 2, -2)
    with pytest.raises(ValueError, match="Months go from 1"):
        nth_working_day(2020, 13, 1)
    with pytest.raises(ValueError, match="Days of the week go from 0"):
        nth_weekday(2020, 6, 7, 1)


@pytest.mark.parametrize("day", [date(1989, 12, 29), date(2101, 1, 3)])
def test_years_that_are_not_known_are_not_guessed(day: date) -> None:
    with pytest.raises(ValueError, match="^Working days are known from 1990 to 2100, not in "):
        is_working_day(day)
    with pytest.raises(ValueError, match="known from 1990"):
        nth_weekday(day.year, 1, FRIDAY, 1)


@given(st.dates(date(1990, 1, 1), date(2100, 12, 1)))
def test_there_is_no_working_day_between_a_day_and_the_next(day: date) -> None:
    following = working_day_from(day + timedelta(days=1))
    assert is_working_day(following)
    between = [day + timedelta(days=n) for n in range(1, (following - day).days)]
    assert len(between) <= 4
    assert not any(is_working_day(each) for each in between)


@given(st.dates(date(1995, 1, 1), date(2095, 12, 31)), st.integers(1, 60))
def test_adding_comes_back(day: date, number: int) -> None:
    start = working_day_from(day)
    assert add_working_days(add_working_days(start, number), -number) == start
