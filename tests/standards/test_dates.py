from datetime import date, datetime

import pytest

from standards.dates import ImpossibleDate, plan_period, read_plan_date


@pytest.mark.parametrize(
    ("value", "on"),
    [
        (date(2020, 3, 31), date(2020, 3, 31)),
        (datetime(2020, 3, 31, 9, 30), date(2020, 3, 31)),
        ("31/03/2020", date(2020, 3, 31)),
        ("3/4/2020", date(2020, 4, 3)),
        ("31.03.20", date(2020, 3, 31)),
        ("31-3-2020", date(2020, 3, 31)),
        ("2020-03-31", date(2020, 3, 31)),
        ("2020-03-31 00:00:00", date(2020, 3, 31)),
        ("31 March 2020", date(2020, 3, 31)),
        ("31st  March, 2020", date(2020, 3, 31)),
        ("Tuesday 31 March 2020", date(2020, 3, 31)),
        ("31-Mar-20", date(2020, 3, 31)),
        ("30 Sept 2019", date(2019, 9, 30)),
        ("March 31, 2020", date(2020, 3, 31)),
        ("March 2020", date(2020, 3, 31)),
        ("February 2020", date(2020, 2, 29)),
        ("Dec 2019", date(2019, 12, 31)),
        ("Mar-20", date(2020, 3, 31)),
        ("Mar \u201920", date(2020, 3, 31)),
        ("03/2020", date(2020, 3, 31)),
        ("by end of March 2020", date(2020, 3, 31)),
        ("By the end of March 2020.", date(2020, 3, 31)),
        ("By 30 November 2015", date(2015, 11, 30)),
        ("Q1 2019/20", date(2019, 6, 30)),
        ("Q3 2019/20", date(2019, 12, 31)),
        ("Q4 2019/20", date(2020, 3, 31)),
        ("End of Q3 2019/20", date(2019, 12, 31)),
        ("Quarter 3, 2019-20", date(2019, 12, 31)),
        ("Qtr 3 19/20", date(2019, 12, 31)),
        ("2019/20 Q3", date(2019, 12, 31)),
        ("2019/20", date(2020, 3, 31)),
        ("2019\u201320", date(2020, 3, 31)),
        ("FY 2019/2020", date(2020, 3, 31)),
        ("End of the financial year 2019/20", date(2020, 3, 31)),
        ("19/20", date(2020, 3, 31)),
        ("1999/00", date(2000, 3, 31)),
        ("End of 2020", date(2020, 12, 31)),
    ],
)
def test_a_date_is_read_from_cells_figures_words_quarters_and_financial_years(
    value: object, on: date
) -> None:
    assert read_plan_date(value).on == on


@pytest.mark.parametrize(
    ("value", "on"),
    [
        ("April 2019", date(2019, 4, 1)),
        ("Q3 2019/20", date(2019, 10, 1)),
        ("Q4 2019/20", date(2020, 1, 1)),
        ("2019/20", date(2019, 4, 1)),
        ("End of Q3 2019/20", date(2019, 12, 31)),
        ("05/04/2019", date(2019, 4, 5)),
    ],
)
def test_a_start_is_the_first_day_of_its_period(value: str, on: date) -> None:
    assert read_plan_date(value, edge="start").on == on


@pytest.mark.parametrize(
    "value", ["Ongoing", "TBC", "tbc", "N/A", "-", "Immediately", "When funding is known", "", None]
)
def test_a_phrase_without_a_date_is_no_date_and_is_kept(value: str | None) -> None:
    assert read_plan_date(value) == (None, value or "")


def test_the_words_are_kept_beside_the_day() -> None:
    assert read_plan_date("End of  Q3 2019/20").phrase == "End of Q3 2019/20"
    assert read_plan_date(date(2020, 3, 1)).phrase == "1 March 2020"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("31/02/2020", "not a day in the calendar"),
        ("31 September 2019", "not a day in the calendar"),
        ("29/02/2019", "not a day in the calendar"),
        ("03/31/2020", "not a day in the calendar"),
        ("13/2020", "not a day in the calendar"),
        ("2020-13-01", "not a day in the calendar"),
        ("31/03/1900", "not plausible"),
        (date(2222, 1, 1), "not plausible"),
        ("March 9999", "not plausible"),
        ("March 0000", "not plausible"),
        ("1 January 0000", "not a day in the calendar"),
        ("31 Mach 2020", "names no month: mach"),
        ("Spring 2020", "names no month: spring"),
        ("March", "needs a year"),
        ("31 March", "needs a year"),
        ("March 31", "cannot be read"),
        ("2020", "needs a month"),
        ("Q3", "needs the financial year"),
        ("Q3 2019", "needs the financial year"),
        ("2019/21", "not a financial year"),
        ("31/03/2020 or 30/06/2020", "cannot be read"),
        (43921, "number, not a date"),
        (True, "number, not a date"),
    ],
)
def test_what_is_no_date_says_why(value: object, reason: str) -> None:
    with pytest.raises(ImpossibleDate, match=reason):
        read_plan_date(value)


@pytest.mark.parametrize(
    ("title", "period"),
    [
        ("Prevent Business Plan 2019/20", (date(2019, 4, 1), date(2020, 3, 31))),
        ("2019-2020 delivery plan", (date(2019, 4, 1), date(2020, 3, 31))),
        ("Strategy 2018\u201321", (date(2018, 4, 1), date(2021, 3, 31))),
        ("Prevent plan 2020", None),
        ("Prevent plan 2020/19", None),
        ("Prevent plan", None),
    ],
)
def test_a_plan_s_period_is_read_from_its_title(title: str, period: tuple[date, date] | None) -> None:
    assert plan_period(title) == period
