"""Lists as CSV: the same rows, in columns that do not depend on what is in them."""

import csv
import io
import re
from typing import Any

import pytest

from actions.models import Action
from tests.api.clients import API, System
from tests.cast import Cast, allocated, under_way
from web.cursors import CursorPages


@pytest.fixture
def action(cast: Cast) -> Action:
    return under_way(cast, supporting=[cast.wakefield_council])


def as_csv(system: System, path: str, **query: Any) -> Any:
    return system.http.get(f"{API}{path}", query, headers=system.headers(accept="text/csv"))


def rows(response: Any) -> list[dict[str, str]]:
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(response.content.decode())))


def test_a_list_is_told_row_by_row(council: System, action: Action) -> None:
    (row,) = rows(as_csv(council, "/actions/"))
    (told,) = council.get("/actions/").json()["results"]
    assert (row["id"], row["ref"], row["title"]) == (str(told["id"]), told["ref"], told["title"])
    assert (row["lead.id"], row["lead.name"]) == (str(told["lead"]["id"]), told["lead"]["name"])
    assert (row["overdue"], row["percent"], row["due"]) == ("false", "40", "2020-09-30")
    assert (row["computed_rag.rag"], row["links.self"]) == ("green", told["links"]["self"])
    assert row["supporting"] == f'[{{"id": {action.supporting.get().pk}, "name": "Wakefield Council"}}]'


def test_the_columns_are_the_same_whatever_the_rows(cast: Cast, council: System) -> None:
    def header() -> bytes:
        response = as_csv(council, "/actions/")
        rows(response)
        line: bytes = response.content.splitlines()[0]
        return line

    empty = header()
    loose = allocated(cast, supporting=[cast.wakefield_council], area=None, lead=cast.wakefield_council)
    assert (loose.alternate, loose.mou_area) == (None, None)
    (row,) = rows(as_csv(council, "/actions/"))
    assert (row["area.name"], row["alternate.id"], row["closed_on"]) == ("", "", "")
    assert header() == empty
    assert b"alternate.id,alternate.name" in empty


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_cell_is_a_formula(cast: Cast, council: System, start: str) -> None:
    text = f'{start}, "quoted"\nand more'
    allocated(cast, supporting=[cast.wakefield_council], title="T", description=text)
    (row,) = rows(as_csv(council, "/actions/"))
    assert row["description"] == f"'{text}"


def test_filters_order_and_fields_hold_for_csv_too(cast: Cast, council: System, action: Action) -> None:
    allocated(cast, "WY20-02", supporting=[cast.wakefield_council])
    allocated(cast, "WY20-03", supporting=[cast.wakefield_council])
    response = as_csv(council, "/actions/", state="not_started", ordering="-ref", fields="lead,ref")
    assert [next(iter(row.items())) for row in rows(response)] == [("ref", "WY20-03"), ("ref", "WY20-02")]
    assert response.content.splitlines()[0] == b"ref,lead.id,lead.name"
    assert as_csv(council, "/actions/", colour="red").status_code == 400


def test_a_long_list_goes_on_at_the_address_in_link(
    cast: Cast, council: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        allocated(cast, f"WY20-0{number}", supporting=[cast.wakefield_council])
    monkeypatch.setattr(CursorPages, "csv_page_size", 2)
    response = as_csv(council, "/actions/", fields="ref")
    seen = [row["ref"] for row in rows(response)]
    address = re.fullmatch(r'<(.+)>; rel="next"', response["Link"])
    assert address
    last = council.http.get(address[1], headers=council.headers(accept="text/csv"))
    assert seen + [row["ref"] for row in rows(last)] == ["WY20-00", "WY20-01", "WY20-02"]
    assert "Link" not in last
    assert len(rows(as_csv(council, "/actions/", page_size=1))) == 1


def test_a_problem_is_told_in_json(council: System) -> None:
    response = as_csv(council, "/actions/", colour="red")
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert response.json()["type"] == "/problems/invalid"


@pytest.mark.parametrize("path", ["/actions/{pk}/", "/plans/{pk}/"])
def test_what_is_no_list_is_no_csv(council: System, action: Action, path: str) -> None:
    response = as_csv(council, path.format(pk=action.pk))
    assert (response.status_code, response["Content-Type"]) == (406, "application/problem+json")


def test_what_is_sent_is_not_answered_as_csv(council: System, action: Action) -> None:
    body = {"narrative": "Trained.", "rag": "green"}
    assert council.post(f"/actions/{action.pk}/updates/", body, accept="text/csv").status_code == 406


def test_csv_and_json_have_their_own_etags(council: System, action: Action) -> None:
    first, plain = as_csv(council, "/actions/"), council.get("/actions/")
    assert first["ETag"] != plain["ETag"]
    assert "Accept" in plain["Vary"]
    headers = council.headers(accept="text/csv", **{"if-none-match": first["ETag"]})
    assert council.http.get(f"{API}/actions/", headers=headers).status_code == 304


# By suffix ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/actions", "/plans", "/actions/{pk}/updates"])
def test_the_suffix_asks_for_csv(council: System, action: Action, path: str) -> None:
    path = path.format(pk=action.pk)
    assert rows(council.get(f"{path}.csv")) == rows(as_csv(council, f"{path}/"))


def test_the_pages_behind_a_suffix_keep_it(cast: Cast, council: System) -> None:
    for ref in ("WY20-01", "WY20-02"):
        allocated(cast, ref, supporting=[cast.wakefield_council])
    response = council.get("/actions.csv", page_size=1, fields="ref", state="not_started")
    assert response["Link"].startswith(f"<http://testserver{API}/actions.csv?")
    assert council.get("/actions.csv", colour="red").json()["instance"] == f"{API}/actions.csv"


@pytest.mark.parametrize(
    ("path", "status"),
    [("/actions/{pk}", 404), ("/schema", 404), ("/nothing", 404), ("/actions/0/updates", 404), ("/", 404)],
)
def test_a_suffix_on_anything_else_is_not_found(
    council: System, action: Action, path: str, status: int
) -> None:
    response = council.get(f"{path.format(pk=action.pk)}.csv")
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")


def test_an_address_with_a_suffix_is_only_read(council: System, action: Action) -> None:
    response = council.post(f"/actions/{action.pk}/updates.csv", {"narrative": "x", "rag": "green"})
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")
