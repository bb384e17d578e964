"""A receiver that is busy is left alone as long as it asks; one that stopped stands in My work of who may mend it."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.utils.http import http_date

from desk.my_work.services.lists import my_tasks
from exchange.webhooks.models import Webhook, WebhookDelivery
from exchange.webhooks.services.delivering import JITTER
from exchange.webhooks.services.registering import pause_webhook, resume_webhook
from exchange.webhooks.services.sending import Outcome, _outcome
from partners.clients.services.clients import deactivate_client
from tests.api.asking import results
from tests.cast import AT, PEOPLE, TODAY, Cast
from tests.exchange.webhooks.receiving import Receiver, names, receiver
from tests.exchange.webhooks.test_webhooks import hook, run
from tests.factories import ActionFactory

__all__ = ["hook", "names", "receiver"]
MINUTE, HOUR, DAY = 60, 3600, 86400


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (("7200", 503), 2 * HOUR),
        (("7200", 429), 2 * HOUR),
        (("10", 503), MINUTE),  # no sooner than it is its turn
        (("9" * 400, 503), DAY),
        (("7200", 500), MINUTE),  # it says so of nothing else
        (("", 503), MINUTE),
        (("soon", 503), MINUTE),
        (("-5", 429), MINUTE),
        (("\u00b2", 503), MINUTE),
        (("Fri, 99 Jun 2020 09:00:00 GMT", 503), MINUTE),
    ],
)
def test_a_busy_receiver_says_when_to_come_again(
    cast: Cast, hook: Webhook, receiver: Receiver, answer: tuple[str, int], seconds: int
) -> None:
    receiver.retry_after, status = answer
    receiver.answers = [status]
    ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    assert [outcome.status for outcome in run(hook)] == [status]
    next_at = WebhookDelivery.objects.get().next_attempt_at
    assert next_at is not None
    assert seconds <= (next_at - AT).total_seconds() <= seconds * (1 + JITTER)


def test_a_moment_is_read_by_the_machines_own_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_592_557_200.0
    monkeypatch.setattr(time, "time", lambda: now)
    assert _outcome(503, http_date(now + HOUR)) == Outcome(503, "Answered 503", HOUR)
    assert _outcome(503, http_date(now - HOUR)).retry_after == 0
    assert _outcome(302, http_date(now + HOUR)).retry_after == 0


# My work -----------------------------------------------------------------------------------------------------


def lines(user: Any) -> list[str]:
    return [task.title for task in my_tasks(actor=user, on=TODAY) if task.subject.type == "webhook"]


@pytest.fixture
def stopped(cast: Cast, hook: Webhook, receiver: Receiver) -> Webhook:
    """The receiver wants no more: 410 pauses at once."""
    receiver.answers = [410]
    ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    run(hook)
    return Webhook.objects.select_related("client__user").get(pk=hook.pk)


def test_a_stopped_webhook_is_a_task_of_its_managers(cast: Cast, stopped: Webhook, signed_in: Any) -> None:
    titles = ["Fix the webhook of Case system"]
    assert {name for name in PEOPLE if lines(cast.person(name))} == {"manager"}
    assert lines(cast.manager) == lines(stopped.client.user) == titles
    page = signed_in("manager").get("/").content.decode()
    assert titles[0] in page
    assert "Paused on 19 June 2020 because its messages failed: Answered 410; attempts: 1" in page
    assert f"/webhooks/{stopped.pk}/" in page
    [row] = [
        row
        for row in results(signed_in("manager").get("/api/v1/my-work/"))
        if row["subject"] == {"type": "webhook", "id": stopped.pk}
    ]
    assert (row["urgency"], row["type"], row["context"]) == ("overdue", "webhook", "Wakefield Council")
    assert signed_in("manager").get(row["links"]["subject"]).json()["paused"] is True

    resume_webhook(actor=cast.manager, webhook=stopped, at=AT + timedelta(minutes=1))
    assert lines(cast.manager) == []


def test_a_webhook_paused_by_a_person_is_no_task(cast: Cast, stopped: Webhook) -> None:
    resume_webhook(actor=cast.manager, webhook=stopped, at=AT)
    pause_webhook(actor=cast.manager, webhook=stopped, at=AT)
    assert lines(cast.manager) == []


def test_the_webhooks_of_a_client_that_was_stopped_ask_nothing(cast: Cast, stopped: Webhook) -> None:
    deactivate_client(actor=cast.manager, client=stopped.client, at=AT)
    assert lines(cast.manager) == lines(stopped.client.user) == []
