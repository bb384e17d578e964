"""When returns are due: the period, the day after it, and both in words."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standards.cadence import Cadence, Frequency, Period, Rule
from standards.working_days import is_working_day

MONTHLY, QUARTERLY = Frequency.MONTHLY, Frequency.QUARTERLY
FRIDAY = 4
THIRD_FRIDAY = Cadence(MONTHLY, Rule.WEEKDAY, 3, FRIDAY)

cadences = st.one_of(
    st.builds(
        Cadence,
        st.sampled_from(Frequency),
        st.just(Rule.WEEKDAY),
        st.sampled_from([1, 2, 3, 4, -1]),
        st.integers(0, FRIDAY),
    ),
    st.builds(
        Cadence, st.sampled_from(Frequency), st.just(Rule.WORKING_DAY), st.sampled_from([*range(1, 16), -1])
    ),
)
days = st.dates(date(1990, 1, 1), date(2100, 6, 30))


def month(year: int, number: int) -> Period:
    return Period(date(year, number, 1), MONTHLY)


def quarter(year: int, number: int) -> Period:
    return Period(date(year, number, 1), QUARTERLY)


@pytest.mark.parametrize(
    ("day", "frequency", "first", "last", "label"),
    [
        (date(2020, 5, 31), MONTHLY, date(2020, 5, 1), date(2020, 5, 31), "May 2020"),
        (date(2020, 2, 1), MONTHLY, date(2020, 2, 1), date(2020, 2, 29), "February 2020"),
        (date(2020, 12, 9), MONTHLY, date(2020, 12, 1), date(2020, 12, 31), "December 2020"),
        (date(2020, 4, 1), QUARTERLY, date(2020, 4, 1), date(2020, 6, 30), "April to June 2020"),
        (date(2020, 6, 30), QUARTERLY, date(2020, 4, 1), date(2020, 6, 30), "April to June 2020"),
        (date(2020, 8, 3), QUARTERLY, date(2020, 7, 1), date(2020, 9, 30), "July to September 2020"),
        (date(2020, 11, 5), QUARTERLY, date(2020, 10, 1), date(2020, 12, 31), "October to December 2020"),
        (date(2021, 3, 31), QUARTERLY, date(2021, 1, 1), date(2021, 3, 31), "January to March 2021"),
    ],
)
def test_the_period_of_a_day(day: date, frequency: Frequency, first: date, last: date, label: str) -> None:
    period = Period.containing(day, frequency)
    assert (period.first_day, period.last_day, period.label, str(period)) == (first, last, label, label)


def test_periods_follow_one_another_and_sort() -> None:
    assert month(2020, 12).next() == month(2021, 1)
    assert quarter(2020, 10).next() == quarter(2021, 1)
    assert sorted([month(2021, 1), month(2020, 2)]) == [month(2020, 2), month(2021, 1)]


@pytest.mark.parametrize(("first", "frequency"), [(date(2020, 5, 2), MONTHLY), (date(2020, 5, 1), QUARTERLY)])
def test_a_period_begins_where_a_period_begins(first: date, frequency: Frequency) -> None:
    with pytest.raises(ValueError, match="must start on its first day"):
        Period(first, frequency)


@pytest.mark.parametrize(
    ("cadence", "period", "due"),
    [
        (THIRD_FRIDAY, month(2020, 5), date(2020, 6, 19)),
        (THIRD_FRIDAY, month(2020, 12), date(2021, 1, 15)),  # over the year's end
        (Cadence(MONTHLY, Rule.WEEKDAY, -1, FRIDAY), month(2020, 5), date(2020, 6, 26)),
        # The second Friday of May 2020 was VE Day, that of April Good Friday with Easter Monday after it.
        (Cadence(MONTHLY, Rule.WEEKDAY, 2, FRIDAY), month(2020, 4), date(2020, 5, 11)),
        (Cadence(MONTHLY, Rule.WEEKDAY, 2, FRIDAY), month(2020, 3), date(2020, 4, 14)),
        # The last Monday of May is a bank holiday: the day after it, still in May.
        (Cadence(MONTHLY, Rule.WEEKDAY, -1, 0), month(2020, 4), date(2020, 5, 26)),
        # And that of August 2020 was the last of the month: the day it moves to is in the next.
        (Cadence(MONTHLY, Rule.WEEKDAY, -1, 0), month(2020, 7), date(2020, 9, 1)),
        (Cadence(MONTHLY, Rule.WORKING_DAY, 5), month(2020, 5), date(2020, 6, 5)),
        (Cadence(MONTHLY, Rule.WORKING_DAY, 1), month(2021, 12), date(2022, 1, 4)),
        (Cadence(MONTHLY, Rule.WORKING_DAY, -1), month(2020, 11), date(2020, 12, 31)),
        (Cadence(QUARTERLY, Rule.WEEKDAY, 3, FRIDAY), quarter(2020, 4), date(2020, 7, 17)),
        (Cadence(QUARTERLY, Rule.WORKING_DAY, 10), quarter(2021, 1), date(2021, 4, 16)),
    ],
)
def test_a_return_is_due_in_the_month_after_its_period(cadence: Cadence, period: Period, due: date) -> None:
    assert cadence.due_on(period) == due


def test_a_period_of_another_frequency_is_refused() -> None:
    with pytest.raises(ValueError, match="^April to June 2020 is not the period of a monthly return$"):
        THIRD_FRIDAY.due_on(quarter(2020, 4))


def test_every_period_with_a_day_in_the_span_is_returned() -> None:
    assert THIRD_FRIDAY.periods(date(2019, 11, 30), date(2020, 1, 1)) == [
        month(2019, 11),
        month(2019, 12),
        month(2020, 1),
    ]
    quarterly = Cadence(QUARTERLY, Rule.WORKING_DAY, 5)
    assert quarterly.periods(date(2019, 4, 1), date(2020, 3, 31)) == [
        quarter(2019, 4),
        quarter(2019, 7),
        quarter(2019, 10),
        quarter(2020, 1),
    ]
    assert THIRD_FRIDAY.periods(date(2020, 5, 3), date(2020, 5, 3)) == [month(2020, 5)]
    assert THIRD_FRIDAY.periods(date(2020, 5, 3), date(2020, 5, 2)) == []


MOVES = ", or the next working day if that is a bank holiday"


@pytest.mark.parametrize(
    ("text", "cadence", "words"),
    [
        ("monthly friday 3", THIRD_FRIDAY, f"the third Friday of the following month{MOVES}"),
        (
            "monthly monday -1",
            Cadence(MONTHLY, Rule.WEEKDAY, -1, 0),
            f"the last Monday of the following month{MOVES}",
        ),
        (
            "monthly working_day 5",
            Cadence(MONTHLY, Rule.WORKING_DAY, 5),
            "the fifth working day of the following month",
        ),
        (
            "quarterly working_day 15",
            Cadence(QUARTERLY, Rule.WORKING_DAY, 15),
            "the fifteenth working day of the month after the quarter",
        ),
    ],
)
def test_a_cadence_is_stored_as_text_and_shown_in_words(text: str, cadence: Cadence, words: str) -> None:
    assert str(cadence) == text
    assert Cadence.parse(text) == cadence
    assert cadence.words == words
    assert words == cadence.day_words + (MOVES if cadence.weekday is not None else "")


@pytest.mark.parametrize(
    "text",
    [
        *("", "monthly", "monthly friday", "friday monthly 3", "weekly friday 3", "monthly friday third"),
        *(
            "monthly friday 3 4",
            "monthly friday 5",
            "monthly sunday 1",
            "monthly working_day 0",
            "monthly friday +3",
            "monthly friday \u0663",
            "monthly weekday 3",
        ),
    ],
)
def test_other_texts_say_no_cadence(text: str) -> None:
    with pytest.raises(ValueError, match="is not a cadence such as 'monthly friday 3'"):
        Cadence.parse(text)


@pytest.mark.parametrize(
    ("rule", "nth", "weekday", "reason"),
    [
        (Rule.WEEKDAY, 3, None, "from Monday to Friday"),
        (Rule.WEEKDAY, 3, 5, "from Monday to Friday"),
        (Rule.WEEKDAY, 5, FRIDAY, "from the first to the fourth, or the last"),
        (Rule.WEEKDAY, 0, FRIDAY, "from the first to the fourth, or the last"),
        (Rule.WORKING_DAY, 16, None, "from the first to the fifteenth, or the last"),
        (Rule.WORKING_DAY, -2, None, "from the first to the fifteenth, or the last"),
        (Rule.WORKING_DAY, 5, FRIDAY, "either a day of the week or a working day"),
    ],
)
def test_a_day_that_not_every_month_has_is_no_cadence(
    rule: Rule, nth: int, weekday: int | None, reason: str
) -> None:
    with pytest.raises(ValueError, match=reason):
        Cadence(MONTHLY, rule, nth, weekday)


@given(cadences)
def test_the_text_of_any_cadence_reads_back(cadence: Cadence) -> None:
    assert Cadence.parse(str(cadence)) == cadence


@given(cadences, days)
def test_any_return_is_due_on_a_working_day_soon_after_its_period(cadence: Cadence, day: date) -> None:
    period = cadence.period_of(day)
    assert period.first_day <= day <= period.last_day
    due = cadence.due_on(period)
    assert is_working_day(due)
    assert period.last_day < due <= period.last_day + timedelta(days=36)
    assert cadence.periods(day, day) == [period]


@given(cadences, days)
def test_a_later_period_is_due_later(cadence: Cadence, day: date) -> None:
    period = cadence.period_of(day)
    assert cadence.due_on(period) < cadence.due_on(period.next())
