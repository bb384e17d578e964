"""A message that fails does not hold the others back: it is set aside and sent later, sent now, or skipped."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from audit import clock
from audit.actors import SYSTEM
from audit.models import Entry
from audit.services import verify
from exchange.webhooks.models import Webhook, WebhookDelivery
from exchange.webhooks.services import delivering
from exchange.webhooks.services.delivering import prune_deliveries, release
from exchange.webhooks.services.registering import resume_webhook
from exchange.webhooks.services.replaying import replay_delivery, skip_delivery
from exchange.webhooks.tasks import enqueue_due_webhooks
from tests.api.clients import System, system_of
from tests.cast import AT, Cast
from tests.exchange.webhooks.receiving import Receiver, names, receiver
from tests.exchange.webhooks.test_webhooks import SCOPES, hook, run
from tests.factories import ActionFactory

__all__ = ["hook", "names", "receiver"]
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def work(hook: Webhook, start: datetime, end: datetime, every: timedelta = 5 * MINUTE) -> datetime:
    """What the scheduler and the worker do from one moment to another."""
    at = start
    while at < end:
        if enqueue_due_webhooks(at=at):
            run(hook, at)
            release(actor=SYSTEM, webhook_id=hook.pk)
        at += every
    return at


def refusing(receiver: Receiver, refuses: Callable[[str], bool], status: int = 500) -> None:
    """Have the receiver refuse messages by their ids."""
    receiver.before = lambda: receiver.answers.append(status) if refuses(receiver.ids[-1]) else None


def rows() -> list[WebhookDelivery]:
    return list(WebhookDelivery.objects.order_by("made_at", "pk"))


@pytest.fixture
def refused(cast: Cast, hook: Webhook, receiver: Receiver) -> WebhookDelivery:
    """A first message that the receiver refuses, and it alone; another waits behind it."""
    refusing(receiver, lambda message: message == receiver.ids[0])
    ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    run(hook)
    ActionFactory(cast=cast, in_progress=True, ref="WY20-02", supporting=[cast.wakefield_council])
    return WebhookDelivery.objects.select_related("webhook__client__partnership").get()


def test_a_message_that_is_refused_holds_the_others_back_for_less_than_an_hour(
    hook: Webhook, receiver: Receiver, refused: WebhookDelivery
) -> None:
    work(hook, AT, AT + 30 * MINUTE)
    assert len(set(receiver.ids)) == 1, "nothing overtakes it at first"
    work(hook, AT + 30 * MINUTE, AT + HOUR)
    first, second = rows()
    assert (first.delivered_at, first.attempts) == (None, 4)
    assert second.delivered_at is not None
    assert second.delivered_at < AT + HOUR
    assert first.set_aside_at is not None
    assert not Webhook.objects.get().is_paused


def test_a_skipped_message_is_sent_later_under_its_id(
    hook: Webhook, receiver: Receiver, refused: WebhookDelivery
) -> None:
    at = work(hook, AT, AT + HOUR)
    refusing(receiver, lambda message: False)
    work(hook, at, at + 3 * HOUR)
    assert receiver.ids[-1] == receiver.ids[0] == refused.message_id
    assert [row.set_aside_at for row in rows()] == [None, None]
    assert all(row.delivered_at for row in rows())
    assert run(hook, at + DAY) == []


def test_a_message_refused_every_time_is_skipped_and_the_webhook_continues(
    cast: Cast, hook: Webhook, receiver: Receiver, refused: WebhookDelivery
) -> None:
    at = work(hook, AT, AT + 5 * DAY, every=HOUR)
    first, second = rows()
    assert (first.attempts, first.is_skipped, second.delivered_at is not None) == (10, True, True)
    assert not Webhook.objects.get().is_paused
    entry = Entry.objects.get(verb="webhook.skipped")
    assert first.message_id in entry.note
    assert "Answered 500" in entry.note
    ActionFactory(cast=cast, in_progress=True, ref="WY20-03", supporting=[cast.wakefield_council])
    assert [outcome.status for outcome in run(hook, at)] == [204]
    assert verify(ledger=cast.yorkshire.ledger).ok


@pytest.mark.parametrize("hours", [8, 30])
def test_after_an_outage_everything_comes_within_hours(
    cast: Cast, hook: Webhook, receiver: Receiver, hours: int
) -> None:
    """Nothing is lost, and what is new then comes at once: no message waits out the day that an older one waits."""
    refusing(receiver, lambda message: True, 502)
    at = AT
    for number in range(3):
        ActionFactory(cast=cast, in_progress=True, ref=f"WY20-1{number}", supporting=[cast.wakefield_council])
        at = work(hook, at, at + HOUR)
    at = work(hook, at, AT + hours * HOUR, every=30 * MINUTE)
    refusing(receiver, lambda message: False)
    ActionFactory(cast=cast, in_progress=True, ref="WY20-20", supporting=[cast.wakefield_council])
    at = work(hook, at, at + 2 * HOUR)
    bodies = "".join(body for _, body in receiver.got[-6:])
    assert all(row.delivered_at for row in rows())
    assert "WY20-20" in bodies
    assert not Webhook.objects.get().is_paused


def test_a_receiver_that_says_when_to_come_again_is_left_alone_until_then(
    cast: Cast, hook: Webhook, receiver: Receiver
) -> None:
    receiver.retry_after = str(2 * 3600)
    refusing(receiver, lambda message: True, 429)
    ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    run(hook)
    ActionFactory(cast=cast, in_progress=True, ref="WY20-02", supporting=[cast.wakefield_council])
    work(hook, AT + MINUTE, AT + 10 * HOUR)
    assert len(set(receiver.ids)) == 1
    assert len(receiver.got) <= 6
    assert rows()[0].set_aside_at is None


def test_a_webhook_that_always_fails_pauses_and_sends_all_when_resumed(
    cast: Cast, hook: Webhook, receiver: Receiver
) -> None:
    refusing(receiver, lambda message: True)
    ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    at = work(hook, AT, AT + HOUR)
    ActionFactory(cast=cast, in_progress=True, ref="WY20-02", supporting=[cast.wakefield_council])
    at = work(hook, at, AT + 6 * DAY, every=HOUR)
    paused = Webhook.objects.get()
    assert paused.is_paused
    refusing(receiver, lambda message: False)
    resume_webhook(actor=cast.manager, webhook=paused, at=at)
    run(hook, at)
    assert len(rows()) == 2
    assert all(row.delivered_at for row in rows())


# Now ---------------------------------------------------------------------------------------------------------


def test_a_failed_message_is_tried_at_once(
    cast: Cast, hook: Webhook, receiver: Receiver, refused: WebhookDelivery
) -> None:
    assert run(hook, AT) == [], "its turn has not come"
    refusing(receiver, lambda message: False)
    replay_delivery(actor=cast.manager, delivery=refused, at=AT)
    assert [outcome.status for outcome in run(hook, AT)] == [204, 204]
    assert receiver.ids[0] == receiver.ids[1] != receiver.ids[2]


def test_one_that_was_set_aside_is_sent_now_while_another_waits(
    cast: Cast, hook: Webhook, receiver: Receiver, refused: WebhookDelivery
) -> None:
    at = work(hook, AT, AT + HOUR)
    ActionFactory(cast=cast, in_progress=True, ref="WY20-03", supporting=[cast.wakefield_council])
    refusing(receiver, lambda message: message != refused.message_id)
    run(hook, at)
    assert len(WebhookDelivery.objects.waiting()) == 1
    replay_delivery(actor=cast.manager, delivery=refused, at=at)
    run(hook, at)
    assert WebhookDelivery.objects.get(pk=refused.pk).delivered_at == at


def test_one_that_is_about_to_be_sent_is_not_sent_twice(
    cast: Cast, hook: Webhook, receiver: Receiver
) -> None:
    ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    run(hook)
    delivery = WebhookDelivery.objects.select_related("webhook__client__partnership").get()
    replay_delivery(actor=cast.manager, delivery=delivery, at=AT)
    with pytest.raises(ValidationError, match="already"):
        replay_delivery(actor=cast.manager, delivery=delivery, at=AT)
    run(hook)
    assert len(receiver.got) == 2


# Skipping ----------------------------------------------------------------------------------------------------


def test_a_skipped_message_unblocks_the_others_and_can_be_sent_later(
    cast: Cast, hook: Webhook, receiver: Receiver, refused: WebhookDelivery
) -> None:
    skipped = skip_delivery(actor=cast.manager, delivery=refused, at=AT)
    assert skipped.is_skipped
    run(hook, AT)
    work(hook, AT, AT + 2 * DAY, every=HOUR)
    assert [row.delivered_at is not None for row in rows()] == [False, True]
    assert receiver.ids.count(refused.message_id) == 1
    with pytest.raises(ValidationError, match="delivered or skipped"):
        skip_delivery(actor=cast.manager, delivery=refused, at=AT)
    refusing(receiver, lambda message: False)
    replay_delivery(actor=cast.manager, delivery=refused, at=AT)
    run(hook, AT)
    assert all(row.delivered_at for row in rows())
    with pytest.raises(ValidationError, match="delivered"):
        skip_delivery(actor=cast.manager, delivery=refused, at=AT)
    assert verify(ledger=cast.yorkshire.ledger).ok


def test_a_message_skipped_during_sending_stays_skipped(
    cast: Cast, hook: Webhook, receiver: Receiver, refused: WebhookDelivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    def send(**arguments: Any) -> Any:
        skip_delivery(actor=cast.manager, delivery=refused, at=AT)
        return real(**arguments)

    real = delivering.send
    monkeypatch.setattr("exchange.webhooks.services.delivering.send", send)
    run(hook, AT + 2 * MINUTE)
    assert WebhookDelivery.objects.get(pk=refused.pk).is_skipped


def test_only_the_manager_and_the_client_itself_skip(cast: Cast, refused: WebhookDelivery) -> None:
    for person in (cast.auditor, cast.gold, cast.wakefield_contact, cast.leicestershire_manager):
        with pytest.raises(PermissionDenied):
            skip_delivery(actor=person, delivery=refused, at=AT)
    skip_delivery(actor=refused.webhook.client.user, delivery=refused, at=AT)


def test_skipped_messages_are_forgotten_after_their_days(
    cast: Cast, refused: WebhookDelivery, settings: Any
) -> None:
    skip_delivery(actor=cast.manager, delivery=refused, at=AT)
    late = AT + timedelta(days=settings.WEBHOOK_KEEP_DAYS)
    assert prune_deliveries(actor=SYSTEM, at=late) == 0
    assert prune_deliveries(actor=SYSTEM, at=late + timedelta(seconds=1)) == 1


# The doors ---------------------------------------------------------------------------------------------------


def test_a_client_sends_now_and_skips_by_api(cast: Cast, receiver: Receiver) -> None:
    system: System = system_of(cast, cast.wakefield_council, scopes=SCOPES)
    path = f"/webhooks/{system.post('/webhooks/', {'url': receiver.url}).json()['id']}/"
    hook = Webhook.objects.get()
    receiver.answers = [500, 500]
    ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    run(hook, clock.now())
    (message,) = system.get(f"{path}messages/").json()["results"]
    assert (message["attempts"], message["delivered_at"], message["set_aside_at"]) == (1, None, None)
    again = system.post(f"{path}messages/{message['id']}/replay/", {})
    assert (again.status_code, again.json()["attempts"]) == (200, 0)
    run(hook, clock.now())
    skipped = system.post(f"{path}messages/{message['id']}/skip/", {})
    assert (skipped.status_code, skipped.json()["next_attempt_at"]) == (200, None)
    assert skipped.json()["set_aside_at"] is not None
    assert system.post(f"{path}messages/{message['id']}/skip/", {}).status_code == 422
    assert system.post(f"{path}messages/{message['id']}/skip/", {"reason": "x"}).status_code == 400
    assert system.post(f"{path}messages/0/skip/", {}).status_code == 404


def test_the_manager_sends_now_and_skips_on_the_page(
    hook: Webhook, receiver: Receiver, refused: WebhookDelivery, signed_in: Any
) -> None:
    manager, address = signed_in("manager"), reverse("exchange:webhook", args=[hook.pk])
    page = manager.get(address).content.decode()
    args = [hook.pk, refused.pk]
    skip = reverse("exchange:delivery-skip", args=args)
    assert "Send now" in page
    assert skip in page
    assert skip not in signed_in("auditor").get(address).content.decode()
    html = manager.post(reverse("exchange:delivery-replay", args=args), follow=True).content.decode()
    assert "The message will be sent within a minute or two" in html
    html = manager.post(skip, follow=True).content.decode()
    assert "Message skipped." in html
    assert "1 message. Later messages do not wait for it" in html
    html = manager.post(skip, follow=True).content.decode()
    assert "This message has already been delivered or skipped." in html
