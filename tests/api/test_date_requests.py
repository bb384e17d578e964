"""A partner's system asks for another date for what its organisation leads, takes it back, and learns what was decided."""

from datetime import date, timedelta
from typing import Any

import pytest

from actions.models import Action, DateChange
from tests.actions.dates.dates import LATER, ask, concern, decide, milestone, moved
from tests.api.asking import all_pages, cost, parameters, places, problem, recorded, results
from tests.api.clients import API, System, system_of
from tests.api.test_description import described, validate
from tests.cast import AT, Cast
from tests.factories import ActionFactory

__all__ = ["described"]
ASKED = {"new_due": str(LATER), "reason": "Illness in the team."}


@pytest.fixture
def action(cast: Cast) -> Action:
    """The council leads it, and Bradford's SPOC owns it."""
    return ActionFactory(cast=cast, in_progress=True, lead=cast.wakefield_council)


@pytest.fixture
def system(cast: Cast) -> System:
    scopes = ["actions:read", "dates:write", "decisions:write"]
    return system_of(cast, cast.wakefield_council, scopes=scopes)


@pytest.fixture
def foreign(cast: Cast) -> System:
    scopes = ["actions:read", "dates:write", "decisions:write"]
    return system_of(cast, cast.city_council, scopes=scopes)


def path(action: Action) -> str:
    return f"/actions/{action.pk}/date-requests/"


def by(person: Any, address: str, body: dict[str, Any]) -> Any:
    return person.post(f"{API}{address}", body, content_type="application/json")


# Asking ------------------------------------------------------------------------------------------------------


def test_a_later_date_waits_for_a_decision(system: System, action: Action) -> None:
    response = system.post(path(action), ASKED | {"version": action.version})
    assert response.status_code == 201, response.content
    row = response.json()
    assert response["Location"] == row["links"]["self"]
    assert (row["old_due"], row["new_due"], row["days"]) == ("2020-09-30", "2020-11-30", 61)
    assert (row["level"], row["state"], row["decided_by"]) == ("manager", "requested", None)
    assert row["requested_by"]["name"] == "Case system (API client)"
    assert row["action"] == {"id": action.pk, "ref": "WY20-01", "version": action.version + 1}
    assert system.get(f"/date-requests/{row['id']}/").json() == row
    assert results(system.get(path(action))) == [row]
    assert results(system.get("/date-requests/")) == [row]
    action.refresh_from_db()
    assert action.due == date(2020, 9, 30)
    refusal = problem(system.post(path(action), ASKED), 422, "unprocessable")
    assert "already" in refusal["detail"]


def test_an_earlier_date_applies_at_once(system: System, action: Action) -> None:
    row = system.post(path(action), ASKED | {"new_due": "2020-08-31"}).json()
    assert (row["level"], row["state"], row["days"], row["decided_by"]) == ("at_once", "approved", -30, None)
    action.refresh_from_db()
    assert action.due == date(2020, 8, 31)


def test_the_next_later_date_is_the_boards(cast: Cast, system: System, action: Action) -> None:
    moved(cast, action)
    assert system.post(path(action), ASKED | {"new_due": "2020-12-31"}).json()["level"] == "board"


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"reason": "Illness."}, "#/new_due"),
        ({"new_due": str(LATER)}, "#/reason"),
        (ASKED | {"reason": "  "}, "#/reason"),
        (ASKED | {"reason": "x" * 2001}, "#/reason"),
        (ASKED | {"reason": 5}, "#/reason"),
        (ASKED | {"new_due": "November"}, "#/new_due"),
        (ASKED | {"new_due": 20201130}, "#/new_due"),
        (ASKED | {"new_due": None}, "#/new_due"),
        (ASKED | {"new_due": "2020-09-30"}, "#/new_due"),
        (ASKED | {"new_due": "2020-06-18"}, "#/new_due"),
        (ASKED | {"new_due": "2031-01-01"}, "#/new_due"),
        (ASKED | {"new_due": "9999-12-31"}, "#/new_due"),
        (ASKED | {"version": "1"}, "#/version"),
        (ASKED | {"level": "at_once"}, "#/level"),
        (ASKED | {"due": str(LATER)}, "#/due"),
    ],
)
def test_a_wrong_field_is_refused_by_name(
    system: System, action: Action, body: dict[str, Any], place: str
) -> None:
    entries = recorded()
    assert list(places(system.post(path(action), body))) == [place]
    assert (DateChange.objects.count(), recorded()) == (0, entries)


