"""Decisions in minutes: what they act on, and which minute of which board decides a matter."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from meetings.attendance.services import Attendee, record_attendance
from meetings.decisions.services import Matter, citable_minutes, cite_minute, record_decision, why_not_cite
from meetings.meetings.services import cancel_meeting
from meetings.minutes.services import confirm_minutes
from meetings.models import Decision, Minute
from tests.cast import AT, Cast
from tests.meetings.factories import BoardFactory, MeetingFactory, MinuteFactory, held_meeting, steering_board
from tests.meetings.test_meetings import refusal


def matter(cast: Cast, **fields: Any) -> Matter:
    values = {"subject": "withdrawal", "ref": "WY20-01", "partnership_id": cast.yorkshire.pk}
    return Matter(**values | {"area_id": cast.bradford.pk} | fields)


def cite(cast: Cast, minute: Minute, **fields: Any) -> Decision:
    values = {"effect": "approve", "wording": "Agreed.", "matter": matter(cast)} | fields
    return cite_minute(actor=cast.gold, minute=minute, at=AT, on=AT.date(), **values)


def why_not(cast: Cast, minute: Minute, **fields: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        cite(cast, minute, **fields)
    assert not Decision.objects.filter(applied=True).exists()
    return str(caught.value.message_dict["minute"][0])


def test_a_draft_minute_that_is_cited_lists_the_decision(cast: Cast) -> None:
    minute = MinuteFactory(cast=cast)
    decision = cite(cast, minute)
    assert (decision.subject, decision.subject_ref, decision.applied) == ("withdrawal", "WY20-01", True)
    assert minute.item.meeting.version < type(minute.item.meeting).objects.get().version


def test_a_confirmed_minute_decides_only_what_it_lists(cast: Cast) -> None:
    minute = MinuteFactory(cast=cast)
    listed = record_decision(
        actor=cast.manager,
        minute=minute,
        effect="approve",
        wording="WY20-01 is withdrawn.",
        subject="withdrawal",
        subject_ref="wy20-01",
        at=AT,
    )
    later = held_meeting(cast, board=minute.board, day=date(2020, 6, 15))
    confirm_minutes(actor=cast.gold, meeting=minute.item.meeting, confirmed_by=later, at=AT)
    assert why_not(cast, minute, matter=matter(cast, ref="WY20-02")) == (
        "Minute 1/2020 is confirmed and does not list WY20-02. Choose a minute that does."
    )
    assert "records another decision on WY20-01: approve" in why_not(cast, minute, effect="reject")
    assert cite(cast, minute) == listed
    assert Decision.objects.get().wording == "WY20-01 is withdrawn."


def test_a_minute_of_the_wrong_board_decides_nothing(cast: Cast) -> None:
    silver = BoardFactory(partnership=cast.yorkshire, name="Silver group", decides_on_actions=False)
    assert why_not(cast, MinuteFactory(cast=cast, meeting=held_meeting(cast, board=silver))) == (
        "Silver group does not decide on actions. Choose a minute of a board that does."
    )
    leeds = BoardFactory(partnership=cast.yorkshire, name="Leeds Gold board", area=cast.leeds)
    minute = MinuteFactory(cast=cast, meeting=held_meeting(cast, board=leeds))
    assert why_not(cast, minute) == (
        "Leeds Gold board decides on actions of its own district only. Choose a minute of another board."
    )
    assert why_not(cast, minute, matter=matter(cast, partnership_id=cast.leicestershire.pk)) == (
        "Choose a minute of a board in this partnership."
    )
    assert cite(cast, minute, matter=matter(cast, area_id=cast.leeds.pk)).applied


def test_a_meeting_without_a_quorum_or_cancelled_decides_nothing(cast: Cast) -> None:
    meeting = held_meeting(cast, quorum=2)
    minute = MinuteFactory(cast=cast, meeting=meeting)
    assert why_not(cast, minute).startswith("Record the attendance of 12 June 2020 first.")
    attendee = Attendee(cast.police, "Chair", "present")
    record_attendance(actor=cast.manager, meeting=meeting, attendees=[attendee], at=AT)
    assert (
        why_not(cast, minute)
        == "The meeting of 12 June 2020 was not quorate: 1 present, and 2 are needed to decide."
    )


def test_a_decision_at_a_cancelled_meeting_is_refused(cast: Cast) -> None:
    minute = MinuteFactory(cast=cast)
    meeting = minute.item.meeting
    # No service cancels a meeting that has minutes; the rule holds all the same.
    type(meeting).objects.filter(pk=meeting.pk).update(state="cancelled", cancelled_reason="Illness.")
    assert why_not(cast, minute) == "The meeting of 12 June 2020 was cancelled, so it decided nothing."
    words = refusal(
        record_decision, actor=cast.manager, minute=minute, effect="note", wording="Noted.", at=AT
    )
    assert words == "This meeting was cancelled, so it has no minutes and decides nothing."
    held = held_meeting(cast, board=meeting.board, day=date(2020, 6, 15))
    assert refusal(cancel_meeting, actor=cast.manager, meeting=held, reason="Late.", at=AT) == (
        "This meeting is held, so it cannot be cancelled."
    )


def test_a_decision_names_what_it_acts_on_and_reports_back_after_the_meeting(cast: Cast) -> None:
    words = {"actor": cast.manager, "minute": MinuteFactory(cast=cast), "effect": "request", "at": AT}
    assert refusal(record_decision, wording="Report.", subject="action", **words) == {
        "__all__": ["Enter the reference of what the decision acts on."]
    }
    assert refusal(record_decision, wording="Report.", report_back_on=date(2020, 6, 12), **words) == {
        "report_back_on": ["Enter a day after the meeting."]
    }


def test_the_choice_of_minutes_is_of_boards_that_may_decide_the_matter(cast: Cast) -> None:
    board = steering_board(cast)
    old = MinuteFactory(cast=cast, meeting=held_meeting(cast, board=board, day=date(2020, 6, 1)))
    draft = MinuteFactory(cast=cast, meeting=held_meeting(cast, board=board))
    confirm_minutes(actor=cast.gold, meeting=old.item.meeting, confirmed_by=draft.item.meeting, at=AT)
    MeetingFactory(cast=cast, board=board, day=date(2020, 6, 24))
    leeds = BoardFactory(partnership=cast.yorkshire, name="Leeds Gold board", area=cast.leeds)
    other = MinuteFactory(cast=cast, meeting=held_meeting(cast, board=leeds))
    offered = {"user": cast.gold, "on": AT.date()}
    assert citable_minutes(matter=matter(cast), **offered) == [draft]
    assert set(citable_minutes(matter=matter(cast, area_id=cast.leeds.pk), **offered)) == {draft, other}
    assert citable_minutes(matter=matter(cast), user=cast.leicestershire_manager, on=AT.date()) == []


def test_a_minute_that_lists_the_decision_is_cited(cast: Cast) -> None:
    minute = MinuteFactory(cast=cast)
    question = {"matter": matter(cast), "on": AT.date()}
    words = {"effect": "approve", "wording": "Agreed."}
    listed = record_decision(
        actor=cast.manager, minute=minute, subject="withdrawal", subject_ref="WY20-01", at=AT, **words
    )
    assert citable_minutes(user=cast.gold, **question) == [minute]
    assert why_not_cite(minute=minute, **question) == ""
    assert cite_minute(actor=cast.gold, minute=minute, at=AT, **question, **words) == listed
