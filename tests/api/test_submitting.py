"""A partner's system submits for assurance what its organisation leads."""

from typing import Any

import pytest

from actions.models import Action
from tests.api.asking import places, problem, recorded
from tests.api.clients import System, system_of
from tests.api.test_description import described, validate
from tests.cast import Cast
from tests.factories import ActionFactory

__all__ = ["described"]
SCOPES = ["actions:read", "assurance:write"]
DONE = {"note": "All five teams are briefed."}


@pytest.fixture
def action(cast: Cast) -> Action:
    """The council leads it, and Bradford's SPOC owns it."""
    return ActionFactory(cast=cast, in_progress=True, lead=cast.wakefield_council)


@pytest.fixture
def system(cast: Cast) -> System:
    return system_of(cast, cast.wakefield_council, scopes=SCOPES)


def path(action: Action) -> str:
    return f"/actions/{action.pk}/submit/"


def test_the_lead_submits_an_action(system: System, action: Action, described: dict[str, Any]) -> None:
    response = system.post(path(action), DONE | {"version": action.version})
    assert response.status_code == 200, response.content
    row = response.json()
    assert (row["state"], row["version"]) == ("awaiting_assurance", action.version + 1)
    assert row == system.get(f"/actions/{action.pk}/").json()
    validate(described, "Action", row)
    assert "awaiting assurance" in problem(system.post(path(action), DONE), 422, "unprocessable")["detail"]


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({}, "#/note"),
        ({"note": " "}, "#/note"),
        ({"note": 5}, "#/note"),
        ({"note": "x" * 2001}, "#/note"),
        (DONE | {"state": "complete"}, "#/state"),
        (DONE | {"version": "4"}, "#/version"),
    ],
)
def test_a_wrong_field_is_refused_by_name(
    system: System, action: Action, body: dict[str, Any], place: str
) -> None:
    entries = recorded()
    assert list(places(system.post(path(action), body))) == [place]
    assert recorded() == entries


def test_the_obstacle_to_submitting_is_named(cast: Cast, system: System) -> None:
    silent = ActionFactory(cast=cast, allocated=True, lead=cast.wakefield_council)
    entries = recorded()
    problem(system.post(path(silent), DONE), 422, "unprocessable")
    going = ActionFactory(cast=cast, in_progress=True, ref="WY20-02", lead=cast.wakefield_council)
    before = recorded()
    problem(system.post(path(going), DONE | {"version": going.version + 1}), 412, "precondition-failed")
    refusal = problem(system.post(path(going), {"note": "Ring 07700 900123."}), 422, "personal-data")
    assert [each["pointer"] for each in refusal["findings"]] == ["#/note"]
    assert recorded() == before > entries


def test_others_cannot_submit_it(cast: Cast, system: System) -> None:
    supported = ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    hidden = ActionFactory(cast=cast, awaiting_assurance=True, ref="WY20-02")
    foreign = system_of(cast, cast.city_council, scopes=SCOPES)
    entries = recorded()
    problem(system.post(path(supported), DONE), 403, "forbidden")
    problem(system.post(path(supported), {"colour": 1}), 403, "forbidden")
    problem(system.post(path(hidden), DONE), 404, "not-found")
    problem(foreign.post(path(supported), DONE), 404, "not-found")
    assert recorded() == entries