def test_a_milestone_is_not_left_behind(cast: Cast, system: System, action: Action) -> None:
    milestone(cast, action)
    assert list(places(system.post(path(action), ASKED | {"new_due": "2020-07-01"}))) == ["#/new_due"]


def test_a_stale_version_is_a_conflict(cast: Cast, system: System, action: Action) -> None:
    milestone(cast, action)
    problem(system.post(path(action), ASKED | {"version": action.version}), 412, "precondition-failed")
    assert not DateChange.objects.exists()


def test_an_action_that_waits_for_the_auditor_gets_no_other_date(cast: Cast, system: System) -> None:
    waiting = ActionFactory(cast=cast, awaiting_assurance=True, lead=cast.wakefield_council)
    assert "awaiting assurance" in problem(system.post(path(waiting), ASKED), 422, "unprocessable")["detail"]


def test_a_supporting_organisation_cannot_request_a_date(cast: Cast, system: System) -> None:
    supported = ActionFactory(cast=cast, in_progress=True, ref="WY20-02", supporting=[cast.wakefield_council])
    entries = recorded()
    assert "lead" in problem(system.post(path(supported), ASKED), 403, "forbidden")["detail"]
    assert "lead" in problem(system.post(path(supported), {"colour": 1}), 403, "forbidden")["detail"]
    assert recorded() == entries


def test_personal_data_is_asked_about(system: System, action: Action) -> None:
    body = ASKED | {"reason": "Ring 07700 900123."}
    refusal = problem(system.post(path(action), body), 422, "personal-data")
    assert [each["pointer"] for each in refusal["findings"]] == ["#/reason"]
    assert not DateChange.objects.exists()
    with_reason = body | {"keep_personal_data_reason": "The office's own number."}
    assert system.post(path(action), with_reason).status_code == 201


# Taking back and deciding ------------------------------------------------------------------------------------


def test_a_request_is_withdrawn(cast: Cast, system: System, action: Action) -> None:
    row = ask(actor=cast.bradford_spoc, action=action)
    back = f"/date-requests/{row.pk}/withdraw/"
    assert list(places(system.post(back, {}))) == ["#/reason"]
    assert list(places(system.post(back, {"reason": "x", "approve": True}))) == ["#/approve"]
    response = system.post(back, {"reason": "Found a trainer."})
    assert response.status_code == 200, response.content
    assert (response.json()["state"], response.json()["decision_reason"]) == ("withdrawn", "Found a trainer.")
    again = problem(system.post(back, {"reason": "Again."}), 409, "conflict")
    assert "no longer open" in again["detail"]


def test_the_manager_decides(cast: Cast, signed_in: Any, system: System, action: Action) -> None:
    row = ask(actor=cast.bradford_spoc, action=action)
    address, manager = f"/date-requests/{row.pk}/decide/", signed_in("manager")
    problem(system.post(address, {"approve": True, "reason": "Ours."}), 403, "forbidden")
    for body, place in (
        ({"approve": "yes", "reason": "x"}, "#/approve"),
        ({"approve": 1, "reason": "x"}, "#/approve"),
        ({"approve": None, "reason": "x"}, "#/approve"),
        ({"reason": "x"}, "#/approve"),
        ({"approve": True}, "#/reason"),
        ({"approve": True, "reason": "x", "minute": "7"}, "#/minute"),
    ):
        assert list(places(by(manager, address, body))) == [place]
    response = by(manager, address, {"approve": True, "reason": "Agreed."})
    assert response.status_code == 200, response.content
    assert (response.json()["state"], response.json()["decision_reason"]) == ("approved", "Agreed.")
    action.refresh_from_db()
    assert action.due == LATER
    again = by(manager, address, {"approve": False, "reason": "No."})
    assert "approved by" in problem(again, 409, "conflict")["detail"]


def test_the_board_decides_with_its_minute_reference(cast: Cast, signed_in: Any, action: Action) -> None:
    concern(cast, action)
    row = ask(actor=cast.bradford_spoc, action=Action.objects.get(pk=action.pk))
    address, gold = f"/date-requests/{row.pk}/decide/", signed_in("gold")
    problem(by(signed_in("manager"), address, {"approve": True, "reason": "x"}), 403, "forbidden")
    assert list(places(by(gold, address, {"approve": True, "reason": "x"}))) == ["#/minute"]
    refused = by(gold, address, {"approve": False, "reason": "Not again."})
    assert refused.json()["state"] == "rejected"


