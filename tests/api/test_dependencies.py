"""A partner's system learns what is waited for from its organisation, answers, and says what its own actions wait for."""

from datetime import date
from typing import Any

import pytest

from actions.models import Action, Dependency
from tests.actions.waits.waiting import answered, declined, ended, supported, waits
from tests.api.asking import all_pages, cost, parameters, places, problem, recorded, results
from tests.api.clients import API, System, system_of
from tests.api.test_description import described, validate
from tests.cast import Cast
from tests.factories import ActionFactory

__all__ = ["described"]
SCOPES = ["actions:read", "dependencies:write"]
COMES = {"accept": True, "answer": "On its way.", "expected_on": "2020-06-24"}


@pytest.fixture
def system(cast: Cast) -> System:
    return system_of(cast, cast.wakefield_council, scopes=SCOPES)


@pytest.fixture
def foreign(cast: Cast) -> System:
    return system_of(cast, cast.city_council, scopes=SCOPES)


@pytest.fixture
def row(cast: Cast) -> Dependency:
    """Bradford's action waits on the council."""
    return waits(cast, supported(cast), needed_by=date(2020, 6, 10))


@pytest.fixture
def led(cast: Cast) -> Action:
    """The council leads it and Leeds supports it."""
    return ActionFactory(
        cast=cast,
        in_progress=True,
        ref="WY20-02",
        lead=cast.wakefield_council,
        supporting=[cast.leeds_district],
    )


def path(action: Action) -> str:
    return f"/actions/{action.pk}/dependencies/"


def leeds_request(cast: Cast) -> dict[str, Any]:
    return {"organisation": cast.leeds_district.pk, "needed": "Two rooms for the training."}


# Answering ---------------------------------------------------------------------------------------------------


def test_a_wait_is_read_with_its_days(system: System, row: Dependency) -> None:
    body = system.get(f"/dependencies/{row.pk}/").json()
    assert (body["needed"], body["since"], body["needed_by"]) == (row.needed, "2020-06-01", "2020-06-10")
    assert (body["state"], body["days_waiting"], body["late"]) == ("requested", 18, True)
    assert body["organisation"]["name"] == "Wakefield Council"
    assert results(system.get("/dependencies/")) == [body]
    assert results(system.get(path(row.action))) == [body]


def test_the_partner_acknowledges_and_may_decline_after_all(system: System, row: Dependency) -> None:
    address = f"/dependencies/{row.pk}/answer/"
    response = system.post(address, COMES)
    assert response.status_code == 200, response.content
    answer_body = response.json()
    assert (answer_body["state"], answer_body["answer"], answer_body["expected_on"]) == (
        "acknowledged",
        "On its way.",
        "2020-06-24",
    )
    assert answer_body["answered_by"]["name"] == "Case system (API client)"
    again = problem(system.post(address, COMES), 409, "conflict")
    assert "was acknowledged by Case system (API client) on 19 June 2020" in again["detail"]
    answer_body = system.post(address, {"accept": False, "answer": "It does not exist."}).json()
    assert (answer_body["state"], answer_body["expected_on"], answer_body["late"]) == (
        "declined",
        None,
        False,
    )
    problem(system.post(address, {"accept": False, "answer": "No."}), 409, "conflict")


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({}, "#/accept"),
        ({"accept": "yes"}, "#/accept"),
        ({"accept": 1}, "#/accept"),
        ({"accept": None}, "#/accept"),
        ({"accept": False}, "#/answer"),
        ({"accept": True, "answer": 5}, "#/answer"),
        ({"accept": True, "answer": "x" * 1001}, "#/answer"),
        ({"accept": True, "expected_on": "2020-06-18"}, "#/expected_on"),
        ({"accept": True, "expected_on": "soon"}, "#/expected_on"),
        ({"accept": False, "answer": "No.", "expected_on": "2020-06-24"}, "#/expected_on"),
        ({"accept": True, "state": "met"}, "#/state"),
    ],
)
def test_a_wrong_answer_is_refused_by_name(
    system: System, row: Dependency, body: dict[str, Any], place: str
) -> None:
    entries = recorded()
    assert list(places(system.post(f"/dependencies/{row.pk}/answer/", body))) == [place]
    row.refresh_from_db()
    assert (row.state, recorded()) == ("requested", entries)


