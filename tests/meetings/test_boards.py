"""Boards on a day: their names, which seats are vacant, and in which periods they did not meet."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from audit.actors import SYSTEM
from meetings.attendance.services import Attendee, record_attendance
from partners.models import Board, BoardSeat
from partners.organisations.services import save_reference
from tests.cast import AT, Cast
from tests.factories import OrganisationFactory
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


SECTORS = {
    "Councils": ("council", "local_government"),
    "Constabulary": ("police_force", "police"),
    "Prisons": ("other", "criminal_justice"),
    "Probation": ("other", "criminal_justice"),
    "Health": ("health", "health_and_social_care"),
    "Education": ("education", "education"),
}


def test_each_sector_of_a_board_has_a_seat_or_is_vacant(cast: Cast, signed_in: Any) -> None:
    board = BoardFactory(partnership=cast.yorkshire, name="Prevent Steering Group")
    for name, (kind, sector) in SECTORS.items():
        organisation = OrganisationFactory(
            partnership=cast.yorkshire, name=name, kind=kind, schedule_6_sector=sector
        )
        days = {"ends_on": date(2020, 3, 31)} if name == "Health" else {}
        seat = BoardSeat(
            board=board, organisation=organisation, post="Member", vacant=name == "Prisons", **days
        )
        save_reference(actor=SYSTEM, row=seat, at=AT)
    response = signed_in("gold").get(f"/boards/{board.pk}/")
    rows = [
        (each.seat.sector, each.seat.organisation.name, each.status) for each in response.context["seats"]
    ]
    assert rows == [
        ("Criminal justice", "Prisons", "Vacant"),
        ("Criminal justice", "Probation", "Filled"),
        ("Education, child care etc.", "Education", "Filled"),
        ("Health and social care", "Health", "Ended"),
        ("Local government", "Councils", "Filled"),
        ("Police", "Constabulary", "Filled"),
    ]
    assert "Vacant: Prisons, Health." in response.content.decode()


def test_a_vacant_seat_brings_no_member_and_no_sight_of_meetings(cast: Cast, signed_in: Any) -> None:
    board = BoardFactory(partnership=cast.yorkshire, name="Silver group")
    meeting = held_meeting(cast, board=board)
    seats = [
        BoardSeat(board=board, organisation=cast.police, post="Chair"),
        BoardSeat(board=board, organisation=cast.wakefield_council, post="Director", vacant=True),
    ]
    for seat in seats:
        save_reference(actor=SYSTEM, row=seat, at=AT)
    page, partner = f"/meetings/{meeting.pk}/", signed_in("wakefield_contact")
    assert partner.get(page).status_code == 404
    with pytest.raises(ValidationError, match="has no seat on this board"):
        record_attendance(
            actor=cast.manager,
            meeting=meeting,
            attendees=[Attendee(cast.wakefield_council, "Director", "present")],
            at=AT,
        )
    seats[1].vacant = False
    save_reference(actor=SYSTEM, row=seats[1], at=AT)
    assert partner.get(page).status_code == 200
