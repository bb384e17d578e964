"""A partner's system sets the steps to a due date of what its organisation leads, and says what became of them."""

from datetime import date
from typing import Any

import pytest

from actions.models import Action, Milestone
from tests.actions.dates.dates import milestone
from tests.api.asking import all_pages, cost, places, problem, recorded, results
from tests.api.clients import System, system_of
from tests.api.test_description import described, validate
from tests.cast import Cast
from tests.factories import ActionFactory

__all__ = ["described"]
SCOPES = ["actions:read", "dates:write"]
NEW = {"title": "Name the trainers", "due": "2020-07-31"}


@pytest.fixture
def action(cast: Cast) -> Action:
    """The council leads it, and Bradford's SPOC owns it."""
    return ActionFactory(cast=cast, in_progress=True, lead=cast.wakefield_council)


@pytest.fixture
def row(cast: Cast, action: Action) -> Milestone:
    return milestone(cast, action)


@pytest.fixture
def system(cast: Cast) -> System:
    return system_of(cast, cast.wakefield_council, scopes=SCOPES)


def path(action: Action) -> str:
    return f"/actions/{action.pk}/milestones/"


def patch(system: System, row: Milestone, body: Any, **headers: str) -> Any:
    address = f"/api/v1/milestones/{row.pk}/"
    headers_sent = system.headers(**headers)
    return system.http.patch(address, body, content_type="application/json", headers=headers_sent)


def tag(system: System, row: Milestone) -> dict[str, str]:
    return {"if-match": system.get(f"/milestones/{row.pk}/")["ETag"]}


def test_a_milestone_is_set_and_reached(system: System, action: Action) -> None:
    response = system.post(path(action), NEW | {"version": action.version})
    assert response.status_code == 201, response.content
    row = response.json()
    assert response["Location"] == row["links"]["self"]
    assert (row["title"], row["due"], row["original_due"], row["overdue"]) == (
        "Name the trainers",
        "2020-07-31",
        "2020-07-31",
        False,
    )
    assert results(system.get(path(action))) == [row]
    assert system.get(f"/milestones/{row['id']}/").json() == row
    reach = f"/milestones/{row['id']}/reach/"
    for body, place in (
        ({}, "#/reached_on"),
        ({"reached_on": "2020-06-20"}, "#/reached_on"),
        ({"reached_on": "2020-03-31"}, "#/reached_on"),
        ({"reached_on": "today"}, "#/reached_on"),
        ({"reached_on": "2020-06-19", "due": "2020-06-19"}, "#/due"),
    ):
        assert list(places(system.post(reach, body))) == [place]
    reached = system.post(reach, {"reached_on": "2020-06-19"})
    assert reached.status_code == 200, reached.content
    assert reached.json()["reached_on"] == "2020-06-19"
    again = problem(system.post(reach, {"reached_on": "2020-06-19"}), 422, "unprocessable")
    assert "was reached on 19 June 2020" in again["detail"]


def test_a_milestone_is_dropped_with_a_reason(system: System, row: Milestone) -> None:
    drop = f"/milestones/{row.pk}/drop/"
    assert list(places(system.post(drop, {"reason": " "}))) == ["#/reason"]
    body = problem(system.post(drop, {"reason": "Ring 07700 900123."}), 422, "personal-data")
    assert {each["kind"] for each in body["findings"]} == {"telephone"}
    body = system.post(drop, {"reason": "One trainer takes all."}).json()
    assert (body["dropped_on"], body["note"]) == ("2020-06-19", "One trainer takes all.")