def test_nobody_answers_for_another_organisation(cast: Cast, system: System, led: Action) -> None:
    made = waits(cast, led, actor=cast.manager, organisation=cast.leeds_district)
    refusal = problem(system.post(f"/dependencies/{made.pk}/answer/", COMES), 403, "forbidden")
    assert "Only the organisation that this was requested from can answer" in refusal["detail"]


def test_personal_data_is_asked_about(system: System, row: Dependency) -> None:
    address, body = f"/dependencies/{row.pk}/answer/", COMES | {"answer": "Ring 07700 900123."}
    refusal = problem(system.post(address, body), 422, "personal-data")
    assert [each["pointer"] for each in refusal["findings"]] == ["#/answer"]
    with_reason = body | {"keep_personal_data_reason": "The office's own number."}
    assert system.post(address, with_reason).status_code == 200


# Waiting -----------------------------------------------------------------------------------------------------


def test_the_lead_records_and_closes_a_wait(cast: Cast, system: System, led: Action) -> None:
    body = leeds_request(cast) | {"needed_by": "2020-07-01", "version": led.version}
    response = system.post(path(led), body)
    assert response.status_code == 201, response.content
    made = response.json()
    assert response["Location"] == made["links"]["self"]
    assert (made["state"], made["since"], made["needed_by"]) == ("requested", "2020-06-19", "2020-07-01")
    assert made["action"]["version"] == led.version + 1
    assert list(places(system.post(path(led), leeds_request(cast)))) == ["#/organisation"]
    end = f"/dependencies/{made['id']}/end/"
    assert list(places(system.post(end, {"met": False}))) == ["#/ending"]
    assert list(places(system.post(end, {"met": "yes"}))) == ["#/met"]
    over = system.post(end, {"met": True, "ending": "Both rooms are booked."})
    assert over.status_code == 200, over.content
    assert (over.json()["state"], over.json()["ended_on"]) == ("met", "2020-06-19")
    refusal = problem(system.post(end, {"met": True}), 409, "conflict")
    assert "closed this request on 19 June 2020 as received" in refusal["detail"]


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"organisation": None}, "#/organisation"),
        ({"organisation": "1"}, "#/organisation"),
        ({"organisation": 999999}, "#/organisation"),
        ({"needed": ""}, "#/needed"),
        ({"needed": "x" * 1001}, "#/needed"),
        ({"since": "2020-06-20"}, "#/since"),
        ({"since": "2020-03-01"}, "#/since"),
        ({"needed_by": "2020-06-01"}, "#/needed_by"),
        ({"needed_by": "2020-6-1x"}, "#/needed_by"),
        ({"state": "met"}, "#/state"),
    ],
)
def test_a_wrong_wait_is_refused_by_name(
    cast: Cast, system: System, led: Action, body: dict[str, Any], place: str
) -> None:
    entries = recorded()
    assert list(places(system.post(path(led), leeds_request(cast) | body))) == [place]
    assert (Dependency.objects.count(), recorded()) == (0, entries)


def test_partners_that_cannot_be_waited_on_are_refused(cast: Cast, system: System, led: Action) -> None:
    for organisation in (cast.wakefield_council, cast.opcc, cast.city_council):
        body = leeds_request(cast) | {"organisation": organisation.pk}
        assert list(places(system.post(path(led), body))) == ["#/organisation"]
    assert not Dependency.objects.exists()


def test_a_supporting_organisation_neither_records_nor_closes_a_wait(
    cast: Cast, system: System, row: Dependency
) -> None:
    entries = recorded()
    problem(system.post(path(row.action), leeds_request(cast)), 403, "forbidden")
    problem(system.post(f"/dependencies/{row.pk}/end/", {"met": True}), 403, "forbidden")
    assert recorded() == entries


def test_states_and_versions_are_checked(cast: Cast, system: System, led: Action) -> None:
    stale = leeds_request(cast) | {"version": led.version + 1}
    problem(system.post(path(led), stale), 412, "precondition-failed")
    loose = ActionFactory(cast=cast, unallocated=True, ref="WY20-03", lead=cast.wakefield_council)
    problem(system.post(path(loose), leeds_request(cast)), 422, "unprocessable")


# Seeing ------------------------------------------------------------------------------------------------------


