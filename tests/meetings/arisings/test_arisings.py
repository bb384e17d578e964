"""Actions arising: numbered through a board's meetings, reported on, closed at a later meeting."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from audit.actors import SYSTEM
from meetings.arisings.services import (
    close_arising,
    closing_meetings,
    make_action,
    record_arising,
    report_arising,
)
from meetings.models import Arising
from partners.models import BoardSeat
from partners.organisations.services import save_reference
from tests.cast import AT, Cast
from tests.meetings.factories import BoardFactory, MeetingFactory, MinuteFactory, held_meeting
from tests.meetings.test_meetings import refusal

State = Arising.State


def arising(cast: Cast, **fields: Any) -> Arising:
    values = {"text": "Circulate the guide.", "post": "Prevent coordinator", "owner": cast.bradford_spoc}
    minute = fields.pop("minute", None) or MinuteFactory(cast=cast)
    return record_arising(actor=cast.manager, minute=minute, at=AT, **values | fields)


def test_numbers_run_on_through_the_meetings_of_a_board(cast: Cast) -> None:
    first = arising(cast)
    later = held_meeting(cast, board=first.board, day=date(2020, 6, 15))
    other = held_meeting(cast, board=BoardFactory(partnership=cast.yorkshire, name="Silver group"))
    assert arising(cast, minute=MinuteFactory(cast=cast, meeting=later)).number == 2
    assert arising(cast, minute=MinuteFactory(cast=cast, meeting=other)).number == 1


def test_an_owner_is_a_current_member(cast: Cast) -> None:
    minute = MinuteFactory(cast=cast)
    words = {"actor": cast.manager, "minute": minute, "text": "Circulate the guide.", "at": AT}
    assert refusal(record_arising, **words) == {
        "__all__": ["Enter who is responsible: a post, an organisation or a person."]
    }
    assert refusal(record_arising, owner=cast.leicestershire_manager, **words) == {
        "owner": ["Choose somebody who works in this partnership."]
    }
    assert refusal(record_arising, owner=cast.wakefield_contact, **words) == {
        "owner": ["Choose somebody who can view this minute, so that they can view their task."]
    }
    assert refusal(record_arising, post="Secretary", due=date(2020, 6, 1), **words) == {
        "due": ["Enter the day of the meeting or a later one."]
    }


def test_the_owner_proposes_and_a_meeting_of_the_board_closes(cast: Cast) -> None:
    row = arising(cast)
    row = report_arising(actor=cast.bradford_spoc, arising=row, progress="Sent to all.", propose=True, at=AT)
    assert row.state == State.PROPOSED
    later = held_meeting(cast, board=row.board, day=date(2020, 6, 15))
    with pytest.raises(PermissionDenied):
        close_arising(actor=cast.bradford_spoc, arising=row, meeting=later, outcome="closed", at=AT)
    closed = close_arising(actor=cast.manager, arising=row, meeting=later, outcome="closed", at=AT)
    assert (closed.state, closed.closed_at) == (State.CLOSED, later)
    assert refusal(report_arising, actor=cast.bradford_spoc, arising=row, progress="More.", at=AT) == (
        "This action arising is closed, so it cannot be reported on."
    )


def test_only_a_held_meeting_of_its_board_closes_it(cast: Cast) -> None:
    row = arising(cast)
    planned = MeetingFactory(cast=cast, board=row.board, day=date(2020, 6, 24))
    before = held_meeting(cast, board=row.board, day=date(2020, 6, 1))
    other = held_meeting(cast, board=BoardFactory(partnership=cast.yorkshire, name="Silver group"))
    words = {"actor": cast.manager, "arising": row, "outcome": "not_required", "at": AT}
    expected = {
        planned: "Select a meeting that was held.",
        before: "Select the meeting that it arose from, or a later one.",
        other: "Select a meeting of the board that it arose from.",
    }
    for meeting, reason in expected.items():
        assert refusal(close_arising, meeting=meeting, **words) == {"meeting": [reason]}
    assert Arising.objects.get().state == State.OPEN


@pytest.mark.parametrize(
    ("person", "may"),
    [
        ("bradford_spoc", True),
        ("manager", True),
        ("wakefield_contact", True),
        ("leeds_spoc", False),
        ("auditor", False),
        ("leicestershire_manager", False),
    ],
)
def test_the_owner_the_organisation_and_the_manager_report(cast: Cast, person: str, may: bool) -> None:
    row = arising(cast, organisation=cast.wakefield_council)
    seat = BoardSeat(
        board=row.board, organisation=cast.wakefield_council, post="Director", starts_on=date(2020, 1, 1)
    )
    save_reference(actor=SYSTEM, row=seat, at=AT)
    words = {"actor": cast.person(person), "arising": row, "progress": "Half done.", "at": AT}
    if may:
        assert report_arising(**words).progress == "Half done."
    else:
        with pytest.raises(PermissionDenied):
            report_arising(**words)


def test_one_that_became_an_action_is_no_longer_open(cast: Cast) -> None:
    row = make_action(actor=cast.manager, arising=arising(cast), ref="WY20-30", at=AT)
    assert (row.state, row.action_ref, row.is_open) == (State.BECAME_ACTION, "WY20-30", False)
    assert refusal(make_action, actor=cast.manager, arising=row, ref="WY20-31", at=AT).startswith(
        "This action arising is turned into an action"
    )


def test_the_owner_proposes_and_a_meeting_closes_what_is_done(cast: Cast) -> None:
    row = record_arising(
        actor=cast.manager, minute=MinuteFactory(cast=cast), text="Send it.", post="Secretary", at=AT
    )
    row = report_arising(actor=cast.manager, arising=row, progress="Sent.", propose=True, at=AT)
    meetings = closing_meetings(arising=row, user=cast.manager, on=AT.date())
    row = close_arising(actor=cast.manager, arising=row, meeting=meetings[0], outcome="closed", at=AT)
    assert row.state == State.CLOSED
