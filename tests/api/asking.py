"""What the tests of the API ask again and again: what was refused and where, what a page costs, whose rows come."""

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Entry
from tests.api.clients import System


def problem(response: Any, status: int, kind: str) -> dict[str, Any]:
    """The problem that was answered, once it is of that status and kind."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert (body["status"], body["type"]) == (status, f"/problems/{kind}")
    return body


def places(response: Any) -> dict[str, str]:
    """The places in the body that are not valid, each with what is wrong there."""
    return {each["pointer"]: each["detail"] for each in problem(response, 400, "invalid")["errors"]}


def parameters(response: Any) -> set[str]:
    """The query parameters that are not valid."""
    return {each["parameter"] for each in problem(response, 400, "invalid")["errors"]}


def results(response: Any) -> list[dict[str, Any]]:
    assert response.status_code == 200, response.content
    rows: list[dict[str, Any]] = response.json()["results"]
    return rows


def all_pages(system: System, path: str, **query: Any) -> list[dict[str, Any]]:
    """Every row of a list, by following its links a row at a time."""
    response = system.get(path, page_size=1, **query)
    rows = results(response)
    while link := response.json()["next"]:
        response = system.http.get(link, headers=system.headers())
        rows += results(response)
    return rows


def cost(system: System, path: str, **query: Any) -> int:
    """How many queries an answer takes; the token is fetched before."""
    system.headers()
    with CaptureQueriesContext(connection) as queries:
        response = system.get(path, **query)
    assert response.status_code == 200, response.content
    return len(queries)


def recorded() -> int:
    """How many entries the ledgers hold: what is refused adds none."""
    return Entry.objects.count()
