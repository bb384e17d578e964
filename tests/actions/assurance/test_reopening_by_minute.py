"""A board that decides to reopen a complete action: the auditor carries it out and cites the minute."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from actions.assurance.services import reopen_action
from actions.core.states import State
from actions.history.services import timeline_of
from actions.models import Assurance
from meetings.meetings.services import cancel_meeting
from meetings.models import Decision
from tests.actions.assurance.test_retests import THAT_DAY, at, complete, page
from tests.cast import AT, Cast
from tests.meetings.factories import (
    CITED,
    BoardFactory,
    MeetingFactory,
    MinuteFactory,
    board_minute,
    held_meeting,
)


def test_a_reopened_action_cites_the_boards_minute_and_the_minute_lists_it(
    cast: Cast, signed_in: Any, monkeypatch: Any
) -> None:
    action, minute, client = complete(cast), board_minute(cast), signed_in("auditor")
    assert CITED in client.get(page(action, "action-reopen")).content.decode()
    at(monkeypatch, THAT_DAY)
    answer = {"version": action.version, "note": "Two teams were never briefed.", "minute": minute.pk}
    html = client.post(page(action, "action-reopen"), answer, follow=True).content.decode()
    assert "Action reopened." in html
    assert reverse("meetings:minute", args=[minute.pk]) in html
    action.refresh_from_db()
    assurance, decision = Assurance.objects.filter(action=action)[0], Decision.objects.get()
    assert (action.state, assurance.minute, assurance.reference) == (State.IN_PROGRESS, minute, CITED)
    assert (decision.minute, decision.subject, decision.subject_ref, decision.applied) == (
        *(minute, "reopening", action.ref),
        True,
    )
    assert f"Minute: {CITED}" in timeline_of(action=action)[0].lines


def test_a_minute_that_could_not_decide_it_is_refused_and_the_action_stays_complete(cast: Cast) -> None:
    action = complete(cast)
    leeds = BoardFactory(partnership=cast.yorkshire, name="Leeds Gold board", area=cast.leeds)
    elsewhere = MinuteFactory(cast=cast, meeting=held_meeting(cast, board=leeds))
    fields = {"actor": cast.auditor, "action": action, "note": "Not done.", "at": THAT_DAY}
    with pytest.raises(ValidationError) as refused:
        reopen_action(minute=elsewhere, **fields)
    assert refused.value.message_dict["minute"] == [
        "Leeds Gold board decides on actions of its own district only. Choose a minute of another board."
    ]
    action.refresh_from_db()
    assert (action.state, Decision.objects.count()) == (State.COMPLETE, 0)


def test_only_minutes_that_can_decide_it_are_offered_and_none_to_confirm(cast: Cast, signed_in: Any) -> None:
    action, client = complete(cast), signed_in("auditor")
    meeting = MeetingFactory(cast=cast)
    cancel_meeting(actor=cast.manager, meeting=meeting, reason="Illness.", at=AT)
    assert "Minute of the decision" not in client.get(page(action)).content.decode()
    minute = board_minute(cast)
    answer = {"version": action.version, "decision": "confirm", "note": "Still done.", "minute": minute.pk}
    response = client.post(page(action), answer)
    assert response.context["form"].errors == {"minute": ["Leave this empty unless you reopen the action"]}
    assert "Still done." in response.content.decode()
