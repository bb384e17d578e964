"""Webhooks beside each other, and beside receivers that do not behave."""

import ssl
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from django_tasks_db.models import DBTaskResult
from urllib3.connection import HTTPSConnection

from audit import clock
from audit.actors import SYSTEM
from exchange.webhooks.models import Webhook, WebhookDelivery
from exchange.webhooks.services.delivering import deliver_next
from exchange.webhooks.services.secrets import signatures
from exchange.webhooks.tasks import deliver_webhook, enqueue_due_webhooks
from tests.cast import AT, Cast
from tests.exchange.webhooks.receiving import Receiver, names, receiver
from tests.exchange.webhooks.test_webhooks import hook, run
from tests.factories import ActionFactory

__all__ = ["hook", "names", "receiver"]


def test_the_signature_is_the_one_of_the_specification() -> None:
    """The example that the specification's own libraries are tested with."""
    fields = {
        "message_id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "sent_at": 1614265330,
        "body": '{"test": 2432232314}',
    }
    key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    assert signatures([key], **fields) == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_receiver_that_never_answers_is_cut_off(
    cast: Cast, hook: Webhook, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = threading.Event()
    receiver.before = lambda: over.wait(timeout=60)
    monkeypatch.setattr("exchange.webhooks.services.sending.ALL_SECONDS", 0.5)
    ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    try:
        (outcome,) = run(hook)
    finally:
        over.set()
    assert (outcome.status, outcome.words[:16]) == (None, "No answer within")
    assert WebhookDelivery.objects.get().last_result == outcome.words


def test_a_missing_receiver_is_described_in_words(cast: Cast, hook: Webhook, receiver: Receiver) -> None:
    Webhook.objects.update(url="https://hooks.example.org:1/")
    ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    (outcome,) = run(hook)
    assert outcome.words == "The connection was refused: nothing listens at this address and port"


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (ConnectionResetError(104, "reset"), "The connection broke before there was an answer"),
        (ssl.SSLError(1, "wrong version number"), "No secure connection could be made"),
    ],
    ids=["reset", "no TLS"],
)
def test_a_failed_connection_is_described_in_words(
    cast: Cast, hook: Webhook, monkeypatch: pytest.MonkeyPatch, fault: OSError, words: str
) -> None:
    def connect(connection: HTTPSConnection) -> None:
        raise fault

    monkeypatch.setattr(HTTPSConnection, "connect", connect)
    ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    (outcome,) = run(hook)
    assert outcome.words == words


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_a_message_once(cast: Cast, hook: Webhook, receiver: Receiver) -> None:
    ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    start = threading.Barrier(2)

    def work() -> Any:
        try:
            start.wait(timeout=30)
            return deliver_next(actor=SYSTEM, webhook_id=hook.pk, at=AT)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        outcomes = [done.result(timeout=60) for done in [pool.submit(work), pool.submit(work)]]
    assert len(receiver.ids) == 1
    assert sorted(outcome is None for outcome in outcomes) == [False, True]


def test_the_schedule_queues_and_a_worker_sends(
    cast: Cast, hook: Webhook, receiver: Receiver, capsys: pytest.CaptureFixture[str]
) -> None:
    ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    call_command("run_schedule")
    assert f"Queued webhook {hook.pk}." in capsys.readouterr().out
    (queued,) = DBTaskResult.objects.filter(task_path="exchange.webhooks.tasks.deliver_webhook")
    assert deliver_webhook.call(**queued.args_kwargs["kwargs"]) == "1 sent"
    assert len(receiver.got) == 1
    assert Webhook.objects.get().queued_at is None
    assert enqueue_due_webhooks(at=clock.now()) == []