def test_a_version_of_what_was_read_guards_a_decision_too(cast: Cast, signed_in: Any, action: Action) -> None:
    row = ask(actor=cast.bradford_spoc, action=action)
    body = {"approve": True, "reason": "Agreed.", "version": action.version}
    problem(by(signed_in("manager"), f"/date-requests/{row.pk}/decide/", body), 412, "precondition-failed")
    row.refresh_from_db()
    assert row.is_open


# Seeing ------------------------------------------------------------------------------------------------------


def test_a_request_of_another_partnership_is_not_found(
    cast: Cast, system: System, foreign: System, action: Action
) -> None:
    row, hidden = (
        ask(actor=cast.bradford_spoc, action=each)
        for each in (action, ActionFactory(cast=cast, in_progress=True, ref="WY20-02"))
    )
    entries = recorded()
    for asks, request in ((foreign, row), (system, hidden)):
        address = f"/date-requests/{request.pk}/"
        problem(asks.get(address), 404, "not-found")
        problem(asks.get(path(request.action)), 404, "not-found")
        problem(asks.post(path(request.action), ASKED), 404, "not-found")
        problem(asks.post(f"{address}withdraw/", {"reason": "x"}), 404, "not-found")
        problem(asks.post(f"{address}decide/", {"approve": True, "reason": "x"}), 404, "not-found")
    assert results(foreign.get("/date-requests/")) == []
    assert [each["id"] for each in results(system.get("/date-requests/"))] == [row.pk]
    assert recorded() == entries


def test_requests_are_narrowed_and_ordered(cast: Cast, system: System, action: Action) -> None:
    lead = {"lead": cast.wakefield_council}
    first = ask(actor=cast.bradford_spoc, action=action, at=AT - timedelta(3))
    second_action = ActionFactory(cast=cast, in_progress=True, ref="WY20-02", **lead)
    second = ask(
        actor=cast.bradford_spoc, action=second_action, new_due=date(2020, 12, 1), at=AT - timedelta(2)
    )
    decide(actor=cast.manager, date_change=second, approve=False)
    sooner = ActionFactory(cast=cast, in_progress=True, ref="WY20-03", **lead)
    third = ask(actor=cast.bradford_spoc, action=sooner, new_due=date(2020, 8, 3))
    places_of = {first.pk: "1", second.pk: "2", third.pk: "3"}

    def listed(**query: Any) -> str:
        return "".join(places_of[row["id"]] for row in results(system.get("/date-requests/", **query)))

    assert listed() == "321"
    assert listed(ordering="requested") == "123"
    assert listed(ordering="new_due") == "312"
    assert listed(ordering="-action") == "321"
    assert listed(state="requested") == "1"
    assert listed(state="rejected") == "2"
    assert listed(level="at_once") == "3"
    assert listed(plan=cast.plan.pk, level="manager") == "21"
    assert "".join(places_of[row["id"]] for row in all_pages(system, "/date-requests/")) == "321"
    for query in ({"state": "open"}, {"level": "gold"}, {"plan": "999999"}, {"ordering": "due"}, {"x": "1"}):
        assert parameters(system.get("/date-requests/", **query)) == set(query)


def test_lists_cost_the_same_for_few_rows_and_for_many(cast: Cast, system: System, action: Action) -> None:
    def costs() -> list[int]:
        return [cost(system, "/date-requests/"), cost(system, path(action))]

    decide(actor=cast.manager, date_change=ask(actor=cast.bradford_spoc, action=action), approve=False)
    few = costs()
    for number in range(3):
        again = ask(actor=cast.bradford_spoc, action=action, at=AT + timedelta(minutes=number))
        decide(actor=cast.manager, date_change=again, approve=False)
        other = ActionFactory(cast=cast, in_progress=True, ref=f"WY20-1{number}", lead=cast.wakefield_council)
        ask(actor=cast.bradford_spoc, action=other)
    assert costs() == few


def test_the_answers_are_as_described(
    cast: Cast, system: System, action: Action, described: dict[str, Any]
) -> None:
    row = system.post(path(action), ASKED).json()
    validate(described, "DateRequest", row)
    back = system.post(f"/date-requests/{row['id']}/withdraw/", {"reason": "Found a trainer."})
    validate(described, "DateRequest", back.json())
    for address in ("/date-requests/", path(action)):
        validate(described, "PaginatedDateRequestList", system.get(address).json())