def test_a_milestone_is_moved_by_who_has_read_it(cast: Cast, system: System, row: Milestone) -> None:
    moved = {"due": "2020-08-14", "reason": "The list comes in August."}
    problem(patch(system, row, moved), 428, "precondition-required")
    known = tag(system, row)
    assert list(places(patch(system, row, {"due": "2020-08-14"}, **known))) == ["#/reason"]
    assert list(places(patch(system, row, {"reached_on": "2020-06-01"}, **known))) == ["#/reached_on"]
    assert list(places(patch(system, row, {"due": "2020-12-31", "reason": "x"}, **known))) == ["#/due"]
    response = patch(system, row, moved, **known)
    assert response.status_code == 200, response.content
    assert (response.json()["due"], response.json()["original_due"]) == ("2020-08-14", "2020-07-31")
    assert response["ETag"] == tag(system, row)["if-match"]
    entries = recorded()
    problem(patch(system, row, {"title": "Another"}, **known), 412, "precondition-failed")
    assert recorded() == entries


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"title": ""}, "#/title"),
        ({"title": "x" * 201}, "#/title"),
        ({"title": 5}, "#/title"),
        ({"due": None}, "#/due"),
        ({"due": "2020-06-18"}, "#/due"),
        ({"due": "2020-10-01"}, "#/due"),
        ({"reached_on": "2020-06-01"}, "#/reached_on"),
        ({"version": 0}, "#/version"),
    ],
)
def test_a_wrong_milestone_is_refused_by_name(
    system: System, action: Action, body: dict[str, Any], place: str
) -> None:
    entries = recorded()
    assert list(places(system.post(path(action), NEW | body))) == [place]
    assert (Milestone.objects.count(), recorded()) == (0, entries)


def test_personal_data_stale_versions_and_states_are_refused(
    cast: Cast, system: System, action: Action
) -> None:
    refusal = problem(system.post(path(action), NEW | {"title": "Ring 07700 900123"}), 422, "personal-data")
    assert [each["pointer"] for each in refusal["findings"]] == ["#/title"]
    problem(system.post(path(action), NEW | {"version": action.version + 1}), 412, "precondition-failed")
    waiting = ActionFactory(cast=cast, awaiting_assurance=True, ref="WY20-02", lead=cast.wakefield_council)
    assert "awaiting assurance" in problem(system.post(path(waiting), NEW), 422, "unprocessable")["detail"]


def test_supporters_and_outsiders_change_no_milestone(cast: Cast, system: System) -> None:
    foreign = system_of(cast, cast.city_council, scopes=SCOPES)
    action = ActionFactory(cast=cast, in_progress=True, ref="WY20-03", supporting=[cast.wakefield_council])
    row = milestone(cast, action)
    entries = recorded()
    for asks, status, kind in ((system, 403, "forbidden"), (foreign, 404, "not-found")):
        problem(asks.post(path(action), NEW), status, kind)
        problem(asks.post(f"/milestones/{row.pk}/reach/", {"reached_on": "2020-06-19"}), status, kind)
        problem(asks.post(f"/milestones/{row.pk}/drop/", {"reason": "x"}), status, kind)
        problem(patch(asks, row, {"title": "x"}, **{"if-match": "*"}), status, kind)
    for address in (path(action), f"/milestones/{row.pk}/"):
        assert system.get(address).status_code == 200
        problem(foreign.get(address), 404, "not-found")
    assert recorded() == entries


def test_milestones_come_in_order_and_cost_the_same(cast: Cast, system: System, row: Milestone) -> None:
    few = cost(system, path(row.action))
    for day in (3, 2, 1):
        milestone(cast, row.action, title=f"Step {day}", due=date(2020, 7, day))
    assert cost(system, path(row.action)) == few
    titles = [each["title"] for each in all_pages(system, path(row.action))]
    assert titles == ["Step 1", "Step 2", "Step 3", "Name the trainers"]


def test_the_answers_are_as_described(system: System, row: Milestone, described: dict[str, Any]) -> None:
    validate(described, "PaginatedMilestoneList", system.get(path(row.action)).json())
    reached = system.post(f"/milestones/{row.pk}/reach/", {"reached_on": "2020-06-19"}).json()
    validate(described, "Milestone", reached)
