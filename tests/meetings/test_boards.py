"""Boards on a day: which of them exist, what they are called, and in which periods they did not meet."""

from datetime import date
from typing import Any

import pytest

from partners.models import Board
from tests.cast import Cast
from tests.meetings.factories import BoardFactory, MeetingFactory, held_meeting


def test_meetings_of_a_past_day_carry_the_name_that_the_board_had_on_it(cast: Cast, signed_in: Any) -> None:
    old = BoardFactory(partnership=cast.yorkshire, name="Prevent Gold group", ends_on=date(2020, 5, 31))
    new = BoardFactory(
        partnership=cast.yorkshire, name="CONTEST board", starts_on=date(2020, 6, 1), succeeds=old
    )
    then, now = held_meeting(cast, board=old, day=date(2020, 5, 12)), held_meeting(cast, board=new)
    client = signed_in("gold")
    for meeting, name in ((then, "Prevent Gold group"), (now, "CONTEST board")):
        for address in (f"/meetings/{meeting.pk}/", f"/meetings/{meeting.pk}/minutes/"):
            assert f"{name}, {meeting.day_in_words}" in client.get(address).content.decode()
    page = client.get(f"/boards/{new.pk}/").content.decode()
    assert "Took over from" in page
    assert "Prevent Gold group" in page


@pytest.mark.parametrize(
    ("cadence", "without"),
    [
        ("monthly", ["November 2019", "December 2019", "February 2020", "March 2020", "April 2020"]),
        ("two_monthly", ["November to December 2019", "March to April 2020"]),
        ("quarterly", []),
        ("annually", []),
        ("as_needed", []),
    ],
)
def test_periods_of_the_cadence_without_a_meeting(cadence: str, without: list[str]) -> None:
    days = [date(2019, 10, 8), date(2020, 1, 31), date(2020, 5, 1)]
    assert Board(cadence=cadence).periods_without(days, date(2020, 5, 31)) == without
    assert Board(cadence=cadence).periods_without([], date(2020, 5, 31)) == []


def test_a_board_that_ended_misses_no_period_after_it() -> None:
    board = Board(cadence="quarterly", ends_on=date(2020, 1, 31))
    assert board.periods_without([date(2019, 5, 1)], date(2020, 12, 1)) == [
        "July to September 2019",
        "October to December 2019",
    ]


def test_the_page_of_a_board_names_the_periods_without_a_meeting(cast: Cast, signed_in: Any) -> None:
    board = BoardFactory(partnership=cast.yorkshire, name="Silver group", cadence="quarterly")
    held_meeting(cast, board=board, day=date(2019, 11, 5))
    MeetingFactory(cast=cast, board=board, day=date(2020, 3, 5))
    page = signed_in("gold").get(f"/boards/{board.pk}/").content.decode()
    assert "No meeting is recorded in January to March 2020." in page
