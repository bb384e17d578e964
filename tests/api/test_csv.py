"""Lists as CSV: the same rows, in columns that do not depend on what is in them."""

import copy
import csv
import io
import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.db.models.base import ModelState
from django.test.utils import CaptureQueriesContext

from actions.milestones.services import add_milestone
from actions.models import Action
from tests.api.clients import API, System
from tests.cast import AT, Cast
from tests.factories import ActionFactory, submit_progress
from web.cursors import CursorPages


@pytest.fixture
def action(cast: Cast) -> Action:
    return ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])


def as_csv(system: System, path: str, **query: Any) -> Any:
    return system.http.get(f"{API}{path}", query, headers=system.headers(accept="text/csv"))


def rows(response: Any) -> list[dict[str, str]]:
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(body(response).decode())))


def body(response: Any) -> bytes:
    """Return what was sent, in one piece or in many; a response that streams is read once."""
    if response.streaming:
        response.sent = getattr(response, "sent", None) or b"".join(response.streaming_content)
        return bytes(response.sent)
    return bytes(response.content)


def many(cast: Cast, number: int) -> None:
    """Put actions on stage that the council leads: copies of one, since only how many there are matters."""
    first = ActionFactory(
        cast=cast, allocated=True, ref="WY30-0000", lead=cast.wakefield_council, owner=cast.wakefield_contact
    )
    copies = []
    for each in range(1, number):
        twin = copy.copy(first)
        twin.pk, twin._state, twin.ref = None, ModelState(), f"WY30-{each:04}"
        copies.append(twin)
    Action.objects.bulk_create(copies)


def test_a_list_describes_each_row(council: System, action: Action) -> None:
    (row,) = rows(as_csv(council, "/actions/"))
    (json_row,) = council.get("/actions/").json()["results"]
    assert (row["id"], row["ref"], row["title"]) == (str(json_row["id"]), json_row["ref"], json_row["title"])
    assert (row["lead.id"], row["lead.name"]) == (str(json_row["lead"]["id"]), json_row["lead"]["name"])
    assert (row["overdue"], row["percent"], row["due"]) == ("false", "40", "2020-09-30")
    assert (row["computed_rag.rag"], row["links.self"]) == ("green", json_row["links"]["self"])
    assert row["supporting"] == f'[{{"id": {action.supporting.get().pk}, "name": "Wakefield Council"}}]'


def test_the_columns_are_the_same_whatever_the_rows(cast: Cast, council: System) -> None:
    def header() -> bytes:
        response = as_csv(council, "/actions/")
        rows(response)
        line: bytes = response.content.splitlines()[0]
        return line

    empty = header()
    loose = ActionFactory(
        cast=cast, allocated=True, supporting=[cast.wakefield_council], area=None, lead=cast.wakefield_council
    )
    assert (loose.alternate, loose.mou_area) == (None, None)
    (row,) = rows(as_csv(council, "/actions/"))
    assert (row["area.name"], row["alternate.id"], row["closed_on"]) == ("", "", "")
    assert header() == empty
    assert b"alternate.id,alternate.name" in empty


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_cell_is_a_formula(cast: Cast, council: System, start: str) -> None:
    text = f'{start}, "quoted"\nand more'
    ActionFactory(cast=cast, allocated=True, supporting=[cast.wakefield_council], title="T", description=text)
    (row,) = rows(as_csv(council, "/actions/"))
    assert row["description"] == f"'{text}"


def test_filters_order_and_fields_hold_for_csv_too(cast: Cast, council: System, action: Action) -> None:
    ActionFactory(cast=cast, allocated=True, ref="WY20-02", supporting=[cast.wakefield_council])
    ActionFactory(cast=cast, allocated=True, ref="WY20-03", supporting=[cast.wakefield_council])
    response = as_csv(council, "/actions/", state="not_started", ordering="-ref", fields="lead,ref")
    assert [next(iter(row.items())) for row in rows(response)] == [("ref", "WY20-03"), ("ref", "WY20-02")]
    assert response.content.splitlines()[0] == b"ref,lead.id,lead.name"
    assert as_csv(council, "/actions/", colour="red").status_code == 400


def test_a_list_longer_than_any_page_comes_whole(cast: Cast, council: System) -> None:
    """More rows than were ever put on one page; all are the council's, and none is sent twice."""
    many(cast, 1203)
    response = council.get("/actions.csv", fields="ref")
    refs = [row["ref"] for row in rows(response)]
    assert refs == [f"WY30-{number:04}" for number in range(1203)]
    assert response.streaming
    assert "Link" not in response


LISTS = [
    "/actions",
    "/actions/{pk}/updates",
    "/actions/{pk}/milestones",
    "/plans",
    "/pillars",
    "/organisations",
]


