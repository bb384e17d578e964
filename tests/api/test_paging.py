"""Pages by cursor: following them gives every row once, in either direction, whatever the order."""

from datetime import date
from typing import Any

import pytest
from django.db import connection

from actions.lists.filters import SORTS
from tests.api.clients import System
from tests.cast import Cast
from tests.factories import ActionFactory
from tests.support.snapshots import reuse_snapshot


@pytest.fixture
@reuse_snapshot
def rows(cast: Cast) -> list[str]:
    """Seven actions: equal due dates, none at all, rated and not."""
    shared = {"supporting": [cast.wakefield_council]}
    for number in (1, 2):
        ActionFactory(cast=cast, in_progress=True, ref=f"A-{number}", **shared)
    for number in (3, 4):
        ActionFactory(cast=cast, unallocated=True, ref=f"A-{number}", area=None, **shared)
    for number, due in ((5, date(2020, 9, 30)), (6, date(2020, 7, 1)), (7, date(2021, 1, 1))):
        ActionFactory(cast=cast, allocated=True, ref=f"A-{number}", due=due, area=cast.leeds, **shared)
    return [f"A-{number}" for number in range(1, 8)]


def walk(council: System, response: Any, direction: str) -> list[list[str]]:
    pages = []
    while True:
        assert response.status_code == 200, response.content
        answer = response.json()
        pages.append([row["ref"] for row in answer["results"]])
        if answer[direction] is None:
            return pages
        response = council.http.get(answer[direction], headers=council.headers())


def walk_both_ways(council: System, rows: list[str], ordering: str, size: int) -> None:
    whole = [row["ref"] for row in council.get("/actions/", ordering=ordering).json()["results"]]
    assert sorted(whole) == rows, ordering
    response = council.get("/actions/", ordering=ordering, page_size=size)
    pages = walk(council, response, "next")
    assert [ref for page in pages for ref in page] == whole, ordering
    last = response
    while (link := last.json()["next"]) is not None:
        last = council.http.get(link, headers=council.headers())
    back = walk(council, last, "previous")
    assert [ref for page in reversed(back) for ref in page] == whole, ordering


def test_following_the_links_gives_every_row_once_in_every_order(council: System, rows: list[str]) -> None:
    for ordering in [f"{sign}{key}" for key in SORTS for sign in ("", "-")]:
        walk_both_ways(council, rows, ordering, size=3)


@pytest.mark.parametrize("ordering", ["due", "-due"])
def test_pages_of_one_row_lose_none_either(council: System, rows: list[str], ordering: str) -> None:
    walk_both_ways(council, rows, ordering, size=1)


def test_the_order_is_the_one_of_the_pages(council: System, rows: list[str]) -> None:
    due = [row["due"] for row in council.get("/actions/", ordering="-due").json()["results"]]
    assert due == ["2021-01-01", "2020-09-30", "2020-09-30", "2020-09-30", "2020-07-01", None, None]


def test_a_row_that_arrives_meanwhile_moves_none_that_were_read(
    cast: Cast, council: System, rows: list[str]
) -> None:
    first = council.get("/actions/", page_size=3).json()
    ActionFactory(cast=cast, in_progress=True, ref="A-0", supporting=[cast.wakefield_council])
    second = council.http.get(first["next"], headers=council.headers()).json()
    assert [row["ref"] for row in second["results"]] == ["A-4", "A-5", "A-6"]


def test_one_page_has_no_links(council: System, rows: list[str]) -> None:
    answer = council.get("/actions/").json()
    assert (len(answer["results"]), answer["next"], answer["previous"]) == (7, None, None)
    assert set(answer) == {"results", "next", "previous"}


def test_a_cursor_of_another_order_is_refused(council: System, rows: list[str]) -> None:
    link = council.get("/actions/", page_size=3).json()["next"].replace("page_size=3", "ordering=due")
    response = council.http.get(link, headers=council.headers())
    assert response.status_code == 400
    assert response.json()["errors"][0]["parameter"] == "cursor"


def test_a_cursor_that_was_altered_is_refused(council: System, rows: list[str]) -> None:
    link = council.get("/actions/", page_size=3).json()["next"]
    response = council.http.get(link.replace("cursor=", "cursor=Ab"), headers=council.headers())
    assert response.status_code == 400


def test_links_keep_the_filters(council: System, rows: list[str]) -> None:
    response = council.get("/actions/", page_size=1, state=["in_progress", "not_started"])
    assert walk(council, response, "next") == [["A-1"], ["A-2"], ["A-5"], ["A-6"], ["A-7"]]


@pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="only on PostgreSQL are plans kept for a connection"
)
def test_a_list_read_again_is_not_planned_again(council: System, rows: list[str]) -> None:
    known = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%actions_action%handling_instruction%'"
    for _ in range(8):
        council.get("/actions/", page_size=3)
    with connection.cursor() as cursor:
        cursor.execute(known)
        assert cursor.fetchone() == (1,)
