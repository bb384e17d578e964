"""A session ends when it is not used, and some hours after the sign-in however much it is; a person is warned before."""

import sqlite3
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from importing.plans.tasks import import_actions
from tests.cast import LONDON, Cast
from web.sessions import EXTENDED_AT, STARTED_AT

PASSWORD = "correct horse battery staple"
EXTEND = "/session/extend/"


def ends(client: Client) -> datetime:
    return Session.objects.get(pk=client.session.session_key).expire_date


def age(client: Client, *, unused: timedelta, signed_in: timedelta = timedelta(0)) -> datetime:
    """Make the session this long unused, and this old; return when it ends."""
    now = datetime.now(LONDON)
    session = client.session
    session[EXTENDED_AT] = int((now - unused).timestamp())
    session[STARTED_AT] = int((now - signed_in).timestamp())
    session.save()
    Session.objects.filter(expire_date__gt=now + timedelta(minutes=30) - unused).update(
        expire_date=now + timedelta(minutes=30) - unused
    )
    return ends(client)


def test_use_extends_a_session(cast: Cast, signed_in: Any) -> None:
    client = signed_in("bradford_spoc")
    soon = age(client, unused=timedelta(seconds=30))
    client.get("/accounts/security/")
    assert ends(client) == soon  # extended a moment ago
    soon = age(client, unused=timedelta(minutes=25))
    assert client.get("/accounts/security/").cookies["sessionid"]["max-age"] == 30 * 60
    assert ends(client) - soon > timedelta(minutes=24)


def test_the_button_of_the_warning_extends_it_too(cast: Cast, signed_in: Any) -> None:
    client = signed_in("bradford_spoc")
    soon = age(client, unused=timedelta(minutes=27))
    response = client.post(reverse("web:session-extend"))
    assert (response.status_code, response["X-Session-Seconds"]) == (204, "1800")
    assert ends(client) - soon > timedelta(minutes=25)


def test_no_use_extends_a_session_beyond_eight_hours(cast: Cast, signed_in: Any) -> None:
    client = signed_in("bradford_spoc")
    soon = age(client, unused=timedelta(minutes=2), signed_in=timedelta(hours=7, minutes=50))
    response = client.post(EXTEND)
    assert 590 <= int(response["X-Session-Seconds"]) <= 600
    assert ends(client) <= soon
    age(client, unused=timedelta(minutes=2), signed_in=timedelta(hours=8, seconds=1))
    assert client.post(EXTEND).status_code == 302


def test_both_limits_are_settings(cast: Cast, signed_in: Any, settings: Any) -> None:
    settings.SESSION_HOURS, settings.SESSION_COOKIE_AGE = 1, 600
    client = signed_in("bradford_spoc")
    age(client, unused=timedelta(minutes=2), signed_in=timedelta(minutes=55))
    assert 290 <= int(client.post(EXTEND)["X-Session-Seconds"]) <= 300
    age(client, unused=timedelta(minutes=2), signed_in=timedelta(minutes=5))
    assert client.post(EXTEND)["X-Session-Seconds"] == "600"


def test_a_sign_in_starts_the_eight_hours(cast: Cast) -> None:
    cache.clear()
    cast.bradford_spoc.set_password(PASSWORD)
    cast.bradford_spoc.save(update_fields=["password"])
    client = Client()
    client.post("/accounts/login/", {"login": cast.bradford_spoc.email, "password": PASSWORD})
    assert client.session[STARTED_AT] == pytest.approx(datetime.now(LONDON).timestamp(), abs=60)


def test_a_page_without_an_account_warns_of_nothing(client: Client, db: None) -> None:
    assert "data-session-warning" not in client.get("/accessibility/").content.decode()


def test_a_page_is_shown_although_a_busy_database_cannot_extend_the_session(
    cast: Cast, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in("bradford_spoc")
    soon = age(client, unused=timedelta(minutes=2))
    monkeypatch.setattr(Session, "save", _lock)
    assert client.get("/accounts/security/").status_code == 200
    assert ends(client) == soon
    client.raise_request_exception = False
    busy = client.post(EXTEND)
    assert (busy.status_code, "Nothing was saved" in busy.content.decode()) == (503, True)


def test_a_page_that_asks_again_by_itself_is_no_use(
    cast: Cast, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in("manager")
    import_actions.enqueue(
        key="a-run",
        user=cast.manager.pk,
        target=cast.plan.pk,
        token="a-token",
        undo="",
        rows=900,
        seconds=6,
        options={},
        reason="",
        leave_out=False,
    )
    soon = age(client, unused=timedelta(minutes=25))
    page = reverse("importing:plan-import", args=[cast.plan.pk], query={"run": "a-run"})
    assert "It will start in a few seconds" in client.get(page).content.decode()
    assert ends(client) == soon


def _lock(*args: Any, **kwargs: Any) -> None:
    locked: Any = sqlite3.OperationalError("database is locked")
    locked.sqlite_errorcode = sqlite3.SQLITE_BUSY
    raise OperationalError("database is locked") from locked
