"""What a partner's system reads of plans and actions."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from actions.actions.api.actions import ActionSerializer
from actions.models import Action
from standards.marking import Marking
from tests.actions.districts.parts import district
from tests.api.clients import API, System
from tests.cast import Cast
from tests.factories import ActionFactory


def refs(response: Any) -> list[str]:
    assert response.status_code == 200, response.content
    return [row["ref"] for row in response.json()["results"]]


@pytest.fixture
def supported(cast: Cast) -> Any:
    """The action under way that the council supports."""
    return ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])


# Seeing ------------------------------------------------------------------------------------------------------


def test_a_council_sees_what_it_leads_or_supports(cast: Cast, council: System, leicester: System) -> None:
    supported = ActionFactory(cast=cast, in_progress=True, ref="WY20-01", supporting=[cast.wakefield_council])
    led = ActionFactory(
        cast=cast, allocated=True, ref="WY20-02", lead=cast.wakefield_council, owner=cast.wakefield_contact
    )
    other = ActionFactory(cast=cast, in_progress=True, ref="WY20-03")
    assert refs(council.get("/actions/")) == ["WY20-01", "WY20-02"]
    assert refs(leicester.get("/actions/")) == []
    for action, expected in ((supported, 200), (led, 200), (other, 404)):
        assert council.get(f"/actions/{action.pk}/").status_code == expected
        assert council.get(f"/actions/{action.pk}/updates/").status_code == expected
        assert leicester.get(f"/actions/{action.pk}/").status_code == 404


def test_a_system_and_a_person_of_its_organisation_see_the_same(
    cast: Cast, council: System, signed_in: Any, supported: Any
) -> None:
    ActionFactory(cast=cast, in_progress=True, ref="WY20-03")
    person = signed_in("wakefield_contact")
    assert refs(person.get(f"{API}/actions/")) == refs(council.get("/actions/")) == ["WY20-01"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("manager", ["WY20-01", "WY20-02"]),
        ("auditor", ["WY20-01", "WY20-02"]),
        ("leeds_spoc", ["WY20-01"]),
        ("bradford_spoc", ["WY20-01", "WY20-02"]),
        ("wakefield_contact", []),
        ("observer", []),
        ("former_spoc", []),
        ("administrator", []),
        ("stranger", []),
        ("leicestershire_manager", []),
    ],
)
def test_a_person_sees_by_the_api_what_they_see_on_the_pages(
    cast: Cast, signed_in: Any, name: str, expected: list[str]
) -> None:
    ActionFactory(cast=cast, allocated=True, ref="WY20-01")
    ActionFactory(
        cast=cast,
        allocated=True,
        ref="WY20-02",
        marking=Marking.OFFICIAL_SENSITIVE,
        handling_instruction="For the Silver group only.",
    )
    assert refs(signed_in(name).get(f"{API}/actions/")) == expected


def test_an_action_names_what_it_belongs_to(cast: Cast, council: System, supported: Any) -> None:
    response = council.get(f"/actions/{supported.pk}/")
    assert response["Content-Type"] == "application/json"
    assert response["Cache-Control"] == "no-store"
    row = response.json()
    assert row["plan"] == {"id": cast.plan.pk, "title": "Prevent Business Plan 2020/21"}
    assert row["pillar"] == {"id": cast.identify.pk, "name": "Identify"}
    assert row["area"] == {"id": cast.bradford.pk, "name": "Bradford"}
    assert row["lead"] == {"id": cast.bradford_district.pk, "name": "Bradford District"}
    assert row["supporting"] == [{"id": cast.wakefield_council.pk, "name": "Wakefield Council"}]
    assert row["owner"] == {"id": cast.bradford_spoc.pk, "name": "Bradford spoc"}
    assert (row["state"], row["rag"], row["percent"]) == ("in_progress", "green", 40)
    assert (row["due"], row["overdue"], row["tier"], row["closed_on"]) == ("2020-09-30", False, None, None)
    assert row["computed_rag"] == {"rag": "green", "rule": "Updates are recent and the due date is ahead"}
    assert row["version"] == supported.version
    assert row["links"]["self"] == f"http://testserver{API}/actions/{supported.pk}/"
    assert council.http.get(row["links"]["updates"], headers=council.headers()).status_code == 200
    assert council.http.get(row["links"]["plan"], headers=council.headers()).json()["id"] == cast.plan.pk


def test_overdue_is_shown_beside_the_declared_rating(cast: Cast, council: System) -> None:
    late = ActionFactory(
        cast=cast, in_progress=True, due=date(2020, 6, 18), supporting=[cast.wakefield_council]
    )
    row = council.get(f"/actions/{late.pk}/").json()
    assert (row["rag"], row["overdue"]) == ("green", True)
    assert row["computed_rag"] == {"rag": "red", "rule": "Overdue by 1 day"}


def test_a_parent_that_may_not_be_seen_is_not_named(cast: Cast, council: System, signed_in: Any) -> None:
    parent = ActionFactory(cast=cast, unallocated=True, ref="WY20-10", area=None)
    child = ActionFactory(
        cast=cast, allocated=True, ref="WY20-11", supporting=[cast.wakefield_council], parent=parent
    )
    assert council.get(f"/actions/{child.pk}/").json()["parent"] is None
    parent_link = signed_in("manager").get(f"{API}/actions/{child.pk}/").json()["parent"]
    assert parent_link == {"id": parent.pk, "ref": "WY20-10"}


# Narrowing and order -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"state": "not_started"}, ["A-2", "A-3"]),
        ({"state": ["not_started", "in_progress"]}, ["A-1", "A-2", "A-3"]),
        ({"state": "closed"}, []),
        ({"rag": "green"}, ["A-1"]),
        ({"rag": "none"}, ["A-2", "A-3"]),
        ({"overdue": "yes"}, ["A-2"]),
        ({"overdue": "no"}, ["A-1", "A-3"]),
        ({"due_from": "2020-09-01", "due_to": "2020-10-01"}, ["A-1"]),
        ({"pillar": "Safeguard"}, ["A-3"]),
        ({"q": "second"}, ["A-2"]),
        ({"lead": "none"}, []),
        ({"ordering": "-ref"}, ["A-3", "A-2", "A-1"]),
        ({"ordering": "due"}, ["A-2", "A-1", "A-3"]),
        ({"ordering": "-due"}, ["A-3", "A-1", "A-2"]),
        ({"ordering": "rag", "overdue": "no"}, ["A-1", "A-3"]),
        ({"ordering": "area"}, ["A-1", "A-2", "A-3"]),
    ],
)
def test_the_list_is_narrowed_and_ordered(
    cast: Cast, council: System, query: dict[str, Any], expected: list[str]
) -> None:
    shared = {"supporting": [cast.wakefield_council]}
    ActionFactory(cast=cast, in_progress=True, ref="A-1", **shared)
    ActionFactory(cast=cast, allocated=True, ref="A-2", title="The second", due=date(2020, 6, 1), **shared)
    ActionFactory(
        cast=cast, allocated=True, ref="A-3", due=date(2021, 1, 31), pillar=cast.safeguard, **shared
    )
    assert refs(council.get("/actions/", **query)) == expected


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({"colour": "red"}, "colour"),
        ({"format": "csv"}, "format"),
        ({"state": "finished"}, "state"),
        ({"rag": "blue"}, "rag"),
        ({"plan": "999999"}, "plan"),
        ({"plan": "x"}, "plan"),
        ({"area": "\x00"}, "area"),
        ({"q": "x" * 101}, "q"),
        ({"q": "\x00"}, "q"),
        ({"overdue": "perhaps"}, "overdue"),
        ({"due_from": "31/02/2020"}, "due_from"),
        ({"due_from": "2020-13-01"}, "due_from"),
        ({"due_from": "0001-01-01"}, "due_from"),
        ({"due_from": "2020-06-02", "due_to": "2020-06-01"}, "due_to"),
        ({"ordering": "colour"}, "ordering"),
        ({"ordering": "--due"}, "ordering"),
        ({"plan": ""}, "plan"),
        ({"page_size": "0"}, "page_size"),
        ({"page_size": "101"}, "page_size"),
        ({"page_size": "ten"}, "page_size"),
        ({"cursor": "x"}, "cursor"),
        ({"cursor": ""}, "cursor"),
    ],
)
def test_a_wrong_query_is_refused_by_name(
    cast: Cast, council: System, query: dict[str, str], parameter: str
) -> None:
    response = council.get("/actions/", **query)
    assert response.status_code == 400, response.content
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["type"] == "/problems/invalid"
    assert [error["parameter"] for error in problem["errors"]] == [parameter]
    assert problem["request_id"] == response["X-Request-ID"]


def test_a_choice_of_another_partnership_is_no_choice(cast: Cast, council: System, supported: Any) -> None:
    assert council.get("/actions/", plan=cast.leicestershire_plan.pk).status_code == 400


# Addresses and methods ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    ["/actions/999999/", "/actions/0/", f"/actions/{10**30}/", "/actions/x/", "/plans/999999/", "/nothing/"],
)
def test_a_missing_action_is_not_found(council: System, path: str) -> None:
    response = council.get(path)
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")


def test_a_single_row_takes_no_parameters(council: System, supported: Any) -> None:
    assert council.get(f"/actions/{supported.pk}/", page_size=5).status_code == 400


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_a_method_an_address_does_not_have_is_not_allowed(council: System, method: str) -> None:
    response = council.http.generic(method, f"{API}/actions/", headers=council.headers())
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")
    assert response["Content-Type"] == "application/problem+json"


def test_head_answers_as_get_does_without_a_body(council: System) -> None:
    response = council.http.head(f"{API}/actions/", headers=council.headers())
    assert (response.status_code, response.content) == (200, b"")


def test_a_form_the_api_does_not_speak_is_not_acceptable(council: System) -> None:
    response = council.http.get(f"{API}/actions/", headers=council.headers(accept="text/html"))
    assert (response.status_code, response["Content-Type"]) == (406, "application/problem+json")


def test_an_anonymous_request_gets_401_and_no_redirect(db: None) -> None:
    response = Client().get(f"{API}/plans/")
    assert (response.status_code, response.json()["type"]) == (401, "/problems/unauthenticated")


# Plans -------------------------------------------------------------------------------------------------------


def test_a_council_sees_the_plans_it_has_a_part_in(
    cast: Cast, council: System, leicester: System, supported: Any
) -> None:
    rows = council.get("/plans/").json()["results"]
    assert [row["title"] for row in rows] == ["Prevent Business Plan 2020/21"]
    assert [pillar["name"] for pillar in rows[0]["pillars"]] == ["Identify", "Safeguard"]
    assert (rows[0]["starts_on"], rows[0]["cadence"], rows[0]["marking"]) == (
        "2020-04-01",
        "monthly",
        "OFFICIAL",
    )
    within = council.http.get(rows[0]["links"]["actions"], headers=council.headers())
    assert refs(within) == ["WY20-01"]
    assert council.get(f"/plans/{cast.plan.pk}/").json() == rows[0]
    assert leicester.get("/plans/").json()["results"] == []
    assert leicester.get(f"/plans/{cast.plan.pk}/").status_code == 404


# Cost --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/actions/", "/plans/", "/actions/{pk}/updates/"])
def test_a_list_costs_the_same_for_few_rows_and_for_many(cast: Cast, council: System, path: str) -> None:
    first = ActionFactory(cast=cast, in_progress=True, ref="A-0", supporting=[cast.wakefield_council])
    add_part(cast, council, first, 1)
    address = path.format(pk=first.pk)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert council.get(address).status_code == 200
        return len(queries)

    few = cost()
    for number in range(2, 7):
        add_part(cast, council, first, number)
    assert cost() == few


def add_part(cast: Cast, council: System, first: Any, number: int) -> None:
    """One more district's part of another action, and one more update of the first."""
    supporting = [cast.wakefield_council, cast.opcc]
    whole = Action.objects.filter(ref="B-0").first() or ActionFactory(
        cast=cast, unallocated=True, ref="B-0", supporting=supporting
    )
    area = district(cast, f"District {number}")
    ActionFactory(
        cast=cast, in_progress=True, ref=f"A-{number}", supporting=supporting, parent=whole, area=area
    )
    body = {"narrative": f"Part {number}.", "rag": "green", "percent": 50}
    assert council.post(f"/actions/{first.pk}/updates/", body).status_code == 201


def test_writable_fields_are_those_described(cast: Cast, council: System) -> None:
    """The rows are written from columns, and the serializer only describes them."""
    action = ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])

    def fields(serializer: Any) -> dict[str, Any]:
        inner = getattr(serializer, "child", serializer)
        return {name: fields(each) for name, each in getattr(inner, "fields", {}).items()}

    def same(written: Any, described: dict[str, Any]) -> None:
        for each in written if isinstance(written, list) else [written] if isinstance(written, dict) else []:
            assert list(each) == list(described)
            for name, value in each.items():
                same(value, described[name])

    same(council.get(f"/actions/{action.pk}/").json(), fields(ActionSerializer()))
    same(council.get("/actions/").json()["results"], fields(ActionSerializer()))
