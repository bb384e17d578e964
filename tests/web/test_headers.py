"""What every answer says to browsers and caches, at every address of the site."""

from itertools import product
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests.cast import Cast
from tests.permissions.routes import Route, routes
from tests.support.rendering import without_content

PLACEHOLDERS = ("1", "x", "a" * 43, "actions")
FILE_TYPE = {"file_type": "csv"}
EVERYWHERE = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
STATIC = ("/static/app.css", "/static/app.js", "/static/favicon.svg")


def address_of(route: Route) -> str:
    """Return an address of the route, whether or not there is a row behind it."""
    if not route.name or route.name.endswith(":"):
        return f"/{route.path}" if "<" not in route.path and "(" not in route.path else "/admin/no/such/page/"
    fixed = dict(zip(("kind",), route.fixed, strict=False))
    file_type = FILE_TYPE if "file_type" in route.parameters else {}
    for value in PLACEHOLDERS:
        try:
            return reverse(
                route.name, kwargs={**dict.fromkeys(route.parameters, value), **fixed, **file_type}
            )
        except NoReverseMatch:
            continue
    raise AssertionError(f"no address for {route}")


ADDRESSES = sorted({address_of(route) for route in routes()})


def lacking(response: Any) -> list[str]:
    wrong = [name for name, value in EVERYWHERE.items() if response.headers.get(name) != value]
    wrong += ["frame-ancestors"] * (
        "frame-ancestors 'none'" not in response.get("Content-Security-Policy", "")
    )
    wrong += ["Permissions-Policy"] * ("camera=()" not in response.get("Permissions-Policy", ""))
    return wrong


RECORDS = [address for address in ADDRESSES if address.startswith("/admin/")]


@pytest.mark.parametrize(
    ("name", "addresses"),
    [
        ("", ADDRESSES),
        ("manager", [address for address in ADDRESSES if address not in RECORDS]),
        ("administrator", RECORDS),
    ],
    ids=["visitor", "manager", "administrator"],
)
def test_every_response_forbids_caching_and_has_a_policy(
    cast: Cast, signed_in: Any, name: str, addresses: list[str]
) -> None:
    client = signed_in(name) if name else Client()
    client.raise_request_exception = False
    wrong = []
    for method, address in product(("GET", "POST"), addresses):
        if method == "POST" and address in ("/accounts/logout/", "/admin/logout/"):
            continue
        with without_content():
            response = client.generic(method, address)
        if response.streaming:
            b"".join(response)  # a file is closed once it was sent
        wrong += [f"{method} {address}: {header}" for header in lacking(response)]
        if "no-store" not in response.get("Cache-Control", ""):
            wrong.append(f"{method} {address}: Cache-Control: {response.get('Cache-Control')}")
    assert wrong == []
    assert len(addresses) > 50


@pytest.mark.parametrize("address", STATIC)
def test_a_static_file_is_in_no_strange_frame_and_may_be_cached(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 200
    assert b"".join(response.streaming_content)
    assert lacking(response) == []
    assert "no-store" not in response["Cache-Control"]


@pytest.mark.parametrize("address", ["/accounts/logout/", "/admin/logout/"])
def test_signing_out_clears_what_the_browser_holds(cast: Cast, signed_in: Any, address: str) -> None:
    client = signed_in("administrator")
    assert "Clear-Site-Data" not in client.get("/admin/", follow=True)
    former = client.cookies["sessionid"].value
    assert client.post(address)["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get("/").status_code == 302
    client.cookies["sessionid"] = former
    assert client.get("/").status_code == 302, "whoever copied the cookie"


def test_an_ended_session_clears_nothing(cast: Cast, signed_in: Any) -> None:
    """What was typed is to come back."""
    client = signed_in("manager")
    client.session.flush()
    assert "Clear-Site-Data" not in client.get("/actions/")


@pytest.fixture
def production(settings: Any) -> Client:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 60
    return Client()


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["GET", "POST", "PATCH"])
@pytest.mark.parametrize(
    "address", ["/api/v1/actions/", "/oauth/token/", "/api/v1/no/such/thing/", f"/calendar/{'a' * 43}.ics"]
)
def test_a_secret_sent_in_the_open_is_refused(production: Client, method: str, address: str) -> None:
    response = production.generic(method, address, headers={"authorization": "Bearer x"})
    assert response.status_code == 403
    assert "Location" not in response
    assert "Use https" in response.json()["detail"]
    assert lacking(response) == []
    assert "no-store" in response["Cache-Control"]
    assert production.generic(method, address, secure=True).status_code != 403


@pytest.mark.django_db
def test_a_person_is_led_to_https(production: Client) -> None:
    assert production.get("/actions/")["Location"] == "https://testserver/actions/"
    assert production.get("/readyz").status_code == 200
    assert production.get("/actions/", secure=True)["Strict-Transport-Security"].startswith("max-age=60")
