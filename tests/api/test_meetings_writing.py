"""Meetings written by a program: from the plan of a meeting to minutes that a later meeting confirmed."""

from datetime import date
from typing import Any

import pytest

from meetings.models import Arising, Attendance, Decision, Meeting, Minute
from tests.api.asking import places, problem
from tests.api.clients import API
from tests.api.test_description import described, validate
from tests.cast import Cast
from tests.factories import ActionFactory
from tests.meetings.factories import (
    BoardFactory,
    MeetingFactory,
    MinuteFactory,
    held_meeting,
    steering_board,
)

__all__ = ["described"]


def by(person: Any, address: str, body: dict[str, Any], **headers: str) -> Any:
    return person.post(f"{API}{address}", body, content_type="application/json", headers=headers)


def change(person: Any, address: str, body: dict[str, Any], tag: str) -> Any:
    return person.patch(
        f"{API}{address}", body, content_type="application/json", headers={"If-Match": tag} if tag else {}
    )


def test_a_meeting_goes_from_its_agenda_to_confirmed_minutes(
    cast: Cast, signed_in: Any, described: dict[str, Any]
) -> None:
    manager, gold, board = signed_in("manager"), signed_in("gold"), steering_board(cast)
    ActionFactory(cast=cast, in_progress=True, ref="WY20-01")
    made = by(
        manager, "/meetings/", {"board": board.pk, "day": "2020-06-01", "quorum": 1, "starts_at": "14:00"}
    )
    meeting = made.json()
    assert (made.status_code, made["Location"]) == (201, meeting["links"]["self"])
    validate(described, "Meeting", meeting)
    here = f"/meetings/{meeting['id']}/"
    item = by(manager, f"{here}agenda/", {"title": "Withdrawals", "purpose": "decision", "version": 1})
    assert (item.status_code, item.json()["number"]) == (201, 1)
    validate(described, "Item", item.json())
    assert manager.get(item["Location"]).json() == item.json()
    assert by(manager, f"{here}hold/", {"version": 2}).json()["state"] == "held"
    attendees = [{"organisation": cast.police.pk, "post": "Chair", "kind": "present"}]
    row = by(manager, f"{here}attendance/", {"attendees": attendees}).json()
    assert [each["kind"] for each in row["attendance"]] == ["present"]
    minute = by(
        manager, f"{here}minutes/", {"item": item.json()["id"], "text": "Agreed.", "kind": "resolved"}
    )
    assert (minute.status_code, minute.json()["reference"]) == (201, "1/2020")
    where = f"/minutes/{minute.json()['id']}/"
    decided = {
        "effect": "approve",
        "wording": "Withdrawn.",
        "subject": "withdrawal",
        "subject_ref": "wy20-01",
    }
    [decision] = by(manager, f"{where}decisions/", decided).json()["decisions"]
    assert (decision["subject_ref"], decision["applied"]) == ("WY20-01", False)
    later = held_meeting(cast, board=board, day=date(2020, 6, 15))
    confirmed = by(gold, f"{here}confirm/", {"confirmed_by": later.pk})
    assert (confirmed.json()["state"], confirmed.json()["confirmed_by"]["id"]) == ("confirmed", later.pk)
    refused = change(manager, where, {"text": "Not agreed."}, manager.get(f"{API}{where}")["ETag"])
    assert "These minutes are confirmed." in problem(refused, 422, "unprocessable")["detail"]


