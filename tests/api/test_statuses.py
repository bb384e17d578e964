"""Where a recommendation stands, said by a program with its user's own rights: the steps are those of the pages."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from actions.actions.services import create_action
from actions.models import Action
from audit.models import Entry
from inspections.core.states import State
from inspections.findings.services.links import link_action
from inspections.findings.services.own_statuses import answer_recommendation, start_recommendation
from inspections.models import ActionLink, Recommendation
from partners.models import User
from partners.tokens.services import create_token
from tests.api.asking import places, problem, recorded
from tests.api.clients import API, system_of
from tests.cast import AT, TODAY, Cast
from tests.factories import ActionFactory
from tests.inspections.factories import RecommendationFactory

SCOPES = ["recommendations:read", "recommendations:write"]
NUMBER = "07700 900123"


@pytest.fixture
def row(cast: Cast) -> Recommendation:
    """A finding that the council leads and nobody has answered."""
    return RecommendationFactory(cast=cast, lead=cast.wakefield_council)


@pytest.fixture
def action(cast: Cast) -> Action:
    return ActionFactory(cast=cast, in_progress=True)


class Program:
    """A person's own program, with a personal token."""

    def __init__(self, person: User, scopes: list[str]) -> None:
        _, secret = create_token(
            actor=person, name="Sync", scopes=scopes, expires_on=TODAY + timedelta(days=30), at=AT
        )
        self.headers = {"authorization": f"Bearer {secret}"}

    def post(self, row: Recommendation, path: str, **body: Any) -> Any:
        address = f"{API}/recommendations/{row.pk}/{path}/"
        return Client().post(address, body, content_type="application/json", headers=self.headers)


@pytest.fixture
def manager(cast: Cast) -> Program:
    return Program(cast.manager, SCOPES)


@pytest.fixture
def auditor(cast: Cast) -> Program:
    return Program(cast.auditor, SCOPES)


def say(program: Program, row: Recommendation, state: str, **body: Any) -> Any:
    return program.post(row, "own-statuses", state=state, **body)


def created(response: Any) -> dict[str, Any]:
    assert response.status_code == 201, response.content
    body: dict[str, Any] = response.json()
    return body


def in_progress(cast: Cast, row: Recommendation, action: Action) -> None:
    here: dict[str, Any] = {"actor": cast.manager, "at": AT}
    answer_recommendation(recommendation=row, answer=State.ACCEPTED, **here)
    link_action(recommendation=row, action=action, **here)
    start_recommendation(recommendation=row, **here)


def test_an_action_completes_and_reopens(
    cast: Cast, manager: Program, auditor: Program, row: Recommendation, action: Action
) -> None:
    body = created(say(manager, row, "not_accepted", reason="Done already.", version=row.version))
    assert (body["state"], body["version"]) == ("not_accepted", row.version + 1)
    assert [each["reason"] for each in body["own_history"]] == ["Done already.", ""]
    assert created(say(manager, row, "proposed", reason="Nothing to do."))["state"] == "proposed"
    assert created(say(auditor, row, "in_progress", reason="Show it."))["state"] == "not_accepted"
    assert created(say(manager, row, "accepted"))["state"] == "accepted"
    link = created(manager.post(row, "actions", action=action.pk, answers="The panel"))
    assert (link["action"]["ref"], link["answers"], link["recommendation"]) == (
        action.ref,
        "The panel",
        row.pk,
    )
    assert created(say(manager, row, "in_progress"))["number_of_actions"] == 1
    entries = Entry.objects.filter(verb__startswith="recommendation.", actor_id=str(cast.manager.pk))
    assert [entry.verb for entry in entries.order_by("pk")][-3:] == [
        "recommendation.accepted",
        "recommendation.linked",
        "recommendation.in_progress",
    ]


def test_an_auditor_closes_and_reopens(
    cast: Cast, manager: Program, auditor: Program, row: Recommendation
) -> None:
    say(manager, row, "not_accepted", reason="Another force's.")
    say(manager, row, "proposed", reason="Nothing to do.")
    problem(say(manager, row, "not_implemented", reason="So be it."), 403, "forbidden")
    body = created(say(auditor, row, "not_implemented", reason="Agreed."))
    assert (body["state"], body["closed_on"]) == ("not_implemented", "2020-06-19")
    problem(say(manager, row, "reopened", reason="No."), 403, "forbidden")
    assert created(say(auditor, row, "reopened", reason="It is ours."))["state"] == "reopened"


def test_an_impossible_status_is_refused(
    cast: Cast, manager: Program, auditor: Program, row: Recommendation, action: Action
) -> None:
    before = recorded()
    problem(say(auditor, row, "implemented", reason="Seen."), 422, "unprocessable")
    problem(say(manager, row, "proposed", reason="Done."), 422, "unprocessable")
    problem(say(manager, row, "accepted", version=row.version + 1), 412, "precondition-failed")
    assert places(say(manager, row, "partly_accepted")) == {
        "#/reason": "Enter why it is not accepted, or which part is not accepted."
    }
    assert recorded() == before
    in_progress(cast, row, action)
    response = say(manager, row, "proposed", reason="Done.")
    assert response.status_code == 400
    assert action.ref in response.json()["errors"][0]["detail"]


