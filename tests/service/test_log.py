"""What somebody finds in the log at three in the morning, and what nobody must find there."""

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from io import StringIO
from logging.config import DictConfigurator  # type: ignore[attr-defined]
from typing import Any

import pytest
from django.db import DataError
from django.test import Client
from django.urls import reverse

from partners.accounts.services.users import record_password_change
from partners.tokens.services import create_token
from prevent_tracker import error_reports
from prevent_tracker.logs import FORMATS, logging_settings
from tests.api.clients import system_of
from tests.cast import AT, Cast
from tests.factories import ActionFactory
from tests.service.world import PASSWORD
from web.logs import REFUSALS

pytestmark = pytest.mark.django_db
NARRATIVE = "The coordinator met the head teachers of Keighley."
CALENDAR = "/calendar/Zq0-AbCdEfGhIjKlMnOpQrStUvWxYz0123456789_-abcd.ics"


@contextmanager
def logging_to(layout: str) -> Iterator[Callable[[], list[str]]]:
    """Log as the service does, and give the lines so far."""
    stream = StringIO()
    config = DictConfigurator(logging_settings(logging.INFO, layout))
    for name, each in config.config["filters"].items():
        config.config["filters"][name] = config.configure_filter(each)
    for name, each in config.config["formatters"].items():
        config.config["formatters"][name] = config.configure_formatter(each)
    handler = config.configure_handler({**config.config["handlers"]["console"], "stream": stream})
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        yield lambda: stream.getvalue().splitlines()
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


def events(lines: list[str], logger: str = "web.request_log") -> list[dict[str, Any]]:
    return [event for line in lines if (event := json.loads(line))["logger"] == logger]


def test_each_request_is_one_line(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    client = signed_in("bradford_spoc")
    with logging_to("json") as lines:
        response = client.get(reverse("actions:action", args=[action.pk]), REMOTE_ADDR="192.0.2.1")
        client.get("/nowhere/")
    first, second = events(lines())
    assert first["request_id"] == response["X-Request-ID"]
    assert isinstance(first.pop("ms"), int)
    assert {name: first[name] for name in ("level", "method", "route", "status", "account", "address")} == {
        "level": "INFO",
        "method": "GET",
        "route": "actions:action",
        "status": 200,
        "account": str(cast.bradford_spoc.pk),
        "address": "192.0.2.1",
    }
    assert (second["route"], second["status"]) == ("-", 404)
    assert len(lines()) == 2


def test_a_refusal_names_the_account_and_the_reason(cast: Cast, signed_in: Any) -> None:
    client = signed_in("auditor")
    action = ActionFactory(cast=cast, in_progress=True)
    with logging_to("json") as lines:
        page = client.get(reverse("actions:progress-create", args=[action.pk]))
        Client().get("/api/v1/actions/", headers={"authorization": "Bearer wrong"})
    refusal, unknown = events(lines())
    assert page.status_code == 403
    assert (refusal["level"], refusal["status"], refusal["account"]) == ("WARNING", 403, str(cast.auditor.pk))
    assert refusal["reason"] in page.content.decode()
    assert refusal["reason"]
    assert (unknown["level"], unknown["status"], unknown["account"]) == ("WARNING", 401, "-")


@pytest.mark.parametrize("layout", FORMATS)
def test_an_error_is_one_line_with_its_place(
    cast: Cast, signed_in: Any, monkeypatch: pytest.MonkeyPatch, layout: str
) -> None:
    client = signed_in("bradford_spoc")
    client.raise_request_exception = False

    def fail(*_args: Any, **_options: Any) -> None:
        raise ValueError("first line\nERROR a forged line")

    monkeypatch.setattr("web.views.render", fail)
    with logging_to(layout) as lines:
        assert client.get("/accessibility/").status_code == 500
    error, request = lines()
    assert "a forged line" in error
    assert "ValueError" in error
    assert "in fail" in error
    assert " 500 in " in request


def test_a_request_that_django_refuses_is_a_warning_without_a_traceback(db: None) -> None:
    """Anybody can send one, so it neither fills the log nor wakes anybody."""
    client = Client(raise_request_exception=False)
    with logging_to("json") as lines:
        client.post("/accounts/login/", "a=&" * 6000, content_type="application/x-www-form-urlencoded")
        client.get("/accounts/login/", headers={"host": "evil.example"})
    refusals = [event for line in lines() if (event := json.loads(line))["logger"].startswith(REFUSALS)]
    assert [event["level"] for event in refusals] == ["WARNING", "WARNING"]
    assert "exceeded" in refusals[0]["message"]
    assert "evil.example" in refusals[1]["message"]
    assert not any("traceback" in event for event in refusals)
    assert error_reports.scrub({"logger": refusals[0]["logger"], "exception": {}}) is None


def test_sign_ins_are_lines(cast: Cast) -> None:
    spoc = cast.bradford_spoc
    record_password_change(actor=spoc, user=spoc, password=PASSWORD, at=AT)
    with logging_to("line") as lines:
        for password in ("not the password", PASSWORD):
            Client().post("/accounts/login/", {"login": spoc.email, "password": password})
    log = "\n".join(lines())
    assert "sign_in_failed: address 127.0.0.1" in log
    assert f"sign_in: account {spoc.pk}, address 127.0.0.1, how password" in log
    assert spoc.email not in log


@pytest.mark.parametrize("layout", FORMATS)
def test_no_secret_and_no_text_is_in_the_log(
    cast: Cast, signed_in: Any, monkeypatch: pytest.MonkeyPatch, layout: str
) -> None:
    spoc = cast.bradford_spoc
    action = ActionFactory(cast=cast, in_progress=True)
    _, token = create_token(
        actor=spoc, name="Script", scopes=["actions:read"], expires_on=date(2020, 12, 1), at=AT
    )
    client = signed_in("bradford_spoc")
    client.raise_request_exception = False
    council = system_of(cast, cast.wakefield_council)
    bearer = council.headers()["authorization"].partition(" ")[2]
    session = client.cookies["sessionid"].value

    def fail(*_args: Any, **_options: Any) -> None:
        raise DataError(f"{token} {bearer}")

    with logging_to(layout) as lines:
        Client().post("/accounts/login/", {"login": spoc.email, "password": "hunter2-hunter2"})
        client.post(reverse("actions:progress-create", args=[action.pk]), {"narrative": NARRATIVE})
        client.get(f"/search/?q={NARRATIVE}")
        Client().get(CALENDAR)
        Client().get("/api/v1/actions/", headers={"authorization": f"Bearer {token}"})
        monkeypatch.setattr("web.views.render", fail)
        client.get("/accessibility/")
    log = "\n".join(lines())
    assert len(lines()) >= 7
    assert "DataError" in log
    for secret in (
        token,
        bearer,
        session,
        "hunter2",
        NARRATIVE,
        "Keighley",
        CALENDAR.split("/")[2],
        spoc.email,
    ):
        assert secret not in log