def test_a_change_compares_the_etag_and_a_repeat_is_answered_once(cast: Cast, signed_in: Any) -> None:
    manager, minute = signed_in("manager"), MinuteFactory(cast=cast)
    for address, body in (
        (f"/meetings/{minute.item.meeting_id}/", {"place": "County Hall"}),
        (f"/agenda-items/{minute.item_id}/", {"paper": "Paper B"}),
        (f"/minutes/{minute.pk}/", {"text": "The board withdrew it."}),
    ):
        tag = manager.get(f"{API}{address}")["ETag"]
        problem(change(manager, address, body, ""), 428, "precondition-required")
        [(name, value)] = body.items()
        assert change(manager, address, body, tag).json()[name] == value
        problem(change(manager, address, body, tag), 412, "precondition-failed")
    new = {"item": minute.item_id, "text": "Noted."}
    address = f"/meetings/{minute.item.meeting_id}/minutes/"
    problem(by(manager, address, new | {"version": 1}), 412, "precondition-failed")
    answers = [by(manager, address, new, **{"Idempotency-Key": '"one"'}).json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert Minute.objects.filter(text="Noted.").count() == 1


def test_wrong_bodies_are_refused_in_words_and_write_nothing(cast: Cast, signed_in: Any) -> None:
    manager, minute = signed_in("manager"), MinuteFactory(cast=cast)
    meeting = minute.item.meeting
    here, there = f"/meetings/{meeting.pk}/", f"/minutes/{minute.pk}/"
    other = MinuteFactory(cast=cast, meeting=held_meeting(cast, board=meeting.board, day=date(2020, 6, 15)))
    strange = cast.city_council.pk
    for address, body, place in (
        ("/meetings/", {"day": "2020-07-01"}, "#/board"),
        ("/meetings/", {"board": 999_999, "day": "2020-07-01"}, "#/board"),
        ("/meetings/", {"board": meeting.board_id, "day": "1 July"}, "#/day"),
        ("/meetings/", {"board": meeting.board_id, "day": "2020-07-01", "starts_at": "2pm"}, "#/starts_at"),
        (f"{here}agenda/", {"title": ""}, "#/title"),
        (f"{here}agenda/", {"title": "x", "is_private": True}, "#/private_reason"),
        (
            f"{here}attendance/",
            {"attendees": [{"organisation": strange, "post": "Chair", "kind": "present"}]},
            "#/attendees/0/organisation",
        ),
        (f"{here}attendance/", {"attendees": []}, "#/attendees"),
        (f"{here}minutes/", {"item": other.item_id, "text": "x"}, "#/item"),
        (f"{here}minutes/", {"item": minute.item_id, "text": "x", "corrects": other.pk}, "#/corrects"),
        (f"{here}confirm/", {"confirmed_by": 999_999}, "#/confirmed_by"),
        (
            f"{there}decisions/",
            {"effect": "approve", "wording": "x", "subject": "withdrawal"},
            "#/subject_ref",
        ),
        (f"{there}decisions/", {"effect": "agree", "wording": "x"}, "#/effect"),
    ):
        sender = signed_in("gold") if address.endswith("confirm/") else manager
        assert list(places(by(sender, address, body))) == [place], (address, body)
    assert (Decision.objects.count(), Attendance.objects.count(), Minute.objects.count()) == (0, 0, 2)


def test_a_cancelled_meeting_takes_nothing_more(cast: Cast, signed_in: Any) -> None:
    manager, meeting = signed_in("manager"), MeetingFactory(cast=cast)
    here = f"/meetings/{meeting.pk}/"
    item = by(manager, f"{here}agenda/", {"title": "Withdrawals"}).json()
    assert list(places(by(manager, f"/agenda-items/{item['id']}/remove/", {"reason": " "}))) == ["#/reason"]
    assert by(manager, f"/agenda-items/{item['id']}/remove/", {"reason": "Put off."}).status_code == 204
    row = by(manager, f"{here}cancel/", {"reason": "Illness."}).json()
    assert (row["state"], row["cancelled_reason"], row["agenda"]) == ("cancelled", "Illness.", [])
    for address, body in (
        ("hold/", {}),
        ("agenda/", {"title": "x"}),
        (
            "attendance/",
            {"attendees": [{"organisation": cast.police.pk, "post": "Chair", "kind": "present"}]},
        ),
    ):
        refused = by(manager, f"{here}{address}", body)
        assert "cancelled" in problem(refused, 422, "unprocessable")["detail"]


@pytest.mark.parametrize(
    ("quorum", "words"),
    [(2, "needs a quorum of 2"), (0, "Silver group does not decide on actions.")],
)
def test_a_meeting_that_cannot_decide_records_no_withdrawal(
    cast: Cast, signed_in: Any, quorum: int, words: str
) -> None:
    ActionFactory(cast=cast, in_progress=True, ref="WY20-01")
    board = BoardFactory(partnership=cast.yorkshire, name="Silver group", decides_on_actions=bool(quorum))
    minute = MinuteFactory(cast=cast, meeting=held_meeting(cast, board=board, quorum=quorum))
    body = {"effect": "approve", "wording": "x", "subject": "withdrawal", "subject_ref": "WY20-01"}
    errors = places(by(signed_in("manager"), f"/minutes/{minute.pk}/decisions/", body))
    assert words in errors["#/subject_ref"]
    assert Meeting.objects.get(pk=minute.item.meeting_id).version == minute.item.meeting.version


def test_an_action_arising_is_recorded_reported_on_and_closed(
    cast: Cast, signed_in: Any, described: dict[str, Any]
) -> None:
    manager, minute = signed_in("manager"), MinuteFactory(cast=cast)
    later = held_meeting(cast, board=minute.board, day=date(2020, 6, 15))
    new = {"text": "Circulate the guide.", "owner": cast.bradford_spoc.pk, "due": "2020-07-31"}
    added = by(manager, f"/minutes/{minute.pk}/arisings/", new)
    row = added.json()
    assert (added.status_code, added["Location"]) == (201, row["links"]["self"])
    validate(described, "Arising", row)
    assert manager.get(added["Location"]).json() == row
    here = f"/arisings/{row['id']}/"
    by(signed_in("bradford_spoc"), f"{here}report/", {"progress": "Sent.", "propose": True})
    body = {"outcome": "closed", "meeting": later.pk, "version": 1}
    problem(by(manager, f"{here}close/", body), 412, "precondition-failed")
    assert by(manager, f"{here}close/", body | {"version": 2}).json()["state"] == "closed"
    ActionFactory(cast=cast, in_progress=True, ref="WY20-01")
    refused = problem(by(manager, f"{here}action/", {"ref": "WY20-01"}), 422, "unprocessable")
    assert "is closed, so it cannot be made an action" in refused["detail"]


def test_wrong_actions_arising_are_refused_in_words(cast: Cast, signed_in: Any) -> None:
    manager, minute = signed_in("manager"), MinuteFactory(cast=cast)
    other = held_meeting(cast, board=BoardFactory(partnership=cast.yorkshire, name="Silver group"))
    new = {"text": "Circulate the guide.", "post": "Secretary"}
    made = by(manager, f"/minutes/{minute.pk}/arisings/", new).json()
    there, here = f"/minutes/{minute.pk}/arisings/", f"/arisings/{made['id']}/"
    for address, body, place in (
        (there, {"text": "x"}, "#/post"),
        (there, new | {"organisation": cast.city_council.pk}, "#/organisation"),
        (there, new | {"owner": cast.leicestershire_manager.pk}, "#/owner"),
        (there, new | {"owner": cast.wakefield_contact.pk}, "#/owner"),
        (there, new | {"due": "2020-06-01"}, "#/due"),
        (f"{here}close/", {"outcome": "closed", "meeting": other.pk}, "#/meeting"),
        (f"{here}close/", {"outcome": "closed", "meeting": 999_999}, "#/meeting"),
        (f"{here}close/", {"outcome": "done", "meeting": minute.item.meeting_id}, "#/outcome"),
        (f"{here}action/", {"ref": "WY20-99"}, "#/ref"),
    ):
        assert list(places(by(manager, address, body))) == [place], (address, body)
    assert Arising.objects.get().state == Arising.State.OPEN
