"""Withdrawing, superseding and judging by a program: the rules of the pages, each with the right person's token."""

from datetime import date
from typing import Any

import pytest

from actions.actions.services import edit_action
from actions.models import Action, Assurance, ClosureProposal
from tests.api.asking import cost, parameters, places, problem, recorded, results
from tests.api.clients import API, System, system_of
from tests.api.test_description import described, validate
from tests.cast import AT, Cast
from tests.factories import ActionFactory, ClosureProposalFactory
from tests.meetings.factories import CITED, board_minute

__all__ = ["described"]
WITHDRAW = {"kind": "withdraw", "reason": "The region does this now."}
APPROVED = {"approve": True, "reason": "Agreed."}


@pytest.fixture
def action(cast: Cast) -> Action:
    return ActionFactory(cast=cast, in_progress=True, lead=cast.wakefield_council)


@pytest.fixture
def system(cast: Cast) -> System:
    """The council's system; a scope gives it no right that a contact has not."""
    return system_of(cast, cast.wakefield_council, scopes=["actions:read", "decisions:write"])


def by(person: Any, address: str, body: dict[str, Any]) -> Any:
    return person.post(f"{API}{address}", body, content_type="application/json")


def path(action: Action) -> str:
    return f"/actions/{action.pk}/closure-proposals/"


# Withdrawing and superseding ---------------------------------------------------------------------------------


def test_the_manager_proposes_and_the_board_decides(
    cast: Cast, signed_in: Any, system: System, action: Action, described: dict[str, Any]
) -> None:
    response = by(signed_in("manager"), path(action), WITHDRAW | {"version": action.version})
    assert response.status_code == 201, response.content
    row = response.json()
    assert response["Location"] == row["links"]["self"]
    assert (row["kind"], row["state"], row["superseded_by"]) == ("withdraw", "requested", None)
    assert results(system.get(path(action))) == results(system.get("/closure-proposals/")) == [row]
    assert system.get(f"/closure-proposals/{row['id']}/").json() == row
    validate(described, "ClosureProposal", row)

    decide = f"/closure-proposals/{row['id']}/decide/"
    minute = board_minute(cast)
    approved = APPROVED | {"minute": minute.pk}
    for asks in (system, None):
        decision = system.post(decide, APPROVED) if asks else by(signed_in("manager"), decide, APPROVED)
        assert "board member" in problem(decision, 403, "forbidden")["detail"]
    gold = signed_in("gold")
    assert list(places(by(gold, decide, APPROVED))) == ["#/minute"]
    assert list(places(by(gold, decide, APPROVED | {"minute": 999_999}))) == ["#/minute"]
    assert list(places(by(gold, decide, APPROVED | {"approve": "yes"}))) == ["#/approve"]
    decision = by(gold, decide, approved)
    assert decision.status_code == 200, decision.content
    row = decision.json()
    assert (row["state"], row["minute"], row["reference"]) == ("approved", minute.pk, CITED)
    action.refresh_from_db()
    assert (action.state, action.board_reference) == ("withdrawn", CITED)
    assert "approved by" in problem(by(gold, decide, approved), 409, "conflict")["detail"]
    again = problem(by(signed_in("manager"), path(action), WITHDRAW), 422, "unprocessable")
    assert "withdrawn" in again["detail"]


def test_a_proposal_is_withdrawn(cast: Cast, signed_in: Any, system: System, action: Action) -> None:
    back = f"/closure-proposals/{ClosureProposalFactory(cast=cast, action=action).pk}/withdraw/"
    problem(system.post(back, {"reason": "x"}), 403, "forbidden")
    manager = signed_in("manager")
    assert list(places(by(manager, back, {}))) == ["#/reason"]
    assert by(manager, back, {"reason": "Not after all."}).json()["state"] == "withdrawn"
    problem(by(manager, back, {"reason": "Again."}), 409, "conflict")


def test_a_successor_is_named_to_those_who_see_it(
    cast: Cast, signed_in: Any, system: System, action: Action
) -> None:
    other = ActionFactory(cast=cast, in_progress=True, ref="WY20-02")
    body = {"kind": "supersede", "reason": "One action for both."}
    manager = signed_in("manager")
    assert list(places(by(manager, path(action), body))) == ["#/superseded_by"]
    assert list(places(by(manager, path(action), body | {"superseded_by": 999_999}))) == ["#/superseded_by"]
    assert list(places(by(manager, path(action), WITHDRAW | {"superseded_by": other.pk}))) == [
        "#/superseded_by"
    ]
    made = by(manager, path(action), body | {"superseded_by": other.pk}).json()
    assert made["superseded_by"] == {"id": other.pk, "ref": "WY20-02"}
    [row] = results(system.get("/closure-proposals/"))
    assert (row["id"], row["superseded_by"]) == (made["id"], None)
    edit_action(actor=cast.manager, action=other, supporting=[cast.wakefield_council], at=AT)
    [row] = results(system.get("/closure-proposals/"))
    assert row["superseded_by"] == made["superseded_by"]


def test_wrong_proposals_write_nothing(signed_in: Any, system: System, action: Action) -> None:
    entries, manager = recorded(), signed_in("manager")
    assert "manager" in problem(system.post(path(action), WITHDRAW), 403, "forbidden")["detail"]
    for body, place in (
        (WITHDRAW | {"kind": "delete"}, "#/kind"),
        (WITHDRAW | {"reason": " "}, "#/reason"),
        (WITHDRAW | {"state": "approved"}, "#/state"),
        (WITHDRAW | {"superseded_by": "2"}, "#/superseded_by"),
    ):
        assert list(places(by(manager, path(action), body))) == [place]
    problem(by(manager, path(action), WITHDRAW | {"version": action.version + 1}), 412, "precondition-failed")
    response = by(manager, path(action), WITHDRAW | {"reason": "Ring 07700 900123."})
    problem(response, 422, "personal-data")
    assert (recorded(), ClosureProposal.objects.count()) == (entries, 0)


