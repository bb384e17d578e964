"""Whoever wants little gets little: `fields` leaves out the rest."""

from typing import Any

import pytest

from actions.models import Action
from tests.api.clients import System, system_of
from tests.cast import Cast
from tests.factories import ActionFactory


@pytest.fixture
def action(cast: Cast) -> Action:
    return ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])


def test_one_thing_has_the_chosen_fields_alone_and_as_they_are(council: System, action: Action) -> None:
    whole = council.get(f"/actions/{action.pk}/").json()
    part = council.get(f"/actions/{action.pk}/", fields="lead,ref,computed_rag").json()
    assert part == {name: whole[name] for name in ("ref", "lead", "computed_rag")}


def test_so_has_every_row_of_a_list_and_the_pages_follow(cast: Cast, council: System, action: Action) -> None:
    ActionFactory(cast=cast, allocated=True, ref="WY20-02", supporting=[cast.wakefield_council])
    first = council.get("/actions/", fields="ref", page_size=1).json()
    assert first["results"] == [{"ref": "WY20-01"}]
    second = council.http.get(first["next"], headers=council.headers()).json()
    assert second["results"] == [{"ref": "WY20-02"}]


@pytest.mark.parametrize(
    "path", ["/plans/{plan}/", "/actions/{pk}/updates/", "/recommendations/", "/inspections/", "/pillars/"]
)
def test_every_resource_takes_them(cast: Cast, action: Action, path: str) -> None:
    scopes = ["actions:read", "recommendations:read"]
    system = system_of(cast, cast.wakefield_council, "Other system", scopes=scopes)
    body = system.get(path.format(pk=action.pk, plan=action.plan_id), fields="id").json()
    assert all(set(row) == {"id"} for row in body.get("results", [body]))


@pytest.mark.parametrize(
    "value", ["id,colour", "colour", "id,", ",", "lead.name", "ID", "id;ref", "\x00", "*"]
)
@pytest.mark.parametrize("path", ["/actions/", "/actions/{pk}/"])
def test_an_unknown_field_is_refused_by_name(council: System, action: Action, path: str, value: str) -> None:
    response = council.get(path.format(pk=action.pk), fields=value)
    (error,) = response.json()["errors"]
    assert (response.status_code, error["parameter"]) == (400, "fields")
    assert "Unknown field" in error["detail"]
    assert "ref, title" in error["detail"]


def test_no_fields_at_all_is_refused(council: System, action: Action) -> None:
    assert council.get("/actions/", fields="").status_code == 400


def test_a_field_may_be_named_twice_and_in_several_parameters(council: System, action: Action) -> None:
    path = f"/actions/{action.pk}/"
    assert council.get(path, fields=["ref,id", "id"]).json() == {"id": action.pk, "ref": "WY20-01"}


def test_another_choice_is_another_etag(council: System, action: Action) -> None:
    path = f"/actions/{action.pk}/"
    tags = [council.get(path, **query)["ETag"] for query in ({}, {"fields": "id"}, {"fields": "id,ref"})]
    assert len(set(tags)) == 3


def test_writing_takes_no_fields(council: System, action: Action) -> None:
    body: Any = {"narrative": "Trained.", "rag": "green"}
    assert council.post(f"/actions/{action.pk}/updates/?fields=id", body).status_code == 400


def test_an_address_that_is_only_written_to_has_no_fields(council: System) -> None:
    assert council.get("/updates/", fields="id").status_code == 405
