"""A board takes an action out of the plan, or puts another in its place, and the minute says so."""

from typing import Any

import pytest
from django.urls import reverse

from actions.models import Action
from actions.services import withdraw_action
from actions.states import State
from tests.cast import AT, Cast, allocated, submitted, under_way

NAMES = ["action-withdraw", "action-supersede"]
DECISION = {"reference": "Gold 12 May 2020, item 4", "reason": "The region now does this."}


def page(action: Action, name: str = "action-withdraw") -> str:
    return reverse(f"actions:{name}", args=[action.pk])


def answer(action: Action, **changes: Any) -> dict[str, Any]:
    return DECISION | {"version": action.version, "superseded_by": "wy20-02"} | changes


def test_a_board_withdraws(cast: Cast, signed_in: Any) -> None:
    action = under_way(cast)
    client = signed_in("gold")
    assert client.get(page(action)).status_code == 200
    assert client.post(page(action), answer(action)).status_code == 302
    action.refresh_from_db()
    assert (action.state, action.board_reference, action.rag) == (
        State.WITHDRAWN,
        DECISION["reference"],
        "",
    )


def test_a_board_supersedes(cast: Cast, signed_in: Any) -> None:
    action, successor = under_way(cast), allocated(cast, "WY20-02")
    client = signed_in("gold")
    assert client.get(page(action, "action-supersede")).status_code == 200
    assert client.post(page(action, "action-supersede"), answer(action)).status_code == 302
    action.refresh_from_db()
    assert (action.state, action.superseded_by) == (State.SUPERSEDED, successor)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reference": ""}, "reference"),
        ({"reference": "   "}, "reference"),
        ({"reference": "x" * 121}, "reference"),
        ({"reason": ""}, "reason"),
        ({"reason": "x" * 2001}, "reason"),
        ({"version": ""}, "version"),
    ],
)
def test_a_decision_bears_its_minute_and_its_reason(
    cast: Cast, signed_in: Any, name: str, changes: dict[str, str], field: str
) -> None:
    action = under_way(cast)
    allocated(cast, "WY20-02")
    response = signed_in("gold").post(page(action, name), answer(action, **changes))
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {field}
    action.refresh_from_db()
    assert action.state == State.IN_PROGRESS


@pytest.mark.parametrize("ref", ["", "WY20-99", "WY20-01", "LE20-01", "x" * 25, "a\x00b"])
def test_what_takes_its_place_is_another_action_of_the_partnership(
    cast: Cast, signed_in: Any, ref: str
) -> None:
    action = under_way(cast)
    foreign = allocated(cast, "LE20-01")
    Action.objects.filter(pk=foreign.pk).update(partnership=cast.leicestershire)
    response = signed_in("gold").post(page(action, "action-supersede"), answer(action, superseded_by=ref))
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"superseded_by"}


def test_two_actions_do_not_supersede_each_other(cast: Cast, signed_in: Any) -> None:
    first, second = under_way(cast), under_way(cast, "WY20-02")
    client = signed_in("gold")
    assert client.post(page(first, "action-supersede"), answer(first)).status_code == 302
    back = answer(second, superseded_by="WY20-01")
    response = client.post(page(second, "action-supersede"), back)
    assert response.status_code == 422
    assert "cannot supersede itself" in response.context["form"].errors["superseded_by"][0]


@pytest.mark.parametrize("name", NAMES)
def test_a_stale_decision_shows_what_changed(cast: Cast, signed_in: Any, name: str) -> None:
    action = under_way(cast)
    allocated(cast, "WY20-02")
    client = signed_in("gold")
    response = client.post(page(action, name), answer(action, version=action.version - 1))
    assert response.status_code == 409
    assert "Two of five teams are briefed." in response.content.decode()
    assert DECISION["reason"] in response.content.decode()
    fresh = response.context["form"]["version"].value()
    assert client.post(page(action, name), answer(action, version=fresh)).status_code == 302


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("gold", 200),
        ("manager", 403),
        ("bradford_spoc", 403),
        ("leeds_spoc", 403),
        ("auditor", 403),
        ("wakefield_contact", 404),
        ("observer", 404),
        ("leicestershire_manager", 404),
        ("administrator", 404),
        ("stranger", 404),
    ],
)
def test_who_may_decide(cast: Cast, signed_in: Any, name: str, who: str, status: int) -> None:
    action = under_way(cast)
    allocated(cast, "WY20-02")
    client = signed_in(who)
    assert client.get(page(action, name)).status_code == status
    expected = 302 if status == 200 else status
    assert client.post(page(action, name), answer(action)).status_code == expected


@pytest.mark.parametrize("name", NAMES)
def test_no_one_decides_on_an_action_of_their_own(cast: Cast, signed_in: Any, name: str) -> None:
    action = allocated(cast, owner=cast.gold, lead=cast.police)
    allocated(cast, "WY20-02")
    client = signed_in("gold")
    assert client.get(page(action, name)).status_code == 403
    assert client.post(page(action, name), answer(action)).status_code == 403


@pytest.mark.parametrize("name", NAMES)
def test_what_is_closed_stays_closed(cast: Cast, signed_in: Any, name: str) -> None:
    action = submitted(cast)
    allocated(cast, "WY20-02")
    withdraw_action(actor=cast.gold, action=action, at=AT, **DECISION)
    action.refresh_from_db()
    client = signed_in("gold")
    response = client.get(page(action, name))
    assert response.status_code == 409
    assert "This action is withdrawn" in response.content.decode()
    assert client.post(page(action, name), answer(action)).status_code == 409
