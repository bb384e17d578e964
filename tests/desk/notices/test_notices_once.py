"""A digest is sent once: whoever dies when, and however many send at the same time."""

import os
import signal
import smtplib
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import LazySettings
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection

from audit.actors import SYSTEM
from desk.models import Digest, DigestLine
from desk.notices.services.sending import send_digests
from tests.actions.core.test_races import at_once
from tests.architecture.source import ROOT
from tests.cast import LONDON, Cast
from tests.factories import ActionFactory

AT = datetime(2020, 6, 17, 7, tzinfo=LONDON)  # a Wednesday, 13 days before the end of the month
NEXT_DAY = AT + timedelta(days=1)
LATER = AT + timedelta(minutes=20)


class Failing(EmailBackend):
    """Raises what the test says, after the mail went out or before."""

    fault: Callable[[], BaseException]
    delivers = False

    def send_messages(self, messages: Sequence[EmailMessage]) -> Any:
        if self.delivers:
            super().send_messages(messages)
        raise type(self).fault()


@pytest.fixture
def fails(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let every mail fail so; with nothing given, none fails any more."""

    def fail(fault: Callable[[], BaseException] | None = None, *, delivers: bool = False) -> None:
        backend = f"{__name__}.Failing" if fault else "django.core.mail.backends.locmem.EmailBackend"
        settings.EMAIL_BACKEND = backend
        monkeypatch.setattr(Failing, "fault", fault, raising=False)
        monkeypatch.setattr(Failing, "delivers", delivers)

    return fail


def refuses() -> BaseException:
    return smtplib.SMTPRecipientsRefused({"x@example.org": (550, b"no such box")})


def disconnects() -> BaseException:
    return smtplib.SMTPServerDisconnected("gone")


def send(at: datetime = AT) -> Any:
    return send_digests(actor=SYSTEM, at=at)


def test_a_death_after_delivery_sends_nothing_twice_and_forgets_nothing(
    cast: Cast, mailoutbox: list[Any], fails: Callable[..., None]
) -> None:
    ActionFactory(cast=cast, allocated=True)
    fails(SystemExit, delivers=True)
    with pytest.raises(SystemExit):
        send()
    assert Digest.objects.get().state == Digest.State.SENDING
    fails()
    assert send().sent == 0
    assert send(LATER).sent == 0
    assert Digest.objects.get().state == Digest.State.UNKNOWN
    assert len(mailoutbox) == 1
    assert send(NEXT_DAY).sent == 1
    again = mailoutbox[1]
    assert "This may have been in an earlier email." in again.body
    assert DigestLine.objects.filter(digest__day=NEXT_DAY.date(), kind="reminder").get().again


def test_a_death_before_the_record_leaves_the_mail_to_the_next_run(
    cast: Cast, mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    ActionFactory(cast=cast, allocated=True)
    with monkeypatch.context() as patch:
        patch.setattr("desk.notices.services.sending.message_of", _die)
        with pytest.raises(SystemExit):
            send()
    assert not Digest.objects.exists()
    assert send().sent == 1
    assert len(mailoutbox) == 1


def _die(*_: Any) -> None:
    raise SystemExit


def test_refused_mail_is_retried_three_times_a_day_and_sent_the_next_day(
    cast: Cast, mailoutbox: list[Any], fails: Callable[..., None]
) -> None:
    ActionFactory(cast=cast, allocated=True)
    fails(refuses)
    outcomes = [send(AT + timedelta(minutes=30 * number)) for number in range(4)]
    assert [(one.refused, one.to_try_again) for one in outcomes] == [(1, 1), (1, 1), (1, 0), (0, 0)]
    assert Digest.objects.get().state == Digest.State.REFUSED
    fails()
    assert send(NEXT_DAY).sent == 1
    assert "You may have been told" not in mailoutbox[0].body


def test_a_broken_connection_leaves_the_outcome_unknown_and_the_next_is_sent(
    cast: Cast, mailoutbox: list[Any], fails: Callable[..., None]
) -> None:
    ActionFactory(cast=cast, allocated=True)
    ActionFactory(
        cast=cast,
        allocated=True,
        ref="WY20-02",
        owner=cast.leeds_spoc,
        lead=cast.leeds_district,
        area=cast.leeds,
    )
    fails(disconnects, delivers=True)
    assert send().unknown == 2
    fails()
    assert send().sent == 0
    assert len(mailoutbox) == 2


def test_an_unreachable_server_is_detected_before_anything_is_recorded(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ActionFactory(cast=cast, allocated=True)
    monkeypatch.setattr(EmailBackend, "open", _refuse_connection)
    with pytest.raises(ConnectionRefusedError):
        send()
    assert not Digest.objects.exists()


def _refuse_connection(self: Any) -> None:
    raise ConnectionRefusedError


def test_one_persons_fault_does_not_keep_the_mail_of_the_others(
    cast: Cast, mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ActionFactory(cast=cast, allocated=True)
    ActionFactory(
        cast=cast,
        allocated=True,
        ref="WY20-02",
        owner=cast.leeds_spoc,
        lead=cast.leeds_district,
        area=cast.leeds,
    )
    known = send_digests.__globals__["contents_for"]

    def fail_for_one(*, actor: Any, **arguments: Any) -> Any:
        if actor == cast.bradford_spoc:
            raise LookupError(actor.email)
        return known(actor=actor, **arguments)

    monkeypatch.setattr("desk.notices.services.sending.contents_for", fail_for_one)
    outcome = send()
    assert (outcome.sent, outcome.failed, outcome.to_try_again) == (1, 1, 1)
    assert [mail.to for mail in mailoutbox] == [[cast.leeds_spoc.email]]
    assert cast.bradford_spoc.email not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_one_mail(cast: Cast, mailoutbox: list[Any]) -> None:
    ActionFactory(cast=cast, allocated=True)
    outcomes = at_once(send, send)
    assert sorted(outcome.sent for outcome in outcomes) == [0, 1]
    assert len(mailoutbox) == 1
    assert Digest.objects.get().state == Digest.State.SENT


SCRIPT = """
import sys
from datetime import datetime
import django
django.setup()
from django.conf import settings
from audit.actors import SYSTEM
from desk.notices.services.sending import send_digests
backend, folder, at = sys.argv[1:]
settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = backend, folder
print(send_digests(actor=SYSTEM, at=datetime.fromisoformat(at)).sent)
"""


def address_of_database() -> str:
    options = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{options['NAME']}"
    return f"postgresql://{options['USER']}@{quote(options['HOST'], safe='')}/{options['NAME']}"


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_after_delivery_sends_nothing_twice_and_forgets_nothing(
    cast: Cast, tmp_path: Path
) -> None:
    ActionFactory(cast=cast, allocated=True)
    mails = tmp_path / "mails"
    environment = os.environ | {
        "DATABASE_URL": address_of_database(),
        "DJANGO_SETTINGS_MODULE": "prevent_tracker.settings",
    }

    def work(backend: str, at: datetime) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", SCRIPT, backend, str(mails), at.isoformat()]
        return subprocess.run(
            command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
        )

    def texts() -> list[str]:
        return [path.read_text("utf-8") for path in sorted(mails.iterdir()) if path.stat().st_size]

    lives = "django.core.mail.backends.filebased.EmailBackend"
    assert work("tests.desk.notices.mortal_mail.MortalBackend", AT).returncode == -signal.SIGKILL
    assert len(texts()) == 1
    restarted = work(lives, LATER)
    assert (restarted.returncode, restarted.stdout) == (0, "0\n"), restarted.stderr
    assert len(texts()) == 1
    following = work(lives, NEXT_DAY)
    assert (following.returncode, following.stdout) == (0, "1\n"), following.stderr
    assert sum("This may have been in an earlier email." in text for text in texts()) == 1
