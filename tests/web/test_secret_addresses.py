"""Some addresses open something for whoever knows them. None of them is in the log, however wrongly it was asked."""

import logging
import re
from collections.abc import Callable, Iterable, Iterator
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from desk.calendar.services.links import create_link
from desk.notices.services.preferences import token_for
from partners.accounts.services.links import invitation_path
from partners.clients.services.clients import register_client
from partners.clients.services.link_mail import link_path
from partners.clients.services.links import send_link
from tests.cast import AT, Cast
from tests.partners.accounts.test_passwords import RESET, link_of
from tests.support.task_queue import run_tasks
from web.logs import SECRET_ADDRESSES, SecretAddressFilter, hide_secrets

# Parts of addresses that may be any text, and open nothing by themselves.
PLAIN = {
    "address": "the same address of the API without .csv",
    "app_label": "a section of the admin site",
    "content_type_id": "an id, in the admin site",
    "file": "the name of a file of a paper",
    "file_type": "a form of a file, such as csv",
    "kind": "a kind of record of the programme, or of reference data",
    "name": "a kind of resource or a schema of SCIM",
    "object_id": "an id, in the admin site",
    "pk": "an id, in an address of SCIM",
    "room": "a part of the programme",
    "table": "a table of a paper",
    "url": "whatever else begins with admin/",
    "voice": "whose part of a paper it is",
}
NAME = re.compile(r"\(\?P<(\w+)>|<(?:(\w+):)?(\w+)>")


def reset_link(cast: Cast) -> str:
    Client().post(RESET, {"email": cast.bradford_spoc.email})
    run_tasks()
    return link_of(mail.outbox[-1])


def calendar_link(cast: Cast) -> str:
    return f"/calendar/{create_link(actor=cast.bradford_spoc, name='Phone', at=AT)[1]}.ics"


def unsubscribe_link(cast: Cast) -> str:
    return f"/notices/unsubscribe/{token_for(cast.bradford_spoc)}/"


def invitation_of(cast: Cast) -> str:
    return invitation_path(user=cast.bradford_spoc)


def secret_link(cast: Cast) -> str:
    client = register_client(
        actor=cast.manager,
        organisation=cast.wakefield_council,
        name="Case system",
        scopes=["actions:read"],
        at=AT,
    )
    return link_path(link=send_link(actor=cast.manager, client=client, email="it@partner.example", at=AT))


# Every route that bears a secret, by its name, with an address that works.
LINKS: dict[str, Callable[[Cast], str]] = {
    "account_invitation": invitation_of,
    "account_reset_password_from_key": reset_link,
    "calendar-feed": calendar_link,
    "client-secret-claim": secret_link,
    "unsubscribe": unsubscribe_link,
}


def texts_in(route: str) -> set[str]:
    """The names of the parts of an address that may be any text."""
    return {
        pattern or name for pattern, converter, name in NAME.findall(route) if pattern or converter != "int"
    }


def routes_with_texts(
    patterns: Iterable[URLPattern | URLResolver], above: str = ""
) -> Iterator[tuple[str, str, set[str]]]:
    for pattern in patterns:
        route = above + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes_with_texts(pattern.url_patterns, route)
        elif texts := texts_in(route) - PLAIN.keys():
            yield str(pattern.name), route, texts


def test_every_route_with_a_secret_is_tested_here_and_masked_in_the_log() -> None:
    """A part of an address that may be any text is a secret, unless it is named in PLAIN with what it is."""
    routes = {name: route for name, route, _ in routes_with_texts(get_resolver().url_patterns)}
    assert routes.keys() == LINKS.keys()
    beginnings = {
        name: "/" + re.split(r"\(\?P<|<", route)[0].replace("^", "") for name, route in routes.items()
    }
    assert set(beginnings.values()) == set(SECRET_ADDRESSES)


def test_a_new_route_with_a_secret_is_found() -> None:
    assert texts_in("papers/<str:token>/") == {"token"}
    assert texts_in(r"^papers/(?P<secret>\w+)\.pdf$") == {"secret"}
    assert texts_in("papers/<slug>/<int:pk>/<uuid:id>/") == {"slug", "id"}
    assert texts_in("papers/<int:pk>/") == set()


# Asked wrongly ----------------------------------------------------------------------------------------------------


def post_without_token(client: Client, path: str) -> Any:
    return Client(enforce_csrf_checks=True).post(path, {})


def post_a_wrong_form(client: Client, path: str) -> Any:
    return client.post(path, {"password1": "x", "password2": "y"})


def post_a_broken_body(client: Client, path: str) -> Any:
    return client.generic("POST", path, b"--x\r\nbroken", content_type="multipart/form-data; boundary=")


def post_as_json(client: Client, path: str) -> Any:
    return client.post(path, "{", content_type="application/json")


