"""Meetings in the calendar: of the boards at which a person is expected, with their changes and cancellations."""

from datetime import date, datetime, time
from typing import Any

from django.test import Client

from audit.actors import SYSTEM
from meetings.meetings.services import cancel_meeting, save_meeting
from meetings.models import Meeting
from partners.models import BoardSeat
from partners.organisations.services import save_reference
from tests.cast import AT, LONDON, Cast
from tests.desk.calendar.test_calendar import address, events, feed_of, link_of
from tests.meetings.factories import BoardFactory, MeetingFactory, steering_board

JUNE = date(2020, 6, 24)


def meetings_in(feed: Any) -> dict[str, Any]:
    """The meetings of a feed by the keys of their events."""
    return {key: event for key, event in events(feed).items() if key.startswith("meeting-")}


def meetings_of(user: Any) -> dict[str, Any]:
    return meetings_in(feed_of(user))


def give_seat(cast: Cast, meeting: Meeting, **fields: Any) -> None:
    seat = BoardSeat(
        board=meeting.board, organisation=cast.wakefield_council, post="Chief executive", **fields
    )
    save_reference(actor=SYSTEM, row=seat, at=AT)


def test_a_meeting_is_at_its_time_and_place_and_leads_to_its_page(cast: Cast) -> None:
    meeting = MeetingFactory(
        cast=cast, day=JUNE, starts_at=time(14), ends_at=time(16), place="Carr Gate", is_online=True
    )
    (event,) = meetings_of(cast.manager).values()
    assert event["SUMMARY"] == "Meeting: CONTEST Strategic Steering Board"
    assert event.start == datetime(2020, 6, 24, 14, tzinfo=LONDON)
    assert event.end == datetime(2020, 6, 24, 16, tzinfo=LONDON)
    assert (event["LOCATION"], event["TRANSP"]) == ("Carr Gate, online", "OPAQUE")
    assert event["URL"] == f"http://testserver/meetings/{meeting.pk}/"


def test_a_meeting_without_a_time_is_a_whole_day_that_blocks_none(cast: Cast) -> None:
    MeetingFactory(cast=cast, day=JUNE)
    MeetingFactory(cast=cast, day=date(2020, 7, 1), precision="month")  # its day is not known
    MeetingFactory(cast=cast, day=date(2020, 5, 1))  # too long ago
    (event,) = meetings_of(cast.manager).values()
    assert (event.start, event["TRANSP"]) == (JUNE, "TRANSPARENT")
    assert "LOCATION" not in event


def test_a_change_and_a_cancellation_are_the_same_event(cast: Cast) -> None:
    meeting = MeetingFactory(cast=cast, day=JUNE, starts_at=time(14))
    feed = address(link_of(cast.manager)[1])
    (key,) = meetings_in(Client().get(feed))
    save_meeting(actor=cast.manager, meeting=meeting, day=date(2020, 6, 25), at=AT)
    assert meetings_in(Client().get(feed))[key].start == datetime(2020, 6, 25, 14, tzinfo=LONDON)
    cancel_meeting(actor=cast.manager, meeting=meeting, reason="Too few could come.", at=AT)
    cancelled = meetings_in(Client().get(feed))[key]
    assert (cancelled["STATUS"], cancelled["TRANSP"]) == ("CANCELLED", "TRANSPARENT")
    assert cancelled["SUMMARY"] == "Cancelled: Meeting: CONTEST Strategic Steering Board"
    assert str(cancelled["DESCRIPTION"]).startswith("Too few could come.")


EXPECTED = {
    "manager": {"Steering", "Silver"},
    "gold": {"Steering"},
    "auditor": set(),
    "bradford_spoc": set(),
    "wakefield_contact": {"Silver"},
    "stranger": set(),
    "leicestershire_manager": set(),
}


def test_each_person_has_the_meetings_of_their_boards(cast: Cast) -> None:
    MeetingFactory(cast=cast, day=JUNE)
    silver = BoardFactory(partnership=cast.yorkshire, name="Silver group", decides_on_actions=False)
    give_seat(cast, MeetingFactory(cast=cast, board=silver, day=JUNE), starts_on=date(2020, 1, 1))
    give_seat(
        cast,
        MeetingFactory(cast=cast, board=steering_board(cast), day=date(2020, 7, 8)),
        starts_on=date(2019, 1, 1),
        ends_on=date(2019, 12, 31),
    )
    for person, expected in EXPECTED.items():
        titles = " ".join(str(event["SUMMARY"]) for event in meetings_of(cast.person(person)).values())
        assert {name for name in ("Steering", "Silver") if name in titles} == expected, person


def test_of_a_sensitive_meeting_only_the_time_is_shown(cast: Cast) -> None:
    MeetingFactory(
        cast=cast,
        day=JUNE,
        starts_at=time(14),
        place="Carr Gate",
        marking="OFFICIAL-SENSITIVE",
        handling_instruction="Board members only",
    )
    (event,) = meetings_of(cast.gold).values()
    assert (event["SUMMARY"], event.start.hour) == ("Meeting", 14)
    assert "LOCATION" not in event
