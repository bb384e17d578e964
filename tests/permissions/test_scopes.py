"""A token of one scope alone opens what the table in scopes.py says, and nothing else of the API."""

import re
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve, reverse

from partners.scopes import SCOPES
from partners.services import create_token
from tests.api.clients import system_of
from tests.cast import AT, TODAY, Cast
from tests.permissions.routes import Route, routes
from tests.permissions.scopes import OPEN, ROWS
from web.openapi import description

ROUTES = {route.key: route for route in routes() if route.path.startswith("api/")}
REFUSAL = "This needs a token with the scope"
# No row has this id, so a token that is let in changes nothing.
NOWHERE = 9_000_000


def address_of(route: Route) -> str:
    """An address of the route at which there is nothing."""
    return reverse(route.name, kwargs=dict.fromkeys(route.parameters, NOWHERE))


def methods_of(route: Route) -> set[str]:
    view = getattr(resolve(address_of(route)).func, "cls", None)
    return set(view().allowed_methods) - {"HEAD", "OPTIONS"} if view else {"GET"}


def has_csv(address: str) -> bool:
    view = getattr(resolve(address).func, "cls", None)
    return bool(view and view.has_csv())


def test_every_address_and_method_is_in_the_table_once() -> None:
    told = Counter((route, method) for route, method, _ in ROWS)
    there = {(key, method) for key, route in ROUTES.items() for method in methods_of(route)}
    assert sorted(there - told.keys()) == [], "addresses or methods without a row"
    assert sorted(told.keys() - there) == [], "rows of addresses or methods that are not there"
    assert [cell for cell, times in told.items() if times > 1] == [], "rows told twice"
    assert {scope for _, _, scope in ROWS} == {*SCOPES, OPEN}, "a scope that opens nothing"


def test_the_description_names_the_scopes_of_the_table(db: None) -> None:
    known = {(route, method): scope for route, method, scope in ROWS}
    for path, operations in description()["paths"].items():
        key = resolve(re.sub(r"\{\w+\}", str(NOWHERE), path)).view_name
        for method, operation in operations.items():
            assert operation["security"][0] == {"oauth2": [known[key, method.upper()]]}, (key, method)


def wrong_answers(headers: dict[str, str], mine: str) -> list[str]:
    """Ask everywhere with a token of one scope, and tell where it was let in or kept out against the table."""
    browser, wrong = Client(), []
    # What is open needs no token, as the matrix says for everybody.
    for key, method, scope in (row for row in ROWS if row[2] != OPEN):
        address = address_of(ROUTES[key])
        answer = _send(browser, method, address, headers)
        if scope != mine and not _refused(answer, scope):
            wrong.append(f"{method} {key} lets in {mine}: {answer.status_code}, where it asks for {scope}")
        elif scope == mine and (answer.status_code in {401, 405, 500} or _refused(answer)):
            wrong.append(f"{method} {key} keeps {mine} out: {answer.status_code}")
        if method == "GET":
            alike = [_send(browser, "HEAD", address, headers)]
            if has_csv(address):
                alike.append(_send(browser, "GET", f"{address.removesuffix('/')}.csv", headers))
            if {each.status_code for each in alike} != {answer.status_code}:
                wrong.append(f"HEAD or CSV of {key} answers {mine} as GET does not")
    return wrong


def _send(browser: Client, method: str, address: str, headers: dict[str, str]) -> Any:
    sent = {} if method in {"GET", "HEAD"} else {"data": "{}", "content_type": "application/json"}
    return getattr(browser, method.lower())(address, headers=headers, **sent)


def _refused(answer: Any, scope: str = "") -> bool:
    return answer.status_code == 403 and f"{REFUSAL} {scope}" in answer.json()["detail"]


@pytest.mark.parametrize("scope", SCOPES)
def test_a_clients_token_opens_what_its_scope_names(cast: Cast, scope: str) -> None:
    system = system_of(cast, cast.wakefield_council, scopes=[scope])
    assert wrong_answers(system.headers(), scope) == []


@pytest.mark.parametrize("scope", ["actions:read", "updates:write", "changes:read"])
def test_a_personal_token_opens_what_its_scope_names(cast: Cast, scope: str) -> None:
    last = TODAY + timedelta(days=1)
    _, text = create_token(actor=cast.manager, name="X", scopes=[scope], expires_on=last, at=AT)
    assert wrong_answers({"authorization": f"Bearer {text}"}, scope) == []
