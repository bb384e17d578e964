"""Pages and API read as the record stood at a past moment."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from actions.models import Action
from audit.past import reading_as_at
from tests.api.clients import System, council, system_of
from tests.cast import AT, Cast
from tests.factories import ActionFactory, submit_progress
from tests.support.clock import EARLIER

__all__ = ["council"]

# A day after the action was allocated, and before anybody reported on it.
BETWEEN = EARLIER + timedelta(days=1)


@pytest.fixture
def action(cast: Cast) -> Action:
    action: Action = ActionFactory(cast=cast, in_progress=True)
    submit_progress(
        actor=cast.bradford_spoc,
        action=action,
        narrative="Four of five teams are briefed.",
        rag="green",
        percent=80,
        at=AT,
    )
    return action


def test_a_past_page_shows_the_former_state_and_says_so(action: Action, signed_in: Any) -> None:
    client = signed_in("manager")
    now = client.get(f"/actions/{action.pk}/").content.decode()
    assert "Four of five teams are briefed." in now
    then = client.get(f"/actions/{action.pk}/?as_at={BETWEEN:%Y-%m-%d}").content.decode()
    assert "Four of five teams are briefed." not in then
    assert "This is the record as it stood on" in then
    assert "Go back to the record as it is now" in then


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("2999-01-01", "in the future"),
        ("1 March 2001", "The record began on"),
        ("last week", "Enter a day such as 8 October 2019"),
        ("2020-02-31", "Enter a day such as 8 October 2019"),
        ("2020-06-01T10:00", "Enter a time with its zone"),
    ],
)
def test_an_impossible_moment_is_refused_by_page_and_api(
    action: Action, signed_in: Any, typed: str, answer: str
) -> None:
    client = signed_in("manager")
    page = client.get("/actions/", {"as_at": typed})
    assert (page.status_code, answer in page.content.decode(), typed in page.content.decode()) == (
        400,
        True,
        True,
    )
    problem = client.get("/api/v1/actions/", {"as_at": typed})
    assert problem.status_code == 400
    assert [error["parameter"] for error in problem.json()["errors"]] == ["as_at"]
    assert answer in problem.json()["errors"][0]["detail"]


@pytest.mark.parametrize("typed", ["1 March 2001", "2999-01-01", "last week", "2020-06-01"])
def test_nobody_is_told_about_the_record_before_they_are_let_in(
    action: Action, cast: Cast, client: Any, council: System, typed: str
) -> None:
    assert client.get("/api/v1/actions/", {"as_at": typed}).status_code == 401
    assert client.get("/actions/", {"as_at": typed}).status_code == 302
    assert council.get("/plans/", as_at=typed).status_code == (200 if typed == "2020-06-01" else 400)
    writer = system_of(cast, cast.wakefield_council, "Writer", scopes=["updates:write"])
    assert writer.get("/actions/", as_at=typed).status_code == 403


def test_the_past_cannot_be_changed(action: Action, signed_in: Any) -> None:
    client = signed_in("bradford_spoc")
    response = client.post(f"/actions/{action.pk}/?as_at={BETWEEN:%Y-%m-%d}")
    assert (response.status_code, "The past cannot be changed" in response.content.decode()) == (400, True)
    assert "cannot be read as at" in client.get("/returns/", {"as_at": "2020-06-01"}).content.decode()
    with reading_as_at(BETWEEN), transaction.atomic(), pytest.raises(RuntimeError):
        Action.objects.filter(pk=action.pk).update(percent=1)


def test_the_api_reads_the_past_and_its_pages_keep_the_moment(action: Action, signed_in: Any) -> None:
    client = signed_in("manager")
    assert client.get(f"/api/v1/actions/{action.pk}/").json()["percent"] == 80
    then = client.get(f"/api/v1/actions/{action.pk}/", {"as_at": BETWEEN.isoformat()})
    assert then.json()["percent"] != 80
    listed = client.get("/api/v1/actions/", {"as_at": f"{BETWEEN:%Y-%m-%d}"}).json()["results"]
    assert [row["percent"] for row in listed if row["id"] == action.pk] == [then.json()["percent"]]


def test_todays_rights_decide_about_the_past(action: Action, cast: Cast, signed_in: Any) -> None:
    """Somebody who left reads nothing of the time before; nobody reads a row that is hidden from them today."""
    address = f"/actions/{action.pk}/?as_at={BETWEEN:%Y-%m-%d}"
    assert signed_in("former_spoc").get(address).status_code == 404
    assert signed_in("wakefield_contact").get(address).status_code == 404
    assert signed_in("leeds_spoc").get(address).status_code == 200