def test_a_wait_of_another_partnership_is_not_found(
    cast: Cast, system: System, foreign: System, row: Dependency
) -> None:
    hidden = waits(
        cast,
        ActionFactory(cast=cast, in_progress=True, ref="WY20-02"),
        actor=cast.manager,
        organisation=cast.leeds_district,
    )
    entries = recorded()
    for asks, dependency in ((foreign, row), (system, hidden)):
        address = f"/dependencies/{dependency.pk}/"
        problem(asks.get(address), 404, "not-found")
        problem(asks.get(path(dependency.action)), 404, "not-found")
        problem(asks.post(path(dependency.action), {}), 404, "not-found")
        problem(asks.post(f"{address}answer/", COMES), 404, "not-found")
        problem(asks.post(f"{address}end/", {"met": True}), 404, "not-found")
    assert results(foreign.get("/dependencies/")) == []
    assert [each["id"] for each in results(system.get("/dependencies/"))] == [row.pk]
    assert recorded() == entries


def test_waits_are_narrowed_as_on_the_page_and_ordered(cast: Cast, signed_in: Any) -> None:
    manager = signed_in("manager")
    late = waits(cast, supported(cast), needed_by=date(2020, 6, 10))
    coming = waits(cast, supported(cast, "WY20-02"), since=date(2020, 6, 3), needed_by=date(2020, 7, 1))
    answered(cast, coming)
    refused = waits(cast, supported(cast, "WY20-03"), since=date(2020, 6, 5))
    declined(cast, refused)
    over = waits(
        cast,
        supported(cast, "WY20-04"),
        actor=cast.manager,
        organisation=cast.leeds_district,
        since=date(2020, 5, 4),
    )
    ended(cast, over)
    names = {late.pk: "L", coming.pk: "C", refused.pk: "R", over.pk: "O"}

    def listed(**query: Any) -> str:
        return "".join(names[each["id"]] for each in results(manager.get(f"{API}/dependencies/", query)))

    assert listed() == "OLCR"
    assert listed(ordering="-since") == "RCLO"
    assert listed(ordering="needed_by", waiting="yes") == "LC"
    assert listed(ordering="organisation") == "OLCR"
    assert listed(waiting="yes") == "LC"
    assert listed(waiting="unanswered") == "L"
    assert listed(waiting="late") == "L"
    assert listed(waiting="declined") == "R"
    assert listed(waiting_on=cast.leeds_district.pk) == "O"
    assert listed(waiting_on=cast.wakefield_council.pk, waiting="yes") == "LC"
    assert listed(q="WY20-03") == "R"
    assert listed(plan=cast.plan.pk, state="in_progress", lead=cast.bradford_district.pk) == "OLCR"
    page = manager.get(f"/plans/{cast.plan.pk}/waiting/")
    on_page = "".join(names[each.pk] for each, *_ in page.context["rows"])
    assert on_page == listed(plan=cast.plan.pk, waiting="yes")
    for query in ({"waiting": "no"}, {"waiting_on": "x"}, {"ordering": "ref"}, {"colour": "red"}):
        assert parameters(manager.get(f"{API}/dependencies/", query)) == set(query)


def test_following_the_links_gives_every_wait_once(cast: Cast, system: System, row: Dependency) -> None:
    waits(cast, supported(cast, "WY20-05"))
    waits(cast, supported(cast, "WY20-06"), since=date(2020, 5, 1))
    whole = results(system.get("/dependencies/"))
    assert [each["action"]["ref"] for each in whole] == ["WY20-06", "WY20-01", "WY20-05"]
    assert all_pages(system, "/dependencies/") == whole


def test_lists_cost_the_same_for_few_rows_and_for_many(cast: Cast, system: System, row: Dependency) -> None:
    def costs() -> list[int]:
        return [cost(system, "/dependencies/", waiting="yes"), cost(system, path(row.action))]

    few = costs()
    for number in range(3):
        answered(cast, waits(cast, supported(cast, f"WY20-1{number}")))
        made = waits(cast, row.action, actor=cast.manager, organisation=cast.leeds_district)
        ended(cast, made, actor=cast.manager)
    assert costs() == few


def test_a_wait_outlasts_the_submission_of_its_action(cast: Cast, system: System) -> None:
    waiting = ActionFactory(cast=cast, awaiting_assurance=True, supporting=[cast.wakefield_council])
    row = waits(cast, waiting)
    assert system.post(f"/dependencies/{row.pk}/answer/", {"accept": True}).status_code == 200


def test_the_answers_are_as_described(system: System, row: Dependency, described: dict[str, Any]) -> None:
    validate(described, "Dependency", system.post(f"/dependencies/{row.pk}/answer/", COMES).json())
    for address in ("/dependencies/", path(row.action)):
        validate(described, "PaginatedDependencyList", system.get(address).json())
