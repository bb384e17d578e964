"""A board's meeting from its agenda to its minutes: who writes, what is refused, and what the ledger keeps."""

from datetime import date, datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from audit.actors import SYSTEM
from audit.models import Entry
from audit.services import verify
from meetings.meetings.policies import may_see, may_see_item
from meetings.meetings.services import cancel_meeting, hold_meeting, remove_item, save_item, save_meeting
from meetings.minutes.services import change_minute, write_minute
from meetings.models import AgendaItem, Meeting, Minute
from partners.models import Board, BoardSeat, Organisation
from partners.organisations.services import save_reference
from partners.policies import rights_of
from tests.cast import AT, LONDON, PEOPLE, Cast
from tests.meetings.factories import BoardFactory, MeetingFactory, MinuteFactory, held_meeting, steering_board


def refusal(service: Any, **arguments: Any) -> Any:
    with pytest.raises(ValidationError) as caught:
        service(**arguments)
    error = caught.value
    return error.message_dict if hasattr(error, "error_dict") else error.messages[0]


def test_a_meeting_is_planned_held_and_minuted_under_one_ledger(cast: Cast) -> None:
    meeting = MeetingFactory(cast=cast, place="Laburnum Road, Wakefield", chair="Assistant chief constable")
    item = save_item(actor=cast.manager, item=AgendaItem(meeting=meeting), title="Apologies", at=AT)
    later = save_item(actor=cast.manager, item=AgendaItem(meeting=meeting), title="Action log", at=AT)
    meeting = hold_meeting(actor=cast.manager, meeting=meeting, at=AT)
    minute = write_minute(actor=cast.manager, item=item, text="Two apologies.", at=AT)
    assert (item.number, later.number) == (1, 2)
    assert minute.reference == "1/2020"
    assert minute.citation == "CONTEST Strategic Steering Board, 12 June 2020, minute 1/2020"
    verbs = (
        Entry.objects.filter(verb__startswith="meeting.").order_by("sequence").values_list("verb", flat=True)
    )
    assert list(verbs) == [
        "meeting.added",
        "meeting.item_added",
        "meeting.item_added",
        "meeting.held",
        "meeting.minute_written",
    ]
    assert verify(ledger=cast.yorkshire.ledger).ok


@pytest.mark.parametrize("person", sorted(PEOPLE.keys() - {"manager"}))
def test_only_the_manager_writes_meetings(cast: Cast, person: str) -> None:
    actor, meeting = cast.person(person), MeetingFactory(cast=cast)
    item = AgendaItem(meeting=meeting)
    for service, rows in (
        (save_meeting, {"meeting": Meeting(board=meeting.board), "day": date(2020, 6, 15)}),
        (save_meeting, {"meeting": meeting, "place": "Leeds"}),
        (hold_meeting, {"meeting": meeting}),
        (cancel_meeting, {"meeting": meeting, "reason": "Illness."}),
        (save_item, {"item": item, "title": "Apologies"}),
    ):
        with pytest.raises(PermissionDenied):
            service(actor=actor, at=AT, **rows)
    assert not AgendaItem.objects.exists()


def test_minutes_are_counted_by_year_or_run_on_as_the_board_counts(cast: Cast) -> None:
    running = BoardFactory(
        partnership=cast.yorkshire, name="Silver group", minute_numbering=Board.Numbering.RUNNING
    )
    for day, references in ((date(2019, 12, 2), ("1", "2")), (date(2020, 1, 6), ("3",))):
        meeting = held_meeting(cast, board=running, day=day)
        assert (
            tuple(MinuteFactory(cast=cast, meeting=meeting, title=title).reference for title in references)
            == references
        )
    board = steering_board(cast)
    old = held_meeting(cast, board=board, day=date(2019, 12, 12))
    new = held_meeting(cast, board=board, day=date(2020, 2, 3))
    assert MinuteFactory(cast=cast, meeting=old).reference == "1/2019"
    assert MinuteFactory(cast=cast, meeting=new).reference == "1/2020"
    assert MinuteFactory(cast=cast, meeting=new, title="Next").reference == "2/2020"


