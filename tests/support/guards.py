"""A GET never writes: any test in which one does, fails.

Loaded with `-p tests.support.guards`. It watches Django's own request handler, so the test client, the API's client and the
live server are all under it.
"""

import re
from collections.abc import Callable, Generator
from typing import Any

import pytest
from django.core.handlers.base import BaseHandler
from django.db import connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase

SAFE_METHODS = {"GET", "HEAD"}
WRITE = re.compile(
    r"""^\s*(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|REPLACE\s+INTO|UPDATE(?:\s+ONLY)?|DELETE\s+FROM|TRUNCATE|
        CREATE|ALTER|DROP|MERGE\s+INTO)\s+["`]?(?P<table>\w+)""",
    re.IGNORECASE | re.VERBOSE,
)
ALLOWED_TABLES = {
    # The visitor's own session: showing a message once, or rotating its key, is not a change of the record.
    "django_session",
    # That a personal token was used today: one row a day, of which no record and no right depends (ADR 11).
    "partners_personaltokenuse",
    # Who read what is OFFICIAL-SENSITIVE (ADR 21).
    "audit_read",
}

# The identity provider's answer comes as a GET, and signs the person in (ADR 22).
ALLOWED_PATHS = {"/accounts/single-sign-on/callback/"}


class WriteOnGetError(AssertionError):
    """A GET or HEAD request changed the database."""


def table_written(sql: str) -> str | None:
    """The table a statement writes to, None for one that only reads."""
    match = WRITE.match(sql)
    return match["table"] if match else None


class Watch:
    """Collects the writes of safe requests, in whichever thread they are served."""

    def __init__(self) -> None:
        self.offences: list[str] = []

    def serve(
        self,
        serve: Callable[[BaseHandler, HttpRequest], HttpResponseBase],
        handler: BaseHandler,
        request: HttpRequest,
    ) -> HttpResponseBase:
        if request.method not in SAFE_METHODS or request.path in ALLOWED_PATHS:
            return serve(handler, request)
        writes: list[str] = []

        def look(
            execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
        ) -> Any:
            table = table_written(sql)
            if table and table not in ALLOWED_TABLES:
                writes.append(f"{request.method} {request.path} wrote to {table}: {sql[:200]}")
            return execute(sql, params, many, context)

        with connections["default"].execute_wrapper(look):
            response = serve(handler, request)
        if writes:
            self.offences += writes
            raise WriteOnGetError("\n".join(writes))
        return response


@pytest.fixture(autouse=True)
def get_guard(monkeypatch: pytest.MonkeyPatch) -> Generator[Watch, None, None]:
    """Fail the test when a GET or HEAD in it writes, even where a live server's thread swallowed the error."""
    watch = Watch()
    original = BaseHandler.get_response
    monkeypatch.setattr(
        BaseHandler, "get_response", lambda handler, request: watch.serve(original, handler, request)
    )
    yield watch
    if watch.offences:
        pytest.fail("\n".join(watch.offences))
