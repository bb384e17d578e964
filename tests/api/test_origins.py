"""What endpoints say of themselves to browsers and to those who plan ahead: CORS, Deprecation, Sunset."""

from datetime import date
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client

from actions.plans.api.plans import PlanList
from tests.api.clients import API, System
from web.deprecation import Deprecated
from web.openapi import Operations

ORIGIN = "https://dashboard.example.org"
PREFLIGHT = {"origin": ORIGIN, "access-control-request-method": "GET"}


def granted(response: Any) -> dict[str, str]:
    headers = {name.lower(): value for name, value in response.headers.items()}
    return {name: value for name, value in headers.items() if name.startswith("access-control")}


def test_other_origins_get_nothing_unless_they_are_named(council: System) -> None:
    assert not any("cors" in name for name in configured.MIDDLEWARE)
    response = council.http.get(f"{API}/plans/", headers=council.headers(origin=ORIGIN))
    assert (response.status_code, granted(response)) == (200, {})
    preflight = Client().options(f"{API}/plans/", headers=PREFLIGHT)
    assert (preflight.status_code, granted(preflight)) == (401, {})


@pytest.fixture
def opened(settings: Any) -> None:
    settings.MIDDLEWARE = ["corsheaders.middleware.CorsMiddleware", *settings.MIDDLEWARE]
    settings.CORS_ALLOWED_ORIGINS = [ORIGIN]


@pytest.mark.usefixtures("opened")
def test_a_named_origin_may_use_the_api_with_a_token_and_without_cookies(council: System) -> None:
    response = council.http.get(f"{API}/plans/", headers=council.headers(origin=ORIGIN))
    headers = granted(response)
    assert headers["access-control-allow-origin"] == ORIGIN
    assert {"ETag", "RateLimit", "Location"} <= set(headers["access-control-expose-headers"].split(", "))
    assert "access-control-allow-credentials" not in headers
    preflight = Client().options(f"{API}/plans/", headers=PREFLIGHT)
    assert preflight.status_code == 200
    assert "if-match" in granted(preflight)["access-control-allow-headers"]


@pytest.mark.usefixtures("opened")
def test_another_origin_and_the_pages_stay_closed(council: System) -> None:
    stranger = council.headers(origin="https://elsewhere.example.org")
    assert granted(council.http.get(f"{API}/plans/", headers=stranger)) == {}
    assert granted(Client().get("/accounts/login/", headers={"origin": ORIGIN})) == {}


def test_an_endpoint_on_its_way_out_says_so(council: System, monkeypatch: pytest.MonkeyPatch) -> None:
    leaving = Deprecated(date(2020, 6, 1), date(2021, 6, 1), "https://tracker.example.org/api/v1/docs/")
    monkeypatch.setattr(PlanList, "deprecated", leaving)
    response = council.get("/plans/")
    assert (response.status_code, response["Deprecation"]) == (200, "@1590969600")
    assert response["Sunset"] == "Tue, 01 Jun 2021 00:00:00 GMT"
    assert response["Link"] == '<https://tracker.example.org/api/v1/docs/>; rel="deprecation"'
    described = Operations()
    described.view = PlanList()
    assert described.is_deprecated()
    assert "Deprecation" not in council.get("/actions/")
