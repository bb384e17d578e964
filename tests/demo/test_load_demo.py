"""Loading the demonstration, and refusing to."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from actions.models import Plan
from audit.actors import SYSTEM
from audit.models import Entry
from audit.security_events import log_event
from demo import loading, story
from demo.management.commands import load_demo
from demo.reading import TABLES, moment, rows
from demo.replay import ReplayError
from partners.accounts.services.users import create_user
from partners.models import Partnership, User


def test_production_refuses_accounts_with_a_public_password(settings: Any) -> None:
    settings.MODE = "production"
    with pytest.raises(CommandError, match="password is public"):
        call_command("load_demo", stdout=StringIO())


@pytest.mark.django_db
def test_a_database_in_use_is_left_alone() -> None:
    create_user(actor=SYSTEM, email="someone@example.org", name="Someone", at=moment("2020-06-01T09:00"))
    with pytest.raises(CommandError, match="has other data"):
        call_command("load_demo", stdout=StringIO())
    assert not Partnership.objects.exists()


@pytest.mark.django_db
def test_a_clock_before_the_end_of_the_history_is_refused() -> None:
    with pytest.raises(loading.DemoError, match="Set DEMO_DATE"):
        loading.load(now=moment("2019-10-08T09:00"))


@pytest.mark.django_db
def test_a_load_that_fails_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

    def refuse(*_: Any) -> None:
        raise ReplayError("row 7 was refused")

    monkeypatch.setattr(story, "replay", refuse)
    with pytest.raises(CommandError, match="row 7 was refused"):
        call_command("load_demo", stdout=StringIO())
    assert not User.objects.exists()
    assert not Plan.objects.exists()
    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_the_accounts_are_not_lost_among_security_events_of_a_made_up_history(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def made_up(**_: Any) -> int:
        log_event("sign_in_blocked", address="127.0.0.1")
        return 749

    monkeypatch.setattr(load_demo, "load", made_up)
    stdout = StringIO()
    call_command("load_demo", "--without-sandbox", stdout=stdout)
    assert "749 events" in stdout.getvalue()
    assert not caplog.records
    log_event("sign_in_blocked", address="127.0.0.1")
    assert len(caplog.records) == 1


@pytest.mark.parametrize("slug", [row["slug"] for row in rows("partnerships.csv")])
def test_history_is_in_order_of_time(slug: str) -> None:
    moments = [moment(row["at"]) for row in rows(f"{slug}/history.csv")]
    assert moments == sorted(moments)
    assert max(moments) < moment("2020-06-19T00:00:00")


@pytest.mark.parametrize("words", ["CAGE", "MEND", "Students not Suspects", "racialis"])
def test_topics_left_out_on_purpose_stay_out(words: str) -> None:
    names = [path.name for path in TABLES.rglob("*.csv") if words in path.read_text(encoding="utf-8")]
    assert names == []