def test_proposals_of_others_are_not_there(cast: Cast, system: System) -> None:
    row = ClosureProposalFactory(cast=cast, action=ActionFactory(cast=cast, in_progress=True, ref="WY20-02"))
    for address in ("", "decide/", "withdraw/"):
        place = f"/closure-proposals/{row.pk}/{address}"
        response = system.post(place, APPROVED) if address else system.get(place)
        problem(response, 404, "not-found")
    assert results(system.get("/closure-proposals/")) == []


def test_proposals_are_narrowed_at_a_constant_cost(cast: Cast, system: System, action: Action) -> None:
    other = ActionFactory(cast=cast, in_progress=True, ref="WY20-02", lead=cast.wakefield_council)
    row = ClosureProposalFactory(
        cast=cast,
        action=ActionFactory(cast=cast, in_progress=True, ref="WY20-03", lead=cast.wakefield_council),
        superseded_by=other,
    )
    few = cost(system, "/closure-proposals/")
    ClosureProposalFactory(cast=cast, action=action)
    assert cost(system, "/closure-proposals/") == few
    assert [each["id"] for each in results(system.get("/closure-proposals/", kind="supersede"))] == [row.pk]
    assert results(system.get("/closure-proposals/", state="approved")) == []
    assert len(results(system.get("/closure-proposals/", plan=cast.plan.pk, ordering="action"))) == 2
    for query in ({"kind": "delete"}, {"ordering": "kind"}, {"x": "1"}):
        assert parameters(system.get("/closure-proposals/", **query)) == set(query)


# Judging -----------------------------------------------------------------------------------------------------


def test_the_auditor_judges_through_every_opinion(
    cast: Cast, signed_in: Any, system: System, described: dict[str, Any]
) -> None:
    action = ActionFactory(cast=cast, awaiting_assurance=True, lead=cast.wakefield_council)
    address, auditor = f"/actions/{action.pk}/assurances/", signed_in("auditor")
    fields: dict[str, Any] = {"note": "The lists show it.", "version": action.version}
    minute = {"minute": board_minute(cast).pk}
    assert list(places(by(auditor, address, fields | minute | {"opinion": "assured"}))) == ["#/minute"]
    for opinion, state in (("assured", "complete"), ("confirmed", "complete"), ("reopened", "in_progress")):
        retest = {"retest_on": "2020-12-18"} if state == "complete" else minute
        response = by(auditor, address, fields | retest | {"opinion": opinion})
        assert response.status_code == 201, response.content
        row = response.json()
        action.refresh_from_db()
        assert (row["opinion"], row["action_version"], action.state) == (opinion, fields["version"], state)
        assert row["retest_on"] == retest.get("retest_on")
        assert (row["minute"], row["reference"]) == (
            (minute["minute"], CITED) if opinion == "reopened" else (None, "")
        )
        assert action.retest_on == (date(2020, 12, 18) if state == "complete" else None)
        assert system.get(f"/assurances/{row['id']}/").json() == row
        validate(described, "Assurance", row)
        fields["version"] = action.version
    assert [row["opinion"] for row in results(system.get(address))] == ["reopened", "confirmed", "assured"]


def test_an_action_is_returned_with_the_reason(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, awaiting_assurance=True)
    address, auditor = f"/actions/{action.pk}/assurances/", signed_in("auditor")
    body = {"opinion": "returned", "note": "July is missing."}
    assert list(places(by(auditor, address, body | {"retest_on": "2020-12-18"}))) == ["#/retest_on"]
    assert by(auditor, address, body).status_code == 201
    action.refresh_from_db()
    assert action.state == "in_progress"
    refusal = problem(by(auditor, address, body), 422, "unprocessable")
    assert "in progress" in refusal["detail"]


def test_nobody_but_an_auditor_judges(cast: Cast, signed_in: Any, system: System) -> None:
    action = ActionFactory(cast=cast, awaiting_assurance=True, lead=cast.wakefield_council)
    address, body = f"/actions/{action.pk}/assurances/", {"opinion": "assured", "note": "Fine."}
    entries = recorded()
    assert "auditor" in problem(system.post(address, body), 403, "forbidden")["detail"]
    for person in ("manager", "gold", "bradford_spoc"):
        problem(by(signed_in(person), address, body), 403, "forbidden")
    auditor = signed_in("auditor")
    for wrong, place in (
        ({"opinion": "fine"}, "#/opinion"),
        ({"note": ""}, "#/note"),
        ({"retest_on": "2020-06-19"}, "#/retest_on"),
        ({"assessed_at": "2020-06-19"}, "#/assessed_at"),
    ):
        assert list(places(by(auditor, address, body | wrong))) == [place]
    problem(by(auditor, address, body | {"version": 1}), 412, "precondition-failed")
    assert (recorded(), Assurance.objects.count()) == (entries, 0)
    hidden = ActionFactory(cast=cast, awaiting_assurance=True, ref="WY20-02")
    problem(system.get(f"/actions/{hidden.pk}/assurances/"), 404, "not-found")
    problem(system.post(f"/actions/{hidden.pk}/assurances/", body), 404, "not-found")
