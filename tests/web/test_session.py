"""Use extends a session; a person who is away is warned before it ends."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from tests.cast import LONDON, Cast

NOON = datetime(2020, 6, 19, 12, tzinfo=LONDON)


def ends(client: Client) -> datetime:
    return Session.objects.get(pk=client.session.session_key).expire_date


def test_use_extends_a_session(cast: Cast, signed_in: Any, monkeypatch: Any) -> None:
    client = signed_in("bradford_spoc")
    monkeypatch.setattr("audit.clock.now", lambda: NOON)
    client.get("/")
    Session.objects.update(expire_date=datetime.now(LONDON) + timedelta(minutes=6))
    soon = ends(client)
    client.get("/")
    assert ends(client) == soon  # stored a moment ago
    monkeypatch.setattr("audit.clock.now", lambda: NOON + timedelta(minutes=5))
    assert client.get("/").cookies["sessionid"]["max-age"] == 8 * 60 * 60
    assert ends(client) - soon > timedelta(hours=7)


def test_the_button_of_the_warning_extends_it_too(cast: Cast, signed_in: Any, monkeypatch: Any) -> None:
    client = signed_in("bradford_spoc")
    Session.objects.update(expire_date=datetime.now(LONDON) + timedelta(minutes=5))
    soon = ends(client)
    assert client.post(reverse("web:session-extend")).status_code == 204
    assert ends(client) > soon


def test_a_page_without_an_account_warns_of_nothing(client: Client, db: None) -> None:
    assert "data-session-warning" not in client.get("/accessibility/").content.decode()
