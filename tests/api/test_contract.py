"""The API keeps to its own description, whatever is sent: requests that Schemathesis makes up from it, well formed and not.

The suite asks some hundreds, the same in every run; `make contract` asks thousands.
"""

import os
import socket
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.core.parameters import ParameterLocation
from schemathesis.openapi.checks import JsonSchemaError, MissingHeaderNotRejected, RejectedPositiveData

from audit import clock
from audit.actors import SYSTEM
from demo.sandbox import create_sandbox, sandbox_accounts
from partners.models import User
from partners.scopes import SCOPES
from partners.tokens.services import create_token
from prevent_tracker.wsgi import application
from tests.api.chosen import checked, narrow
from tests.api.clients import API, System
from tests.support.module_fixtures import module_fixture, rollback
from web.openapi import description

# Loaded by this file alone: its import takes longer than most tests here.
pytest_plugins = ["schemathesis.pytest.plugin"]

CASES = int(os.environ.get("CONTRACT_CASES", "0"))
"""How many requests are drawn for each operation; with none named, a few, and the systematic ones are left to `make contract`."""
CONFIG = {
    "seed": 20200619,
    "generation": {
        "max-examples": CASES or 5,
        "deterministic": True,
        "no-shrink": True,
        # What a text cannot hold is tested by hand, in test_bad_input.py.
        "allow-x00": False,
    },
    "phases": {"coverage": {"enabled": bool(CASES)}},
}
# Refusals of the form itself, for which a description has words, so that nothing it allows may meet one of them. Which rows
# there are, which day an action begins and what another field asks for it cannot tell: those are its own rules, in words.
OF_FORM = {
    *("required", "null", "blank", "empty", "max_length", "min_length", "max_value", "min_value"),
    *("max_string_length", "not_a_list", "not_a_dict", "unsupported_media_type", "parse_error"),
}
NOT_KNOWN = ("Unknown field", "Unknown query parameter", "You cannot set this field", "A valid")

schema = schemathesis.openapi.from_wsgi(
    f"{API}/schema/", application, config=SchemathesisConfig.from_dict(CONFIG)
)


@dataclass
class Caller:
    """Who asks, and which rows stand behind an id in an address: each in turn."""

    token: str
    rows: dict[str, Iterator[int]]


def build() -> Iterator[Caller]:
    """A sandbox, which has all that a client meets. `make contract` asks as those who decide in it, too."""
    sandbox = create_sandbox(actor=SYSTEM, at=clock.now())
    tokens = [System(sandbox.client, sandbox.secret).headers()["authorization"]]
    if CASES:
        tokens += map(personal_token, sandbox_accounts(partnership=sandbox.partnership))
    return cycle([Caller(token, ids_in_feed(token)) for token in tokens])


def personal_token(user: User) -> str:
    until = clock.today() + timedelta(days=30)
    _, text = create_token(actor=user, name="Contract", scopes=list(SCOPES), expires_on=until, at=clock.now())
    return f"Bearer {text}"


def ids_in_feed(token: str) -> dict[str, Iterator[int]]:
    """Return the ids of each kind of row that the change feed tells of: it names every one by its address."""
    ids_of: dict[str, set[int]] = defaultdict(set)
    query: dict[str, str] = {}
    page: dict[str, Any] = {"more": True}
    while page["more"]:
        page = Client().get(f"{API}/changes/", query, headers={"authorization": token}).json()
        query = {"after": page["cursor"]}
        for row in page["results"]:
            if address := row["subject"]["address"]:
                kind, pk = address.rstrip("/").rsplit("/", 2)[1:]
                ids_of[kind].add(int(pk))
    return {kind: cycle(sorted(ids)) for kind, ids in ids_of.items()}


module_state = module_fixture(build)


@schema.hook
def filter_failure(_: Any, failure: Any, case: Any, response: Any) -> bool:
    """Accept what a description has no words for: why something well formed is refused, a choice of fields; keep all else."""
    if isinstance(failure, RejectedPositiveData):
        # 422 is the state of what is there; 412 is an ETag made up.
        errors = response.json().get("errors") if response.status_code == 400 else []
        return response.status_code not in {400, 412, 422} or errors is None or any(map(is_of_form, errors))
    if isinstance(failure, JsonSchemaError) and "fields" in case.query and response.status_code == 200:
        # Some of what the description has: those that were chosen, and they are as it has them.
        checked(narrow(answer_of(case), chosen(case)), response.json())
        return False
    if isinstance(failure, MissingHeaderNotRejected):
        # What the caller may not see is not there, whatever the request lacks.
        return response.status_code != 404
    if isinstance(failure, AcceptedNegativeData):
        # Many are taken one by one: each of those that were refused is told in the answer.
        return not (response.status_code == 200 and response.json().get("refused"))
    return True


def answer_of(case: Any) -> dict[str, Any]:
    described = description()["paths"][case.operation.path][case.method.lower()]["responses"]["200"]
    schema: dict[str, Any] = described["content"]["application/json"]["schema"]
    return schema


def chosen(case: Any) -> list[str]:
    fields = case.query["fields"]
    names = fields.split(",") if isinstance(fields, str) else fields
    return list(dict.fromkeys(str(name).strip() for name in names))


def is_of_form(error: Any) -> bool:
    return error["code"] in OF_FORM or error["detail"].startswith(NOT_KNOWN)


@pytest.fixture(autouse=True)
def no_name_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hosts are made up too, and nothing leaves this machine."""

    def look_up(*_: Any, **__: Any) -> Any:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


@schema.parametrize()
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_operation_keeps_to_its_description(case: Any, db: None, module_state: Any) -> None:
    caller: Caller = next(module_state.base)
    kind = case.operation.path.removeprefix(f"{API}/").partition("/")[0]
    if kind in caller.rows and "id" in (case.path_parameters or {}) and not is_about_the_path(case):
        case.path_parameters["id"] = next(caller.rows[kind])
    with rollback(), the_connection_stays():
        # Schemathesis knows the header by this spelling when it tries without.
        case.call_and_validate(headers={"Authorization": caller.token})


@contextmanager
def the_connection_stays() -> Iterator[None]:
    """What a server does before and after each request would take down the transaction that all cases play in."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


def is_about_the_path(case: Any) -> bool:
    part = case.meta.components.get(ParameterLocation.PATH)
    return part is not None and part.mode.is_negative
