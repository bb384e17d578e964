"""Every writing operation of the API honours `If-Match` and `Idempotency-Key`, or refuses them by name; none ignores them."""

from typing import Any

import pytest

from tests.permissions.matrix import MATRIX, PEOPLE
from tests.permissions.players import SAID, Players
from tests.permissions.test_matrix import ROUTES, WRITES, WRITING, Scene, cast_and_players, players, scene
from tests.support.module_fixtures import module_fixture, rollback
from web.models import StoredResponse
from web.openapi import description

__all__ = ["players", "scene"]
STALE = f'"{"0" * 64}"'
NOT_ASKED = {401, 403, 404, 405}

module_state = module_fixture(cast_and_players)


def operation_of(key: str, method: str) -> dict[str, Any]:
    path = "/" + ROUTES[key].path
    for described, methods in description()["paths"].items():
        if same_address(described, path) and method.lower() in methods:
            operation: dict[str, Any] = methods[method.lower()]
            return operation
    raise AssertionError(f"{method} {path} is not described")


def same_address(described: str, path: str) -> bool:
    one, other = (each.strip("/").split("/") for each in (described, path))
    return len(one) == len(other) and all(
        first == second or (first.startswith("{") and second.startswith("<"))
        for first, second in zip(one, other, strict=True)
    )


def header_of(key: str, method: str, name: str) -> dict[str, Any] | None:
    parameters = operation_of(key, method).get("parameters", [])
    return next((each for each in parameters if each["name"] == name and each["in"] == "header"), None)


def entitled(key: str) -> list[tuple[str, str]]:
    """Return each method of the address with somebody who may use it."""
    cells = {
        cell.method: cell.role
        for cell in MATRIX[key]
        if cell.method in WRITING and cell.status not in NOT_ASKED and cell.role in PEOPLE
    }
    return list(cells.items())


def send(players: Players, role: str, method: str, address: str, **headers: str) -> Any:
    client, own = players.known[role]
    request_headers = {name.replace("_", "-"): value for name, value in headers.items()}
    ask = client.post if method == "POST" else client.patch
    body = SAID if method == "POST" else {}
    return ask(address, body, content_type="application/json", headers={**own, **request_headers})


@pytest.mark.parametrize("key", WRITES)
def test_if_match_is_compared_or_refused_by_its_name(
    key: str, scene: Scene, db: None, players: Players
) -> None:
    scene.let_the_council_in()
    address = scene.address(ROUTES[key])
    assert entitled(key)
    for method, role in entitled(key):
        with rollback():
            response = send(players, role, method, address, if_match=STALE)
        if header_of(key, method, "If-Match"):
            assert response.status_code == 412, (method, response.content)
            assert "412" in operation_of(key, method)["responses"]
        else:
            assert response.status_code == 400, (method, response.content)
            (error,) = response.json()["errors"]
            assert error["header"] == "If-Match"


@pytest.mark.parametrize("key", WRITES)
def test_a_key_is_read_and_carried_out_once(key: str, scene: Scene, db: None, players: Players) -> None:
    scene.let_the_council_in()
    address = scene.address(ROUTES[key])
    for method, role in entitled(key):
        assert header_of(key, method, "Idempotency-Key"), method
        known = {"if_match": "*"} if method == "PATCH" else {}
        with rollback():
            wrong = send(players, role, method, address, idempotency_key="two words", **known)
            assert (wrong.status_code, wrong.json()["errors"][0]["header"]) == (400, "Idempotency-Key")
            first = send(players, role, method, address, idempotency_key="key-1", **known)
            again = send(players, role, method, address, idempotency_key="key-1", **known)
            assert StoredResponse.objects.count() == 1
        assert "Idempotency-Replayed" not in first
        assert again["Idempotency-Replayed"] == "true"
        assert again.status_code == first.status_code
