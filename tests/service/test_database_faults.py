"""Pages and the API say what happened when the database refuses, breaks or is away, and what became of the change."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import reverse

from actions.models import Action
from tests.api.clients import System, system_of
from tests.api.test_updates import GREEN, path
from tests.cast import Cast
from tests.factories import ActionFactory
from web import faults
from web.faults import fault_of

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="only on PostgreSQL are there such errors"),
]


@pytest.fixture
def action(cast: Cast) -> Action:
    return ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])


@pytest.fixture
def other() -> Iterator[psycopg.Connection]:
    """Another connection to the same database."""
    parameters = connection.get_connection_params()
    names = ("dbname", "user", "host")
    with psycopg.connect(**{name: parameters[name] for name in names}) as other:
        yield other


@pytest.fixture
def held_ledger(action: Action, other: psycopg.Connection) -> None:
    """A lock on the ledger that a transaction holds and does nothing with."""
    other.execute("SELECT id FROM audit_ledger FOR UPDATE")
    connection.cursor().execute("SET lock_timeout = '100ms'")


def body_of(action: Action) -> dict[str, Any]:
    return {**GREEN, "state": "in_progress", "version": action.version}


def test_a_page_that_waits_for_a_lock_is_answered_and_may_be_sent_again(
    cast: Cast, signed_in: Any, action: Action, held_ledger: None, other: psycopg.Connection
) -> None:
    client = signed_in("bradford_spoc")
    before = action.updates.count()
    address = reverse("actions:progress-create", args=[action.pk])
    response = client.post(address, body_of(action))
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert "Nothing was saved because another change is taking too long" in response.content.decode()
    assert action.updates.count() == before
    other.rollback()
    assert client.post(address, body_of(action)).status_code == 302
    assert action.updates.count() == before + 1


def test_a_lock_timeout_tells_a_client_when_to_retry(
    cast: Cast, action: Action, other: psycopg.Connection
) -> None:
    council: System = system_of(cast, cast.wakefield_council)
    council.headers()
    other.execute("SELECT id FROM audit_ledger FOR UPDATE")
    connection.cursor().execute("SET lock_timeout = '100ms'")
    response = council.post(path(action), GREEN)
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert response.json()["type"] == "/problems/unavailable"
    other.rollback()
    assert council.post(path(action), GREEN).status_code == 201


def test_the_admin_site_that_waits_for_a_lock_is_answered(
    cast: Cast, signed_in: Any, other: psycopg.Connection
) -> None:
    client = signed_in("administrator")
    address = reverse("admin:partners_apiclient_changelist")
    assert client.get(address).status_code == 200
    other.execute("LOCK TABLE partners_apiclient IN ACCESS EXCLUSIVE MODE")
    connection.cursor().execute("SET lock_timeout = '100ms'")
    response = client.get(address)
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert "another change is taking too long" in response.content.decode()
    other.rollback()
    assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    ("statements", "fault"),
    [
        (["SET statement_timeout = '20ms'", "SELECT pg_sleep(5)"], faults.TOO_SLOW),
        (["SELECT pg_terminate_backend(pg_backend_pid())"], faults.BROKEN),
        (["SELECT 1 / 0"], None),
        (["SELECT no_such_column"], None),
    ],
)
def test_an_error_of_the_database_is_recognised(statements: list[str], fault: faults.Fault | None) -> None:
    with pytest.raises(DatabaseError) as error, connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    connection.close()
    assert fault_of(error.value) is fault


def test_a_connection_that_breaks_leaves_no_false_promise(signed_in: Any, action: Action) -> None:
    client = signed_in("bradford_spoc")
    client.raise_request_exception = False
    cursor = connection.cursor()
    pid = cursor.execute("SELECT pg_backend_pid()").fetchone()[0]
    parameters = connection.get_connection_params()
    with psycopg.connect(**{name: parameters[name] for name in ("dbname", "user", "host")}) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    response = client.post(reverse("actions:progress-create", args=[action.pk]), body_of(action))
    connection.close()
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    words = response.content.decode()
    assert "What you sent may have been saved. Check before you send it again." in words
    assert response["X-Request-ID"] in words


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A database that does not answer."""
    connection.close()
    with monkeypatch.context() as patch:
        patch.setitem(connection.settings_dict, "HOST", "/nonexistent")
        yield
    connection.close()


def test_a_page_without_a_database_says_so_with_its_request_id(away: None) -> None:
    response = Client(raise_request_exception=False).post(
        "/accounts/login/", {"login": "a@example.org", "password": "not the right one"}
    )
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    words = response.content.decode()
    assert "Nothing was saved because the database does not answer" in words
    assert response["X-Request-ID"] in words


def test_the_api_without_a_database_says_so(away: None) -> None:
    client = Client(raise_request_exception=False)
    response = client.get("/api/v1/actions/", headers={"authorization": "Bearer abc"})
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["request_id"] == response["X-Request-ID"]


def test_readiness_names_the_database(away: None) -> None:
    response = Client().get("/readyz")
    assert response.status_code == 503
    assert response.json()["database"] == "unreachable"
    assert Client().get("/livez").status_code == 200
