from datetime import date, datetime

import pytest

from standards.dates import ImpossibleDate, NoDate, plan_period, read_plan_date


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
        ("30 09 2020", date(2020, 9, 30)),
        ("Sept 2020 \u2013 March 2021", date(2021, 3, 31)),
        ("Apr 20 - Mar 21", date(2021, 3, 31)),
        ("April/May 2021", date(2021, 5, 31)),
        ("from April to June 2021", date(2021, 6, 30)),
        ("1-15 March 2021", date(2021, 3, 15)),
        ("01/04/2020 - 31/03/2021", date(2021, 3, 31)),
        ("Q1 to Q2 2020/21", date(2020, 9, 30)),
        ("2019/20 - 2020/21", date(2021, 3, 31)),
        ("w/c Monday 5 October 2020", date(2020, 10, 11)),
        ("w/e 9 October 2020", date(2020, 10, 9)),
        ("2020/03/31", date(2020, 3, 31)),
        ("20200331", date(2020, 3, 31)),
        ("2020-03", date(2020, 3, 31)),
        ("2003-04", date(2004, 3, 31)),
        ("2020-03-31T00:00:00Z", date(2020, 3, 31)),
        ("31/03/2020 09:30", date(2020, 3, 31)),
        ("31 March 2020 (subject to funding)", date(2020, 3, 31)),
        ("End March 20", date(2020, 3, 31)),
        ("Mar.20", date(2020, 3, 31)),
        ("2nd quarter 2019/20", date(2019, 9, 30)),
        ("First quarter of 2019/20", date(2019, 6, 30)),
        ("31\u202fMar\u00adch\u200b 2020", date(2020, 3, 31)),
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
        ("Sept 2020 \u2013 March 2021", date(2020, 9, 1)),
        ("April/May 2021", date(2021, 4, 1)),
        ("1-15 March 2021", date(2021, 3, 1)),
    ],
)
def test_a_start_is_the_first_day_of_its_period(value: str, on: date) -> None:
    assert read_plan_date(value, edge="start").on == on


@pytest.mark.parametrize(
    "value", ["Ongoing", "TBC", "tbc", "N/A", "-", "Immediately", "When funding is known", "", None]
)
def test_a_phrase_without_a_date_is_kept_as_text(value: str | None) -> None:
    assert read_plan_date(value) == (None, value or "")


def test_the_phrase_is_kept_beside_the_day() -> None:
    assert read_plan_date("End of  Q3 2019/20").phrase == "End of Q3 2019/20"
    assert read_plan_date(date(2020, 3, 1)).phrase == "1 March 2020"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("31/02/2020", "is not a real date"),
        ("31 September 2019", "is not a real date"),
        ("29/02/2019", "is not a real date"),
        ("03/31/2020", "is not a real date: write the day before the month, like 31/03/2020"),
        ("31 March 2020 (was June)", "cannot be read"),
        ("13/2020", "is not a real date"),
        ("2020-13-01", "is not a real date"),
        ("31/03/1900", "must have a year between 1990 and 2100"),
        (date(2222, 1, 1), "must have a year between 1990 and 2100"),
        ("March 9999", "must have a year between 1990 and 2100"),
        ("March 0000", "must have a year between 1990 and 2100"),
        ("1 January 0000", "is not a real date"),
        ("31 Mach 2020", "includes an unknown month: mach"),
        ("Spring 2020", "includes an unknown month: spring"),
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
def test_an_invalid_date_says_why(value: object, reason: str) -> None:
    with pytest.raises(ImpossibleDate, match=reason):
        read_plan_date(value)


@pytest.mark.parametrize(
    "value",
    [
        *("Within 6 months", "6 monthly", "Every 3 months", "Year 1", "Phase 2 2021", "12 weeks 2020"),
        *(
            "Autumn 2020",
            "early 2021",
            "mid-November 2020",
            "Summer term 2021",
            "Quarter 4",
            "March",
            "2020",
            "2020-2023",
        ),
        *(
            "January 2021 onwards",
            "Completed Feb 2020",
            "March 2021 (review Sept 2020)",
            "Mar 21 - Apr 20",
            "43921",
        ),
        *("31/03/20 (revised 30/09/20)", "31 December 2020 and ongoing", "w/c soon after 1 May"),
    ],
)
def test_a_phrase_without_a_day_differs_from_a_wrong_day(value: str) -> None:
    with pytest.raises(NoDate):
        read_plan_date(value)


@pytest.mark.parametrize(
    "value", ["31/6/2020", "32 March 2020", "31 Mach 2020", "31 March", "March 9999", "w/c 31/6/2020"]
)
def test_an_invalid_day_is_not_read_as_a_phrase(value: str) -> None:
    with pytest.raises(ImpossibleDate) as refused:
        read_plan_date(value)
    assert not isinstance(refused.value, NoDate)


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
