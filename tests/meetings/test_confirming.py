"""The next meeting confirms the minutes, which locks them; a correction is an entry of the next minutes."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from meetings.arisings.services import record_arising
from meetings.attendance.services import Attendee, record_attendance
from meetings.decisions.services import record_decision
from meetings.meetings.services import cancel_meeting, remove_item, save_item, save_meeting
from meetings.minutes.services import change_minute, confirm_minutes, write_minute
from meetings.models import AgendaItem, Arising, Attendance, Decision, Meeting, Minute
from tests.cast import AT, Cast
from tests.meetings.factories import BoardFactory, MeetingFactory, MinuteFactory, held_meeting
from tests.meetings.test_meetings import refusal


def confirmed(cast: Cast) -> tuple[Minute, Meeting]:
    """Return a minute of a confirmed meeting, and the meeting that confirmed it."""
    minute = MinuteFactory(cast=cast, meeting=held_meeting(cast, day=date(2020, 6, 1)))
    meeting = minute.item.meeting
    later = held_meeting(cast, board=meeting.board)
    confirm_minutes(actor=cast.gold, meeting=meeting, confirmed_by=later, at=AT)
    return Minute.objects.select_related("item__meeting__board__partnership").get(pk=minute.pk), later


def test_confirmed_minutes_change_no_more(cast: Cast) -> None:
    minute, later = confirmed(cast)
    meeting = minute.item.meeting
    assert (meeting.state, meeting.confirmed_by_meeting) == (Meeting.State.CONFIRMED, later)
    attendee = Attendee(cast.police, "Chair", Attendance.Kind.PRESENT)
    locked: list[tuple[Any, dict[str, Any]]] = [
        (save_meeting, {"meeting": meeting, "place": "Leeds"}),
        (save_item, {"item": AgendaItem(meeting=meeting), "title": "Late item"}),
        (save_item, {"item": minute.item, "title": "Renamed"}),
        (remove_item, {"item": minute.item, "reason": "Wrong."}),
        (write_minute, {"item": minute.item, "text": "One more."}),
        (change_minute, {"minute": minute, "text": "Something else."}),
        (record_attendance, {"meeting": meeting, "attendees": [attendee]}),
        (record_decision, {"minute": minute, "effect": "note", "wording": "Noted."}),
        (record_arising, {"minute": minute, "text": "Write to all.", "post": "Secretary"}),
    ]
    for service, arguments in locked:
        words = refusal(service, actor=cast.manager, at=AT, **arguments)
        assert words == "These minutes are confirmed. Add a correction to the minutes of the next meeting.", (
            service
        )
    assert Minute.objects.get().text == "The board considered the proposals."
    assert not any(model.objects.exists() for model in (Attendance, Decision, Arising))
    words = refusal(cancel_meeting, actor=cast.manager, meeting=meeting, reason="No.", at=AT)
    assert words == "This meeting is confirmed, so it cannot be cancelled."


def test_a_correction_is_a_minute_of_the_next_meeting(cast: Cast) -> None:
    minute, later = confirmed(cast)
    correction = MinuteFactory(
        cast=cast, meeting=later, title="Minutes of 1 June", text="For 6 read 8.", corrects=minute
    )
    assert list(minute.corrections.all()) == [correction]
    assert Minute.objects.get(pk=minute.pk).text == "The board considered the proposals."


def test_only_a_confirmed_minute_of_an_earlier_meeting_of_the_board_is_corrected(cast: Cast) -> None:
    minute, later = confirmed(cast)
    draft = MinuteFactory(cast=cast, meeting=later)
    item = save_item(actor=cast.manager, item=AgendaItem(meeting=later), title="Minutes", at=AT)
    words = {"actor": cast.manager, "text": "For 6 read 8.", "at": AT}
    assert refusal(write_minute, item=item, corrects=draft, **words) == {
        "corrects": ["Change the draft instead: the minutes of that meeting are not confirmed."]
    }
    other = held_meeting(cast, board=BoardFactory(partnership=cast.yorkshire, name="Silver group"))
    item = save_item(actor=cast.manager, item=AgendaItem(meeting=other), title="Minutes", at=AT)
    assert refusal(write_minute, item=item, corrects=minute, **words) == {
        "corrects": ["Select a minute of this board."]
    }


def test_nobody_confirms_their_own_minutes(cast: Cast) -> None:
    minute = MinuteFactory(cast=cast)
    meeting = minute.item.meeting
    later = held_meeting(cast, board=meeting.board, day=date(2020, 6, 15))
    for person in ("manager", "auditor", "bradford_spoc"):
        with pytest.raises(PermissionDenied, match="Only a board member"):
            confirm_minutes(actor=cast.person(person), meeting=meeting, confirmed_by=later, at=AT)
    Minute.objects.update(written_by=cast.gold)
    with pytest.raises(PermissionDenied, match="You wrote part of these minutes"):
        confirm_minutes(actor=cast.gold, meeting=meeting, confirmed_by=later, at=AT)


def test_a_later_meeting_of_the_board_that_was_held_confirms(cast: Cast) -> None:
    minute = MinuteFactory(cast=cast)
    meeting = minute.item.meeting
    earlier = held_meeting(cast, board=meeting.board, day=date(2020, 6, 1))
    planned = MeetingFactory(cast=cast, board=meeting.board, day=date(2020, 6, 15))
    cancelled = MeetingFactory(cast=cast, board=meeting.board, day=date(2020, 6, 16))
    cancel_meeting(actor=cast.manager, meeting=cancelled, reason="Illness.", at=AT)
    cancelled.refresh_from_db()
    other = held_meeting(
        cast, board=BoardFactory(partnership=cast.yorkshire, name="Silver group"), day=date(2020, 6, 17)
    )
    for wrong in (earlier, planned, other, meeting):
        assert refusal(confirm_minutes, actor=cast.gold, meeting=meeting, confirmed_by=wrong, at=AT) == {
            "confirmed_by": ["Select a later meeting of this board that was held."]
        }
    assert refusal(confirm_minutes, actor=cast.gold, meeting=meeting, confirmed_by=cancelled, at=AT) == {
        "confirmed_by": ["That meeting was cancelled. Select a later meeting that was held."]
    }


def test_a_meeting_without_a_quorum_confirms_nothing(cast: Cast) -> None:
    minute = MinuteFactory(cast=cast, meeting=held_meeting(cast, day=date(2020, 6, 1)))
    later = held_meeting(cast, board=minute.board, quorum=1)
    confirm = {"actor": cast.gold, "meeting": minute.item.meeting, "confirmed_by": later, "at": AT}
    assert refusal(confirm_minutes, **confirm) == {
        "confirmed_by": [
            "Record the attendance of 12 June 2020 first. That meeting needs a quorum of 1 to decide."
        ]
    }
    present = [Attendee(cast.police, "Chair", Attendance.Kind.PRESENT)]
    record_attendance(actor=cast.manager, meeting=later, attendees=present, at=AT)
    assert confirm_minutes(**confirm).state == Meeting.State.CONFIRMED


def test_a_meeting_stays_after_those_that_it_confirmed(cast: Cast) -> None:
    _, later = confirmed(cast)
    assert refusal(save_meeting, actor=cast.manager, meeting=later, day=date(2020, 6, 1), at=AT) == {
        "day": ["This meeting confirmed or corrected the minutes of 1 June 2020. Enter a later date."]
    }
    assert save_meeting(actor=cast.manager, meeting=later, day=date(2020, 6, 2), at=AT).day.day == 2


def test_the_board_that_took_over_confirms_the_last_minutes(cast: Cast) -> None:
    old = BoardFactory(partnership=cast.yorkshire, name="Old board", ends_on=date(2020, 5, 31))
    minute = MinuteFactory(cast=cast, meeting=held_meeting(cast, board=old, day=date(2020, 5, 12)))
    new = BoardFactory(partnership=cast.yorkshire, name="New board", starts_on=date(2020, 6, 1), succeeds=old)
    later = held_meeting(cast, board=new)
    meeting = confirm_minutes(actor=cast.gold, meeting=minute.item.meeting, confirmed_by=later, at=AT)
    assert meeting.state == Meeting.State.CONFIRMED


def test_a_meeting_without_minutes_has_nothing_to_confirm(cast: Cast) -> None:
    meeting = held_meeting(cast)
    later = held_meeting(cast, board=meeting.board, day=date(2020, 6, 15))
    assert refusal(confirm_minutes, actor=cast.gold, meeting=meeting, confirmed_by=later, at=AT) == (
        "This meeting has no minutes yet."
    )


def test_the_database_knows_no_confirmed_meeting_without_the_one_that_confirmed_it(cast: Cast) -> None:
    meeting = held_meeting(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Meeting.objects.filter(pk=meeting.pk).update(state="confirmed")


def test_a_board_succeeds_another_after_it_ended(cast: Cast) -> None:
    old = BoardFactory(partnership=cast.yorkshire, name="Old board")
    with pytest.raises(ValidationError, match="Enter the last day of the earlier one first"):
        BoardFactory(partnership=cast.yorkshire, name="New board", starts_on=date(2020, 6, 1), succeeds=old)
    ended = BoardFactory(partnership=cast.yorkshire, name="Ended board", ends_on=date(2020, 6, 1))
    with pytest.raises(ValidationError, match="It must start after the earlier one ended"):
        BoardFactory(
            partnership=cast.yorkshire, name="Next board", starts_on=date(2020, 6, 1), succeeds=ended
        )
