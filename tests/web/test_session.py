"""Use extends a session; a person who is away is warned before it ends."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from tests.cast import LONDON, Cast
from web.middleware import EXTENDED_AT


def ends(client: Client) -> datetime:
    return Session.objects.get(pk=client.session.session_key).expire_date


def age(client: Client, minutes: int) -> datetime:
    """Make the session this old; return when it ends."""
    now = datetime.now(LONDON)
    session = client.session
    session[EXTENDED_AT] = int((now - timedelta(minutes=minutes)).timestamp())
    session.save()
    Session.objects.update(expire_date=now + timedelta(hours=8, minutes=-minutes))
    return ends(client)


def test_use_extends_a_session(cast: Cast, signed_in: Any) -> None:
    client = signed_in("bradford_spoc")
    soon = age(client, minutes=3)
    client.get("/")
    assert ends(client) == soon  # extended a moment ago
    soon = age(client, minutes=470)
    assert client.get("/").cookies["sessionid"]["max-age"] == 8 * 60 * 60
    assert ends(client) - soon > timedelta(hours=7)


def test_the_button_of_the_warning_extends_it_too(cast: Cast, signed_in: Any) -> None:
    client = signed_in("bradford_spoc")
    soon = age(client, minutes=475)
    assert client.post(reverse("web:session-extend")).status_code == 204
    assert ends(client) - soon > timedelta(hours=7)


def test_a_page_without_an_account_warns_of_nothing(client: Client, db: None) -> None:
    assert "data-session-warning" not in client.get("/accessibility/").content.decode()