@pytest.mark.parametrize("path", LISTS)
def test_the_whole_list_is_the_same_in_any_batches(
    cast: Cast, council: System, action: Action, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    for number in range(3):
        ActionFactory(cast=cast, allocated=True, ref=f"WY20-1{number}", supporting=[cast.wakefield_council])
        submit_progress(
            actor=cast.bradford_spoc,
            action=action,
            state="in_progress",
            narrative=f"Briefing {number} was held.",
            rag="green",
            percent=number,
            at=AT,
        )
        add_milestone(
            actor=cast.bradford_spoc, action=action, title=f"Step {number}", due=date(2020, 8, 1), at=AT
        )
    path = f"{path.format(pk=action.pk)}.csv"
    whole = council.get(path)
    expected = (rows(whole), whole.content)
    for size in (1, 2, 3, 100):
        monkeypatch.setattr(CursorPages, "batch_size", size)
        response = council.get(path)
        assert rows(response) == expected[0]
        assert body(response) == expected[1]
        assert "Link" not in response


def test_filters_order_fields_and_sight_hold_in_every_batch(
    cast: Cast, council: System, action: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CursorPages, "batch_size", 2)
    many(cast, 5)
    ActionFactory(cast=cast, allocated=True, ref="WY20-90")  # Bradford's own, out of the council's sight
    response = council.get("/actions.csv", fields="ref,due", ordering="-ref", state="not_started")
    assert [row["ref"] for row in rows(response)] == [f"WY30-{number:04}" for number in (4, 3, 2, 1, 0)]
    assert body(response).splitlines()[0] == b"ref,due"
    assert council.get("/actions.csv", colour="red").status_code == 400
    assert council.get("/actions.csv", ordering="colour").status_code == 400


def test_rows_without_a_value_come_last_whichever_batch_they_are_in(
    cast: Cast, council: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(cast, 3)
    ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    monkeypatch.setattr(CursorPages, "batch_size", 1)
    for ordering in ("updated", "-updated"):
        response = council.get("/actions.csv", fields="ref", ordering=ordering)
        refs = [row["ref"] for row in rows(response)]
        assert refs == ["WY20-01", "WY30-0000", "WY30-0001", "WY30-0002"]


@pytest.mark.parametrize("path", ["/actions.csv", "/organisations.csv"])
def test_each_batch_costs_the_same_queries(
    cast: Cast, council: System, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    many(cast, 12)
    council.headers()
    length = len(rows(council.get(path)))

    def cost(size: int) -> int:
        monkeypatch.setattr(CursorPages, "batch_size", size)
        with CaptureQueriesContext(connection) as queries:
            assert len(rows(council.get(path))) == length
        return len(queries)

    few, more = cost(length // 2), cost(length // 4)
    batches = {size: length // size + 1 for size in (length // 2, length // 4)}
    each = (more - few) / (batches[length // 4] - batches[length // 2])
    assert each <= 5


def test_only_the_batch_being_sent_is_in_memory(
    cast: Cast, council: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows are read as the caller takes them: of a caller who leaves, the rest is never read."""
    many(cast, 12)
    monkeypatch.setattr(CursorPages, "batch_size", 2)
    council.headers()
    response = council.get("/actions.csv", fields="ref")
    lines = iter(response.streaming_content)
    with CaptureQueriesContext(connection) as queries:
        next(lines)
        next(lines)
    few = len(queries)
    with CaptureQueriesContext(connection) as queries:
        rest = list(lines)
    assert len(rest) == 5
    assert len(queries) > few


def test_a_head_reads_no_rows_to_throw_away(
    cast: Cast, council: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(cast, 12)
    monkeypatch.setattr(CursorPages, "batch_size", 2)
    head = council.http.head(f"{API}/actions.csv", headers=council.headers())
    assert (head.status_code, head["Content-Type"]) == (200, "text/csv; charset=utf-8")
    with CaptureQueriesContext(connection) as queries:
        assert b"".join(head.streaming_content) == b""
    assert len(queries) == 0


def test_a_csv_page_links_to_the_next(cast: Cast, council: System) -> None:
    many(cast, 3)
    response = as_csv(council, "/actions/", fields="ref", page_size=2)
    refs = [row["ref"] for row in rows(response)]
    address = re.fullmatch(r'<(.+)>; rel="next"', response["Link"])
    assert address
    last = council.http.get(address[1], headers=council.headers(accept="text/csv"))
    assert refs + [row["ref"] for row in rows(last)] == ["WY30-0000", "WY30-0001", "WY30-0002"]
    assert "Link" not in last


def test_a_problem_is_json(council: System) -> None:
    response = as_csv(council, "/actions/", colour="red")
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert response.json()["type"] == "/problems/invalid"


@pytest.mark.parametrize("path", ["/actions/{pk}/", "/plans/{pk}/"])
def test_only_lists_are_available_as_csv(council: System, action: Action, path: str) -> None:
    response = as_csv(council, path.format(pk=action.pk))
    assert (response.status_code, response["Content-Type"]) == (406, "application/problem+json")


def test_a_write_is_not_answered_as_csv(council: System, action: Action) -> None:
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
        ActionFactory(cast=cast, allocated=True, ref=ref, supporting=[cast.wakefield_council])
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