WRONG: dict[str, Callable[[Client, str], Any]] = {
    "as it should be": lambda client, path: client.get(path),
    "twice": lambda client, path: [client.get(path), client.get(path)][1],
    "without the form's token": post_without_token,
    "with a wrong form": post_a_wrong_form,
    "with a broken body": post_a_broken_body,
    "as JSON": post_as_json,
    **{
        method: lambda client, path, method=method: client.generic(method, path, b"x")
        for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW")
    },
    "without the last slash": lambda client, path: client.post(path.rstrip("/")),
    "with more behind it": lambda client, path: client.get(f"{path}x/y"),
    "with a dot behind it": lambda client, path: client.get(f"{path.rstrip('/')}."),
    "with a space before it": lambda client, path: client.get(re.sub(r"/([^/]+)(/?)$", r"/a%20\1\2", path)),
    "with a slash encoded": lambda client, path: client.get(re.sub(r"/([^/]+)(/?)$", r"%2F\1\2", path)),
    "with two slashes": lambda client, path: client.get(f"/{path}"),
    "below another address": lambda client, path: client.post(f"/actions{path}"),
    "in capitals": lambda client, path: client.get(re.sub(r"^/\w+", lambda found: found[0].upper(), path)),
    "at a host that is none of ours": lambda client, path: client.get(path, headers={"host": "evil.example"}),
}


@pytest.fixture
def log() -> Iterator[StringIO]:
    """What the service writes, through the handler that it writes with."""
    handler = next(
        handler
        for handler in logging.getLogger().handlers
        if any(isinstance(each, SecretAddressFilter) for each in handler.filters)
    )
    assert isinstance(handler, logging.StreamHandler)
    lines = StringIO()
    before = handler.setStream(lines)
    yield lines
    handler.setStream(before)


@pytest.fixture(params=LINKS)
def link(request: pytest.FixtureRequest, cast: Cast) -> str:
    cache.clear()
    return LINKS[request.param](cast)


def secret_in(link: str) -> str:
    """What of an address must not be read: its longest run of letters and digits."""
    return max(re.findall(r"[A-Za-z0-9]+", link.rpartition("key/")[2] or link), key=len)


@pytest.mark.parametrize("wrong", WRONG)
def test_no_line_holds_the_secret(link: str, wrong: str, log: StringIO) -> None:
    client = Client(raise_request_exception=False)
    status = WRONG[wrong](client, link).status_code
    assert secret_in(link) not in log.getvalue()
    assert f" {status} in " in log.getvalue()


def test_no_line_of_an_error_holds_the_secret(
    link: str, log: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(request: Any) -> None:
        raise RuntimeError(f"no page for {request.get_full_path()}")

    monkeypatch.setattr(
        "django.contrib.sessions.middleware.SessionMiddleware.process_request", lambda _, r: fail(r)
    )
    assert Client(raise_request_exception=False).get(link).status_code == 500
    assert "Internal Server Error" in log.getvalue()
    assert "RuntimeError: no page for" in log.getvalue()
    assert secret_in(link) not in log.getvalue()


@pytest.mark.parametrize(
    "logger", ["django.server", "granian.access", "_granian", "django.request", "any.other"]
)
def test_no_log_line_has_a_secret(link: str, logger: str, log: StringIO) -> None:
    logging.getLogger(logger).warning('127.0.0.1 - "GET %s?x=1 HTTP/1.1" 200', link)
    assert "(secret)" in log.getvalue()
    assert secret_in(link) not in log.getvalue()


def test_no_handler_is_past_the_filter() -> None:
    for name in ("django", "django.request", "django.server", "granian.access", "_granian"):
        for handler in logging.getLogger(name).handlers:
            filters = [type(each) for each in handler.filters]
            assert SecretAddressFilter in filters or type(handler).__module__.startswith("_pytest")


@pytest.mark.parametrize(
    "plain",
    [
        "Not Found: /actions/12/",
        "Not Found: /accounts/password/reset/",
        f"GET /actions/{'9' * 44}/",
        "in the_line_that_tells_of_a_refusal_bears_the_id_that_was_given",
        f"digest {'0123456789abcdef' * 4}",
        "request 0123456789abcdef0123456789abcdef",
        "id 1b4e28ba-2fa1-11d2-883f-0016d3cca427",
    ],
)
def test_addresses_without_secrets_stay(plain: str) -> None:
    assert hide_secrets(plain) == plain


@pytest.mark.parametrize(
    "secret",
    ["ptcs_" + "a" * 20, "ptpat_" + "B" * 20, "ptat_" + "c" * 30, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw="],
)
def test_tokens_and_secrets_that_the_service_gives_out_are_hidden(secret: str) -> None:
    assert hide_secrets(f"Refused {secret}, ended") == "Refused (secret), ended"
