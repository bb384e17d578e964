"""The clock of section 55: 56 days that begin with the day of publication, whatever the calendar does meanwhile."""

from datetime import date, timedelta

import pytest

from standards.section55 import clock, last_day

CT4 = date(2020, 3, 9)
CT4_LAST = date(2020, 5, 3)


@pytest.mark.parametrize(
    ("published_on", "last"),
    [
        (CT4, CT4_LAST),  # a Sunday: weekends count; the clocks went forward on 29 March
        (date(2020, 1, 6), date(2020, 3, 1)),  # over 29 February
        (date(2019, 1, 6), date(2019, 3, 2)),  # the same in a year without one
        (date(2020, 1, 5), date(2020, 2, 29)),  # ends on 29 February
        (date(2020, 2, 29), date(2020, 4, 24)),  # begins on it
        (date(2000, 2, 1), date(2000, 3, 27)),  # a century that has one
        (date(2100, 2, 1), date(2100, 3, 28)),  # and one that has none
        (date(2019, 11, 7), date(2020, 1, 1)),  # over the year's end
        (date(2019, 12, 31), date(2020, 2, 24)),
        (date(2019, 11, 6), date(2019, 12, 31)),  # ends on the year's last day
        (date(2020, 3, 28), date(2020, 5, 22)),  # the day before the clocks go forward
        (date(2020, 3, 29), date(2020, 5, 23)),  # the day itself, of 23 hours
        (date(2020, 10, 24), date(2020, 12, 18)),  # the day before the clocks go back
        (date(2020, 10, 25), date(2020, 12, 19)),  # the day itself, of 25 hours
        (date(2020, 8, 31), date(2020, 10, 25)),  # ends on it
    ],
)
def test_the_last_day_is_the_56th(published_on: date, last: date) -> None:
    assert last_day(published_on) == last
    days = [published_on + timedelta(days=n) for n in range((last - published_on).days + 1)]
    assert len(days) == 56


@pytest.mark.parametrize("published_on", [None, date(2020, 3, 10)])
def test_an_unpublished_inspection_starts_no_deadline(published_on: date | None) -> None:
    assert clock(published_on=published_on, answered_on=None, on=CT4) is None


@pytest.mark.parametrize(
    ("on", "days_left", "late", "words"),
    [
        (CT4, 55, 0, "55 days left"),
        (date(2020, 3, 28), 36, 0, "36 days left"),
        (date(2020, 3, 29), 35, 0, "35 days left"),
        (date(2020, 3, 30), 34, 0, "34 days left"),
        (date(2020, 5, 2), 1, 0, "1 day left"),
        (CT4_LAST, 0, 0, "Today is the last day"),
        (date(2020, 5, 4), 0, 1, "1 day late"),
        (date(2020, 5, 5), 0, 2, "2 days late"),
        (date(2021, 5, 3), 0, 365, "365 days late"),
    ],
)
def test_an_open_clock_counts_down_and_then_up(on: date, days_left: int, late: int, words: str) -> None:
    now = clock(published_on=CT4, answered_on=None, on=on)
    assert now is not None
    assert (now.last_day, now.days_left, now.days_late, now.words) == (CT4_LAST, days_left, late, words)


@pytest.mark.parametrize(
    ("answered_on", "late", "words"),
    [
        (CT4, 0, "Answered in time"),
        (CT4_LAST, 0, "Answered in time"),
        (date(2020, 5, 4), 1, "Answered 1 day late"),
        (date(2020, 6, 19), 47, "Answered 47 days late"),
    ],
)
def test_an_answer_stops_the_clock(answered_on: date, late: int, words: str) -> None:
    for on in (answered_on, answered_on + timedelta(days=400)):
        now = clock(published_on=CT4, answered_on=answered_on, on=on)
        assert now is not None
        assert (now.days_left, now.days_late, now.words) == (0, late, words)


def test_the_letter_of_19_june_2020_came_on_day_103() -> None:
    assert (date(2020, 6, 19) - CT4).days + 1 == 103
