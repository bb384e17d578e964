"""A board's rating of an action: beside the declared and the computed one, by a minute that could decide it."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from actions.board_ratings.services import rate_by_board
from actions.core.states import State
from actions.history.services import timeline_of
from actions.models import Action, BoardRating
from meetings.minutes.services import confirm_minutes
from meetings.models import Decision, Meeting
from tests.actions.board_ratings.factories import BoardRatingFactory
from tests.actions.core.opening import listed_actions
from tests.api.asking import places, results
from tests.api.clients import API
from tests.api.test_description import described, validate
from tests.architecture.test_resources import exported
from tests.cast import AT, Cast
from tests.factories import ActionFactory, close_action
from tests.meetings.factories import (
    CITED,
    BoardFactory,
    MinuteFactory,
    board_minute,
    held_meeting,
    steering_board,
)

__all__ = ["described"]
LIST = reverse("actions:action-list")


def page(action: Action, name: str = "action") -> str:
    return reverse(f"actions:{name}", args=[action.pk])


def rate(cast: Cast, action: Action, **fields: Any) -> BoardRating:
    values = {"actor": cast.gold, "rag": "red", "reason": "Late.", "minute": board_minute(cast), "at": AT}
    return rate_by_board(action=action, **values | fields)


def refusal(cast: Cast, action: Action, **fields: Any) -> Any:
    with pytest.raises(ValidationError) as refused:
        rate(cast, action, **fields)
    assert not BoardRating.objects.filter(action=action).exists()
    return getattr(refused.value, "message_dict", refused.value.messages)


def test_a_boards_rating_stands_beside_the_declared_one_with_its_minute(cast: Cast, signed_in: Any) -> None:
    action, minute, gold = ActionFactory(cast=cast, in_progress=True), board_minute(cast), signed_in("gold")
    assert "Record a board" in gold.get(page(action)).content.decode()
    answer = {
        "version": action.version,
        "rag": "red",
        "reason": "Two districts have not started.",
        "minute": minute.pk,
    }
    html = gold.post(page(action, "board-rating-record"), answer, follow=True).content.decode()
    assert "The board&#x27;s rating saved." in html
    assert reverse("meetings:minute", args=[minute.pk]) in html
    assert "Worse than the declared rating." in html
    action.refresh_from_db()
    assert (action.rag, action.board_rag, action.board_rag_reference) == ("green", "red", CITED)
    decision = Decision.objects.get(minute=minute)
    assert (decision.subject, decision.subject_ref, decision.applied) == ("rating", action.ref, True)
    assert decision.wording == f"{action.ref} is rated red. Two districts have not started."
    event = timeline_of(action=action)[0]
    assert (event.title, event.text) == ("Rated by a board", "Two districts have not started.")
    assert any(CITED in line for line in event.lines)


def test_lists_files_and_programs_show_it(cast: Cast, signed_in: Any, described: dict[str, Any]) -> None:
    rated, other = (ActionFactory(cast=cast, in_progress=True, ref=ref) for ref in ("WY20-01", "WY20-02"))
    rating = BoardRatingFactory(cast=cast, action=rated)
    client = signed_in("manager")
    for query, rows in (({"board_rag": "red"}, [rated]), ({"board_rag": "none"}, [other])):
        assert listed_actions(client, query) == rows
        assert [row["id"] for row in results(client.get(f"{API}/actions/", query))] == [rows[0].pk]
    assert "Board says red" in client.get(LIST).content.decode()
    assert [(row["Board RAG"], row["Minute of the board RAG"]) for row in exported(client)] == [
        ("Red", CITED),
        ("", ""),
    ]
    row = client.get(f"{API}/actions/{other.pk}/").json()
    assert (row["board_rag"], row["board_rag_reference"]) == (None, "")
    [row] = results(client.get(f"{API}/actions/{rated.pk}/board-ratings/"))
    assert (row["id"], row["rag"], row["reference"]) == (rating.pk, "red", CITED)
    assert client.get(f"{API}/board-ratings/{rating.pk}/").json() == row
    validate(described, "BoardRating", row)


def test_a_program_of_a_board_member_records_it_and_ends_it(cast: Cast, signed_in: Any) -> None:
    action, gold = ActionFactory(cast=cast, in_progress=True), signed_in("gold")
    address, body = f"{API}/actions/{action.pk}/board-ratings/", {"rag": "red", "reason": "Late."}
    send = {"content_type": "application/json"}
    minute = {"minute": board_minute(cast).pk}
    assert list(places(gold.post(address, body, **send))) == ["#/minute"]
    assert list(places(gold.post(address, body | {"minute": 999_999}, **send))) == ["#/minute"]
    assert list(places(gold.post(address, body | minute | {"rag": "blue"}, **send))) == ["#/rag"]
    made = gold.post(address, body | minute, **send)
    assert (made.status_code, made["Location"]) == (201, made.json()["links"]["self"])
    assert gold.post(address, body | minute | {"rag": None}, **send).json()["rag"] is None
    action.refresh_from_db()
    assert action.board_rag == ""


def test_the_rating_of_a_later_meeting_replaces_it(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    later = MinuteFactory(cast=cast, meeting=held_meeting(cast, board=steering_board(cast)))
    rate(cast, action, minute=later)
    with pytest.raises(ValidationError) as refused:
        rate(cast, action, rag="green")
    assert refused.value.message_dict["minute"] == [
        "A board rated this action on 12 June 2020. Choose a minute of that day or later."
    ]
    rate(cast, action, rag="amber", minute=later)
    action.refresh_from_db()
    assert (action.board_rag, action.board_rag_reference) == ("amber", later.citation)
    rate(cast, action, rag="", reason="It goes well.", minute=later)
    action.refresh_from_db()
    assert (action.board_rag, action.board_rag_reference, action.rag) == ("", "", "green")
    assert [row.rag for row in BoardRating.objects.filter(action=action)] == ["", "amber", "red"]


def test_a_minute_that_could_not_decide_it_is_refused(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    leeds = BoardFactory(partnership=cast.yorkshire, name="Leeds Gold board", area=cast.leeds)
    elsewhere = MinuteFactory(cast=cast, meeting=held_meeting(cast, board=leeds))
    assert refusal(cast, action, minute=elsewhere)["minute"] == [
        "Leeds Gold board decides on actions of its own district only. Choose a minute of another board."
    ]
    few = MinuteFactory(cast=cast, meeting=held_meeting(cast, quorum=2))
    assert "Record the attendance of 12 June 2020 first." in refusal(cast, action, minute=few)["minute"][0]
    Meeting.objects.filter(pk=few.item.meeting_id).update(state="cancelled", cancelled_reason="Illness.")
    assert "was cancelled" in refusal(cast, action, minute=few)["minute"][0]
    assert set(refusal(cast, action, minute=None, reason=" ")) == {"minute", "reason"}
    assert list(refusal(cast, action, rag="")) == ["rag"]
    assert list(refusal(cast, action, rag="blue")) == ["rag"]
    board = steering_board(cast)
    confirmed = MinuteFactory(cast=cast, meeting=held_meeting(cast, board=board, day=date(2020, 6, 1)))
    later = held_meeting(cast, board=board, day=date(2020, 6, 15))
    confirm_minutes(actor=cast.gold, meeting=confirmed.item.meeting, confirmed_by=later, at=AT)
    assert refusal(cast, action, minute=confirmed)["minute"][0].endswith(
        f"is confirmed and does not list {action.ref}. Choose a minute that does."
    )


def test_it_ends_with_the_action_and_is_for_work_under_way(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    BoardRatingFactory(cast=cast, action=action)
    action.refresh_from_db()
    assert close_action(cast, action).state == State.WITHDRAWN
    assert (action.board_rag, action.board_rag_reference) == ("", "")
    draft = ActionFactory(cast=cast, unallocated=True, ref="WY20-02")
    assert refusal(cast, draft) == ["This action is awaiting allocation, so it cannot be rated by a board."]


def test_nobody_records_the_boards_rating_of_their_own_action(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    with pytest.raises(PermissionDenied, match="Only a board member"):
        rate(cast, action, actor=cast.manager)
    Action.objects.filter(pk=action.pk).update(owner=cast.gold)
    with pytest.raises(PermissionDenied, match="another board member"):
        rate(cast, action)
