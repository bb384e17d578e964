"""A restored copy mails nobody and sends no webhook again."""

import socket
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django_tasks_db.models import DBTaskResult

from audit.services import verify
from desk.jobs.services import close_all_tasks, late_jobs, skip_job
from desk.models import Digest, JobRun
from desk.worker import enqueue_due_jobs, run_job
from exchange.webhooks.models import Webhook
from exchange.webhooks.services.registering import register_webhook
from exchange.webhooks.services.restoring import pause_running_webhooks
from exchange.webhooks.tasks import deliver_webhook, enqueue_due_webhooks
from tests.cast import AT, Cast
from tests.exchange.webhooks.test_webhooks import client_of
from tests.factories import ActionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def webhook(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Webhook:
    address = (socket.AF_INET, 1, 6, "", ("8.8.8.8", 443))
    monkeypatch.setattr("socket.getaddrinfo", lambda *args, **options: [address])
    url = "https://receiver.example.org/hooks"
    return register_webhook(actor=cast.manager, client=client_of(cast), url=url, at=AT)[0]


@pytest.fixture
def morning(monkeypatch: pytest.MonkeyPatch) -> None:
    """The jobs of the day before the digests are done."""
    monkeypatch.setattr("audit.clock.now", lambda: AT)
    enqueue_due_jobs(at=AT)
    JobRun.objects.update(state="done", finished_at=AT)
    DBTaskResult.objects.all().delete()


def restore() -> str:
    out = StringIO()
    call_command("after_restore", stdout=out)
    return out.getvalue()


def test_a_restored_copy_mails_nobody_and_sends_no_webhook(
    cast: Cast, webhook: Webhook, morning: None, mailoutbox: list[Any]
) -> None:
    ActionFactory(cast=cast, allocated=True)
    assert enqueue_due_jobs(at=AT) == ["digests"]
    assert enqueue_due_webhooks(at=AT) == [webhook.pk]
    assert restore() == "2 queued tasks closed. Today's digests are not sent. 1 webhooks paused.\n"
    assert set(DBTaskResult.objects.values_list("status", flat=True)) == {"FAILED"}
    later = AT + timedelta(hours=2)
    assert (enqueue_due_jobs(at=later), enqueue_due_webhooks(at=later)) == ([], [])
    assert run_job.call(job="digests", day=AT.date().isoformat()) == "nothing to do"
    assert (mailoutbox, Digest.objects.count()) == ([], 0)
    assert "digests" not in late_jobs(at=later)
    webhook.refresh_from_db()
    assert webhook.paused_because.startswith("The service was restored from a backup")
    assert verify(ledger=cast.yorkshire.ledger).ok


def test_the_next_day_is_as_ever(cast: Cast, morning: None) -> None:
    restore()
    tomorrow = AT + timedelta(days=1)
    assert "returns" in enqueue_due_jobs(at=tomorrow)
    JobRun.objects.filter(day=tomorrow.date()).update(state="done", finished_at=tomorrow)
    assert enqueue_due_jobs(at=tomorrow) == ["digests"]


def test_only_the_system_does_this(cast: Cast) -> None:
    for work in (close_all_tasks, pause_running_webhooks):
        with pytest.raises(PermissionDenied):
            work(actor=cast.manager, at=AT)
    with pytest.raises(PermissionDenied):
        skip_job(actor=cast.manager, job="digests", at=AT)


def test_with_outbound_off_nothing_leaves(cast: Cast, webhook: Webhook, morning: None, settings: Any) -> None:
    settings.OUTBOUND = False
    ActionFactory(cast=cast, allocated=True)
    assert (enqueue_due_jobs(at=AT), enqueue_due_webhooks(at=AT)) == ([], [])
    JobRun.objects.create(job="digests", day=AT.date(), state="queued", attempts=1)
    assert run_job.call(job="digests", day=AT.date().isoformat()) == "outbound is off"
    assert Digest.objects.count() == 0
    assert deliver_webhook.call(webhook_id=webhook.pk) == "outbound is off"
    with pytest.raises(CommandError) as error:
        call_command("run_schedule", check=True)
    assert "digests" not in str(error.value)
    settings.OUTBOUND = True
    assert enqueue_due_jobs(at=AT) == ["digests"]