def test_boards_that_took_over_from_one_another_share_one_numbering(cast: Cast) -> None:
    old = BoardFactory(partnership=cast.yorkshire, name="Old board", ends_on=date(2020, 5, 31))
    new = BoardFactory(partnership=cast.yorkshire, name="New board", starts_on=date(2020, 6, 1), succeeds=old)
    last, first = held_meeting(cast, board=old, day=date(2020, 5, 12)), held_meeting(cast, board=new)
    assert MinuteFactory(cast=cast, meeting=last).reference == "1/2020"
    here = {"cast": cast, "meeting": first}
    assert MinuteFactory(title="Apologies", **here).reference == "2/2020"
    # A minute that the old board writes late.
    assert MinuteFactory(cast=cast, meeting=last, title="Late").reference == "3/2020"
    item = Minute.objects.get(reference="2/2020").item
    words = {"actor": cast.manager, "item": item, "text": "Again.", "at": AT}
    assert refusal(write_minute, reference="1/2020", **words) == {
        "reference": ["The board before or after this one already has a minute with this reference."]
    }


def test_a_reference_is_unique_to_its_board_whatever_its_case(cast: Cast) -> None:
    minute = MinuteFactory(cast=cast, reference="CSB 12/20")
    words = refusal(
        write_minute, actor=cast.manager, item=minute.item, text="Again.", reference="csb 12/20", at=AT
    )
    assert words == {"__all__": ["This board already has a minute with this reference."]}
    other = BoardFactory(partnership=cast.yorkshire, name="Silver group")
    assert MinuteFactory(cast=cast, meeting=held_meeting(cast, board=other), reference="CSB 12/20").pk
    assert Minute.objects.count() == 2


def test_a_cancelled_or_planned_meeting_has_no_minutes(cast: Cast) -> None:
    meeting = MeetingFactory(cast=cast)
    item = save_item(actor=cast.manager, item=AgendaItem(meeting=meeting), title="Apologies", at=AT)
    text = {"actor": cast.manager, "item": item, "text": "None.", "at": AT}
    assert refusal(write_minute, **text) == "This meeting has not been held yet, so it has no minutes."
    assert refusal(cancel_meeting, actor=cast.manager, meeting=meeting, reason=" ", at=AT) == {
        "reason": ["Enter why the meeting is cancelled."]
    }
    cancel_meeting(actor=cast.manager, meeting=meeting, reason="The venue is closed.", at=AT)
    assert refusal(write_minute, **text) == (
        "This meeting was cancelled, so it has no minutes and decides nothing."
    )
    assert refusal(hold_meeting, actor=cast.manager, meeting=meeting, at=AT) == (
        "This meeting is cancelled, so it cannot be recorded as held."
    )
    # The day is free again.
    assert MeetingFactory(cast=cast, board=meeting.board).pk


def test_a_meeting_of_tomorrow_is_not_held_yet(cast: Cast) -> None:
    meeting = MeetingFactory(cast=cast, day=date(2020, 6, 24))
    assert refusal(hold_meeting, actor=cast.manager, meeting=meeting, at=AT) == (
        "This meeting is on 24 June 2020. Record it as held on that day or later."
    )
    held = hold_meeting(actor=cast.manager, meeting=meeting, at=datetime(2020, 6, 24, 15, tzinfo=LONDON))
    assert held.state == Meeting.State.HELD


def test_facts_missing_from_a_source_stay_empty(cast: Cast) -> None:
    meeting = MeetingFactory(
        cast=cast, day=date(2018, 9, 1), precision="month", basis="stated", source="WY19, paragraph 4"
    )
    assert str(meeting) == "CONTEST Strategic Steering Board, September 2018"
    assert refusal(save_meeting, actor=cast.manager, meeting=meeting, source="", at=AT) == {
        "__all__": ["Enter the paper that states this meeting."]
    }
    assert refusal(save_meeting, actor=cast.manager, meeting=meeting, day=date(2018, 9, 4), at=AT) == {
        "day": ["Enter the first of the month where the day is not known."]
    }


def test_a_board_meets_once_a_day_and_while_it_exists(cast: Cast) -> None:
    board = steering_board(cast)
    MeetingFactory(cast=cast)
    with pytest.raises(ValidationError, match="already has a meeting on this day"):
        MeetingFactory(cast=cast)
    gone = BoardFactory(partnership=cast.yorkshire, name="Old board", ends_on=date(2019, 12, 31))
    with pytest.raises(ValidationError, match="Old board did not exist on 12 June 2020"):
        MeetingFactory(cast=cast, board=gone)
    assert board.meetings.count() == 1


def test_an_item_with_minutes_stays_and_another_is_removed_with_a_reason(cast: Cast) -> None:
    minute = MinuteFactory(cast=cast)
    remove = {"actor": cast.manager, "at": AT, "reason": "Postponed."}
    assert refusal(remove_item, item=minute.item, **remove) == (
        "This item has minutes, so it stays on the agenda."
    )
    item = save_item(
        actor=cast.manager, item=AgendaItem(meeting=minute.item.meeting), title="Any other business", at=AT
    )
    remove_item(item=item, **remove)
    assert Entry.objects.get(verb="item.removed").note == "Postponed."
    assert AgendaItem.objects.get() == minute.item


