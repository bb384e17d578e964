"""Deadlines as reports print them: a day where the phrase names one, and no guess where it does not."""

from datetime import date

import pytest

from standards.deadlines import read_deadline


@pytest.mark.parametrize(
    ("phrase", "day"),
    [
        ("By 30 November 2015, chief constables should review their plans", date(2015, 11, 30)),
        ("by 30th  November\n2015 forces should", date(2015, 11, 30)),
        ("No later than Friday 27 March 2020", date(2020, 3, 27)),
        ("On or before 1 dec 2019, the College", date(2019, 12, 1)),
        ("30/11/2015", date(2015, 11, 30)),
        ("By 30.11.2015, forces", date(2015, 11, 30)),
        ("2015-11-30", date(2015, 11, 30)),
        ("By the end of March 2016, forces", date(2016, 3, 31)),
        ("By March 2016", date(2016, 3, 31)),
        ("By the end of 2016, all forces", date(2016, 12, 31)),
        ("By the end of 2015/16 forces should", date(2016, 3, 31)),
        ("By Q3 2019/20, the Home Office", date(2019, 12, 31)),
        ("By 29 February 2020, forces", date(2020, 2, 29)),
        ("By 31 December 2019 (by 31 December 2019)", date(2019, 12, 31)),
        ("By September 2015, each force named in the report of 3 March 2015 should", date(2015, 9, 30)),
    ],
)
def test_a_phrase_that_names_a_day(phrase: str, day: date) -> None:
    assert read_deadline(phrase) == day


@pytest.mark.parametrize(
    "phrase",
    [
        "",
        "immediately",
        "Within three months",
        "Within three months of 30 November 2015",
        "Following the report of 3 March 2015, forces should",
        "By 31 February 2016, forces",
        "By 29 February 2019, forces",
        "By 31 February 2016 and by 30 June 2016",
        "By 30 November 2015, and again by 30 June 2016",
        "By 30 November, chief constables",
        "By 1 April 20201",
        "Ongoing",
        "2016",
    ],
)
def test_a_phrase_that_names_none_or_more_than_one(phrase: str) -> None:
    assert read_deadline(phrase) is None