@pytest.mark.parametrize(
    ("path", "body", "place"),
    [
        ("own-statuses", {}, "#/state"),
        ("own-statuses", {"state": "registered"}, "#/state"),
        ("own-statuses", {"state": "accepted", "reason": 5}, "#/reason"),
        ("own-statuses", {"state": "accepted", "colour": "red"}, "#/colour"),
        ("register-statuses", {"state": "complete"}, "#/as_at"),
        ("register-statuses", {"state": "complete", "as_at": "2020-06-20"}, "#/as_at"),
        ("register-statuses", {"state": "shut", "as_at": "2020-06-01"}, "#/state"),
        ("actions", {"action": 999_999}, "#/action"),
        ("actions", {"action": "41"}, "#/action"),
    ],
)
def test_each_error_names_its_field(
    manager: Program, row: Recommendation, path: str, body: dict[str, Any], place: str
) -> None:
    before = recorded()
    assert list(places(manager.post(row, path, **body))) == [place]
    assert recorded() == before


def test_the_register_is_recorded_beside_it(
    cast: Cast, manager: Program, auditor: Program, row: Recommendation
) -> None:
    fields = {"state": "complete", "as_at": "2020-06-01", "comment": "For all forces."}
    body = created(auditor.post(row, "register-statuses", **fields))
    assert (body["state"], body["register_state"], body["disagrees"]) == ("registered", "complete", True)
    assert body["register_history"][0]["recorded_by"]["id"] == cast.auditor.pk


def test_a_link_is_removed_with_its_reason(
    cast: Cast, manager: Program, row: Recommendation, action: Action
) -> None:
    link = link_action(actor=cast.manager, recommendation=row, action=action, at=AT)
    path = f"actions/{link.pk}/remove"
    assert list(places(manager.post(row, path))) == ["#/reason"]
    problem(manager.post(row, f"actions/{link.pk + 1}/remove", reason="No."), 404, "not-found")
    response = manager.post(row, path, reason="Another action does.")
    assert (response.status_code, response.json()["number_of_actions"]) == (200, 0)
    assert not ActionLink.objects.exists()
    assert Entry.objects.filter(verb="link.removed", note="Another action does.").count() == 1


def test_the_last_live_action_stays(
    cast: Cast, manager: Program, row: Recommendation, action: Action
) -> None:
    in_progress(cast, row, action)
    before = recorded()
    response = manager.post(row, f"actions/{ActionLink.objects.get().pk}/remove", reason="No.")
    assert response.status_code == 400
    assert "Link another action first" in response.json()["errors"][0]["detail"]
    assert recorded() == before


def test_an_action_of_another_partnership_answers_nothing_here(
    cast: Cast, manager: Program, row: Recommendation
) -> None:
    plan = cast.leicestershire_plan
    foreign = create_action(
        actor=cast.leicestershire_manager,
        plan=plan,
        pillar=plan.pillars.get(),
        ref="LE20-01",
        title="Theirs",
        at=AT,
    )
    assert list(places(manager.post(row, "actions", action=foreign.pk))) == ["#/action"]


def test_personal_data_is_reported_by_its_place_and_kept_with_a_reason(
    manager: Program, row: Recommendation
) -> None:
    body = {"state": "partly_accepted", "reason": f"Ring {NUMBER}."}
    response = manager.post(row, "own-statuses", **body)
    refusal = problem(response, 422, "personal-data")
    assert [each["pointer"] for each in refusal["findings"]] == ["#/reason"]
    assert NUMBER not in response.content.decode()
    body["keep_personal_data_reason"] = "The force's own line."
    assert created(manager.post(row, "own-statuses", **body))["state"] == "partly_accepted"


@pytest.mark.parametrize("path", ["own-statuses", "register-statuses", "actions"])
def test_a_partner_reads_a_finding_and_says_nothing_of_it(
    cast: Cast, row: Recommendation, action: Action, path: str
) -> None:
    """On the pages neither: what the force says of a finding is its programme manager's and the auditor's."""
    body = {
        "own-statuses": {"state": "accepted"},
        "register-statuses": {"state": "complete", "as_at": "2020-06-01"},
        "actions": {"action": action.pk},
    }[path]
    address = f"/recommendations/{row.pk}/{path}/"
    council = system_of(cast, cast.wakefield_council, scopes=SCOPES)
    reader = system_of(cast, cast.wakefield_council, "Reader", scopes=SCOPES[:1])
    leicester = system_of(cast, cast.city_council, scopes=SCOPES)
    before = recorded()
    refused = council.post(address, body)
    assert refused.status_code == 403, refused.content
    problem(leicester.post(address, body), 404, "not-found")
    problem(reader.post(address, body), 403, "forbidden")
    assert recorded() == before


def test_more_links_and_history_cost_no_more_queries(
    cast: Cast, auditor: Program, row: Recommendation
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            created(auditor.post(row, "register-statuses", state="open", as_at="2020-06-01"))
        return len(queries)

    cost()
    few = cost()
    for number in range(2, 9):
        link_action(
            actor=cast.manager,
            recommendation=row,
            action=ActionFactory(cast=cast, in_progress=True, ref=f"WY20-{number:02}"),
            at=AT,
        )
        cost()
    assert cost() == few
