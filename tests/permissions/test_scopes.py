"""Each scope opens what the table in scopes.py says, alone, and all others together open none of it."""

import re
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve, reverse

from partners.scopes import SCOPES
from partners.tokens.services import create_token
from tests.api.clients import system_of
from tests.cast import AT, TODAY, Cast
from tests.permissions.routes import Route, routes
from tests.permissions.scopes import OPEN, ROWS
from web.openapi import description

ROUTES = {route.key: route for route in routes() if route.path.startswith("api/")}
REFUSAL = "This needs an access token with the scope"
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
    counts = Counter((route, method) for route, method, _ in ROWS)
    there = {(key, method) for key, route in ROUTES.items() for method in methods_of(route)}
    assert sorted(there - counts.keys()) == [], "addresses or methods without a row"
    assert sorted(counts.keys() - there) == [], "rows of addresses or methods that are not there"
    assert [cell for cell, times in counts.items() if times > 1] == [], "rows told twice"
    assert {scope for _, _, scope in ROWS} == {*SCOPES, OPEN}, "a scope that opens nothing"


def test_the_description_names_the_scopes_of_the_table(db: None) -> None:
    known = {(route, method): scope for route, method, scope in ROWS}
    for path, operations in description()["paths"].items():
        key = resolve(re.sub(r"\{\w+\}", str(NOWHERE), path)).view_name
        for method, operation in operations.items():
            assert operation["security"][0] == {"oauth2": [known[key, method.upper()]]}, (key, method)


def wrong_answers(scope: str, alone: dict[str, str], without: dict[str, str]) -> list[str]:
    """Ask at what a scope opens, with a token of it alone and with one of all others; tell what is not as in the table.

    What refuses all others together refuses each of them.
    """
    browser, wrong = Client(), []
    # What is open needs no token, as the matrix says for everybody.
    for key, method in ((key, method) for key, method, named in ROWS if named == scope):
        address = address_of(ROUTES[key])
        let_in, refusal = (
            _send(browser, method, address, alone),
            _send(browser, method, address, without),
        )
        if not _refused(refusal, scope):
            wrong.append(f"{method} {key} lets in who has no {scope}: {refusal.status_code}")
        if let_in.status_code in {401, 405, 500} or _refused(let_in):
            wrong.append(f"{method} {key} keeps {scope} out: {let_in.status_code}")
        if method == "GET":
            for headers, answer in ((alone, let_in), (without, refusal)):
                alike = [_send(browser, "HEAD", address, headers)]
                if has_csv(address):
                    alike.append(_send(browser, "GET", f"{address.removesuffix('/')}.csv", headers))
                if {each.status_code for each in alike} != {answer.status_code}:
                    wrong.append(f"HEAD or CSV of {key} answers as GET does not")
    return wrong


def _send(browser: Client, method: str, address: str, headers: dict[str, str]) -> Any:
    fields = {} if method in {"GET", "HEAD"} else {"data": "{}", "content_type": "application/json"}
    return getattr(browser, method.lower())(address, headers=headers, **fields)


def _refused(answer: Any, scope: str = "") -> bool:
    return answer.status_code == 403 and f"{REFUSAL} {scope}" in answer.json()["detail"]


def but(scope: str) -> list[str]:
    return [each for each in SCOPES if each != scope]


@pytest.mark.parametrize("scope", SCOPES)
def test_a_clients_token_opens_what_its_scopes_name(cast: Cast, scope: str) -> None:
    alone, without = (
        system_of(cast, cast.wakefield_council, name, scopes=scopes).headers()
        for name, scopes in (("Alone", [scope]), ("All others", but(scope)))
    )
    assert wrong_answers(scope, alone, without) == []


@pytest.mark.parametrize("scope", SCOPES)
def test_a_personal_token_opens_what_its_scopes_name(cast: Cast, scope: str) -> None:
    last = TODAY + timedelta(days=1)
    alone, without = (
        create_token(actor=cast.manager, name=name, scopes=scopes, expires_on=last, at=AT)[1]
        for name, scopes in (("Alone", [scope]), ("All others", but(scope)))
    )
    assert wrong_answers(scope, _bearer(alone), _bearer(without)) == []


def _bearer(text: str) -> dict[str, str]:
    return {"authorization": f"Bearer {text}"}
