"""Attendance by post: quorum before decisions, and rates that leave out cancelled meetings."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from audit.actors import SYSTEM
from meetings.attendance.queries import Rate, present_at, rates_of
from meetings.attendance.services import Attendee, record_attendance
from meetings.decisions.services import record_decision
from meetings.meetings.services import cancel_meeting, save_meeting
from meetings.models import Attendance, Decision, Meeting
from partners.models import BoardSeat
from partners.organisations.services import save_reference
from tests.cast import AT, Cast
from tests.meetings.factories import BoardFactory, MeetingFactory, MinuteFactory, held_meeting, steering_board
from tests.meetings.test_meetings import refusal

Kind = Attendance.Kind


def attend(cast: Cast, meeting: Meeting, **kinds: str) -> None:
    """Record the attendance of the force's chair and the council's director."""
    organisations = {"chair": (cast.police, "Chair"), "director": (cast.wakefield_council, "Director")}
    attendees = [Attendee(*organisations[name], kind) for name, kind in kinds.items()]
    record_attendance(actor=cast.manager, meeting=meeting, attendees=attendees, at=AT)


def test_a_meeting_decides_only_with_a_quorum(cast: Cast) -> None:
    meeting = held_meeting(cast, quorum=2)
    minute = MinuteFactory(cast=cast, meeting=meeting)
    words = {"actor": cast.manager, "minute": minute, "effect": "note", "wording": "Noted.", "at": AT}
    assert refusal(record_decision, **words) == (
        "Record the attendance of 12 June 2020 first. That meeting needs a quorum of 2 to decide."
    )
    attend(cast, meeting, chair=Kind.PRESENT, director=Kind.APOLOGIES)
    assert refusal(record_decision, **words) == (
        "The meeting of 12 June 2020 was not quorate: 1 present, and 2 are needed to decide."
    )
    attend(cast, meeting, director=Kind.IN_ATTENDANCE)
    assert "1 present" in refusal(record_decision, **words)
    attend(cast, meeting, director=Kind.SUBSTITUTE)
    assert record_decision(**words) == Decision.objects.get()
    with pytest.raises(ValidationError, match="Decisions are recorded, so the quorum must remain"):
        attend(cast, meeting, director=Kind.APOLOGIES)
    assert present_at(meeting) == 2
    change = {"actor": cast.manager, "meeting": meeting, "at": AT}
    assert refusal(save_meeting, quorum=3, **change) == {
        "quorum": ["Decisions are recorded under this quorum. Enter 2 or less."]
    }


def test_who_has_no_seat_is_no_member(cast: Cast) -> None:
    meeting = held_meeting(cast, quorum=1)
    seat = BoardSeat(board=meeting.board, organisation=cast.police, post="Chair")
    save_reference(actor=SYSTEM, row=seat, at=AT)
    with pytest.raises(ValidationError, match="already has this seat without a first day"):
        save_reference(
            actor=SYSTEM, row=BoardSeat(board=meeting.board, organisation=cast.police, post="Chair"), at=AT
        )
    with pytest.raises(ValidationError, match="Director, .* has no seat on this board on that day"):
        attend(cast, meeting, chair=Kind.APOLOGIES, director=Kind.PRESENT)
    assert not Attendance.objects.exists()
    attend(cast, meeting, chair=Kind.PRESENT, director=Kind.IN_ATTENDANCE)
    assert present_at(meeting) == 1


def test_a_meeting_has_the_quorum_of_its_board_unless_it_says_another(cast: Cast) -> None:
    board = BoardFactory(partnership=cast.yorkshire, name="Silver group", quorum=5)
    assert MeetingFactory(cast=cast, board=board).quorum == 5
    assert MeetingFactory(cast=cast, board=board, day=date(2020, 6, 15), quorum=3).quorum == 3


def test_rates_count_meetings_that_took_place(cast: Cast) -> None:
    board = steering_board(cast)
    came = [
        {"chair": Kind.PRESENT, "director": Kind.APOLOGIES},
        {"chair": Kind.PRESENT, "director": Kind.SUBSTITUTE},
        {"chair": Kind.ABSENT},
    ]
    for number, kinds in enumerate(came):
        attend(cast, held_meeting(cast, board=board, day=date(2020, 6, 1 + number)), **kinds)
    cancelled = held_meeting(cast, board=board)
    attend(cast, cancelled, chair=Kind.ABSENT, director=Kind.ABSENT)
    # No service cancels a meeting that was held; the rates leave it out all the same.
    Meeting.objects.filter(pk=cancelled.pk).update(state="cancelled", cancelled_reason="Illness.")
    MeetingFactory(cast=cast, board=board, day=date(2020, 6, 24))
    rates = {
        rate.post: (rate.came, rate.meetings, rate.percent)
        for rate in rates_of(board, cast.manager, AT.date())
    }
    assert rates == {"Chair": (2, 3, 67), "Director": (1, 2, 50)}
    assert Rate(cast.police, "Chair", came=1, meetings=8).percent == 13
    assert rates_of(board, cast.leicestershire_manager, AT.date()) == []


def test_no_attendance_is_recorded_of_a_meeting_that_did_not_take_place(cast: Cast) -> None:
    meeting = MeetingFactory(cast=cast)
    attendees = [Attendee(cast.police, "Chair", Kind.PRESENT)]
    record = {"actor": cast.manager, "meeting": meeting, "attendees": attendees, "at": AT}
    assert refusal(record_attendance, **record) == (
        "This meeting has not been held yet, so it has no minutes."
    )
    cancel_meeting(actor=cast.manager, meeting=meeting, reason="Illness.", at=AT)
    assert "was cancelled" in refusal(record_attendance, **record)
    assert not Attendance.objects.exists()


def test_attendance_is_changed_and_removed(cast: Cast) -> None:
    meeting = held_meeting(cast)
    attend(cast, meeting, chair=Kind.PRESENT, director=Kind.PRESENT)
    attend(cast, meeting, chair=Kind.APOLOGIES, director="")
    row = Attendance.objects.get()
    assert (row.post, row.kind) == ("Chair", Kind.APOLOGIES)


def test_an_organisation_of_another_partnership_has_no_attendance_and_no_seat(cast: Cast) -> None:
    meeting = held_meeting(cast)
    attendees = [Attendee(cast.city_council, "Director", Kind.PRESENT)]
    words = refusal(record_attendance, actor=cast.manager, meeting=meeting, attendees=attendees, at=AT)
    assert words == {"organisation": ["Select an organisation in this partnership"]}
    seat = BoardSeat(
        board=meeting.board, organisation=cast.city_council, post="Director", starts_on=date(2020, 1, 1)
    )
    assert refusal(save_reference, actor=SYSTEM, row=seat, at=AT) == {
        "organisation": ["Select an organisation in this partnership"]
    }


def test_seats_are_dated_and_succeed_one_another(cast: Cast) -> None:
    board = steering_board(cast)
    fields = {"board": board, "organisation": cast.wakefield_council}
    old = BoardSeat(post="Director", starts_on=date(2019, 1, 1), ends_on=date(2020, 3, 31), **fields)
    old = save_reference(actor=SYSTEM, row=old, at=AT)
    new = BoardSeat(post="Corporate director", starts_on=date(2020, 4, 1), succeeds=old, **fields)
    new = save_reference(actor=SYSTEM, row=new, at=AT)
    assert list(BoardSeat.objects.running_on(date(2020, 3, 31))) == [old]
    assert list(BoardSeat.objects.running_on(date(2020, 4, 1))) == [new]
    overlapping = BoardSeat(post="Leader", starts_on=date(2020, 3, 31), succeeds=old, **fields)
    assert "succeeds" in refusal(save_reference, actor=SYSTEM, row=overlapping, at=AT)


def test_a_seat_begins_while_its_board_exists(cast: Cast) -> None:
    board = BoardFactory(partnership=cast.yorkshire, name="Old board", ends_on=date(2020, 5, 31))
    seat = BoardSeat(board=board, organisation=cast.police, post="Chair", starts_on=date(2020, 6, 1))
    assert refusal(save_reference, actor=SYSTEM, row=seat, at=AT) == {
        "starts_on": ["Old board did not exist on 1 June 2020"]
    }