def test_private_and_sensitive_items_say_why(cast: Cast) -> None:
    meeting = MeetingFactory(cast=cast)
    words = {"actor": cast.manager, "title": "Funding", "at": AT}
    assert refusal(save_item, item=AgendaItem(meeting=meeting), is_private=True, **words) == {
        "__all__": ["Say why the item is taken in private."]
    }
    marked = AgendaItem(meeting=meeting)
    assert refusal(save_item, item=marked, marking="OFFICIAL-SENSITIVE", **words) == {
        "marking": ["Mark the meeting OFFICIAL-SENSITIVE first."]
    }


def test_a_stale_page_is_reported_and_overwrites_nothing(cast: Cast) -> None:
    meeting = MeetingFactory(cast=cast)
    save_meeting(actor=cast.manager, meeting=meeting, place="Leeds", at=AT, version=1)
    with pytest.raises(ValidationError) as caught:
        save_meeting(actor=cast.manager, meeting=meeting, place="Wakefield", at=AT, version=1)
    assert caught.value.code == "conflict"
    assert Meeting.objects.get().place == "Leeds"


VISIBLE = {
    "manager": {"open", "private", "sensitive"},
    "gold": {"open", "private", "sensitive"},
    "auditor": {"open", "private", "sensitive"},
    "bradford_spoc": {"open"},
    "leeds_spoc": {"open"},
    "wakefield_contact": {"open"},
}


@pytest.mark.parametrize("person", sorted(PEOPLE))
def test_items_and_minutes_are_seen_by_their_meeting_and_their_own_marking(cast: Cast, person: str) -> None:
    """A contact sees the board on which their organisation has a seat, and of it what is neither private nor marked."""
    open_meeting = held_meeting(cast)
    marked = held_meeting(
        cast,
        board=open_meeting.board,
        day=date(2020, 6, 11),
        marking="OFFICIAL-SENSITIVE",
        handling_instruction="Board only.",
    )
    seat = BoardSeat(
        board=open_meeting.board,
        organisation=cast.wakefield_council,
        post="Director",
        starts_on=date(2020, 1, 1),
    )
    save_reference(actor=SYSTEM, row=seat, at=AT)
    for meeting, title, fields in (
        (open_meeting, "open", {}),
        (open_meeting, "private", {"is_private": True, "private_reason": "Contract."}),
        (marked, "sensitive", {}),
    ):
        item = AgendaItem(meeting=meeting)
        save_item(actor=cast.manager, item=item, title=title, at=AT, **fields)
        write_minute(actor=cast.manager, item=item, text=f"About {title}.", at=AT)
    user, on = cast.person(person), AT.date()
    items = AgendaItem.objects.visible_to(user, on)
    expected = VISIBLE.get(person, set())
    assert {item.title for item in items} == expected
    assert {minute.item.title for minute in Minute.objects.visible_to(user, on)} == expected
    rights = rights_of(user, on)
    seated = {open_meeting.board_id} if person == "wakefield_contact" else set()
    rows = AgendaItem.objects.select_related("meeting__board")
    assert {item.title for item in rows if may_see_item(rights, item, seated)} == expected
    meetings = set(Meeting.objects.visible_to(user, on))
    assert meetings == {row for row in Meeting.objects.all() if may_see(rights, row, seated)}


def test_nothing_crosses_partnerships(cast: Cast) -> None:
    MinuteFactory(cast=cast)
    user = cast.leicestershire_manager
    for model in (Meeting, AgendaItem, Minute):
        assert not model.objects.visible_to(user, AT.date()).exists()
    assert Organisation.objects.visible_to(user, AT.date()).exists()


def test_a_planned_meeting_is_cancelled_and_a_draft_is_changed(cast: Cast) -> None:
    here: dict[str, Any] = {"actor": cast.manager, "at": AT}
    planned = MeetingFactory(cast=cast, day=date(2020, 6, 24))
    item = save_item(item=AgendaItem(meeting=planned), title="Apologies", **here)
    remove_item(item=item, reason="Taken with item 2.", **here)
    cancelled = cancel_meeting(meeting=planned, reason="Illness.", **here)
    assert (cancelled.state, cancelled.items.count()) == (Meeting.State.CANCELLED, 0)
    minute = MinuteFactory(cast=cast)
    changed = change_minute(minute=minute, text="Six actions.", kind="resolved", reference="", **here)
    assert (changed.text, changed.kind, changed.reference) == ("Six actions.", "resolved", "1/2020")
