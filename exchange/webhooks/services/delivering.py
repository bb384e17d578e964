"""Deliver messages at least once, with the same id at every attempt.

Messages are sent in order, except one that failed several times: it is set aside and sent later, so that it does not
hold up the others (ADR 10).

A message is recorded before it is sent, and its result after. If the worker dies in between, the message is sent again
under the same id; a receiver that remembers ids does nothing twice.
"""

import json
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from audit.actors import Actor
from audit.clock import london_date
from audit.policies import forbid, why_not_system
from audit.services import append, writing
from audit.state import state_of
from audit.verify import instant
from exchange.changes.services.cursors import Cursor
from exchange.changes.services.following import MOST_SCANNED, Followed, follow
from exchange.changes.services.items import plain
from exchange.webhooks.models import Webhook, WebhookDelivery
from exchange.webhooks.services.registering import scopes_of
from exchange.webhooks.services.secrets import UnreadableSecretError, decrypt
from exchange.webhooks.services.sending import Outcome, send

MOST_CHANGES = 100
MOST_SCANS = 20
# After so long a worker counts as lost.
PATIENCE = timedelta(minutes=10)
# After so long an attempt counts as lost; a slow receiver is cut off long before.
LEASE = timedelta(minutes=2)
# The wait after each failed attempt, as the Standard Webhooks specification suggests; after the last one it is paused.
WAITS = (
    *(timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30)),
    *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)),
)
JITTER = 0.1
# After so many failed attempts, some forty minutes, later messages go first.
ASIDE_AFTER = 4
# Once the receiver takes messages again, those set aside are tried, each no more often than this.
AGAIN_AFTER = timedelta(hours=1)
TYPE = "changes"


def due_webhooks(*, at: datetime) -> list[int]:
    """Return the ids of the webhooks with something to send."""
    return list(Webhook.objects.due(at).order_by("pk").values_list("pk", flat=True))


def claim_webhook(*, actor: Actor, webhook_id: int, at: datetime) -> bool:
    """Record that the caller queues a webhook; false where another caller has, unless its worker seems lost.

    Raises:
        PermissionDenied: unless the actor is the system.
    """
    forbid(why_not_system(actor))
    with transaction.atomic():
        webhook = Webhook.objects.select_for_update(of=("self",)).filter(pk=webhook_id).first()
        if webhook is None or (webhook.queued_at is not None and at < webhook.queued_at + PATIENCE):
            return False
        webhook.queued_at = at
        webhook.save(update_fields=["queued_at"])
    return True


def release(*, actor: Actor, webhook_id: int) -> None:
    """Let the webhook be queued again.

    Raises:
        PermissionDenied: unless the actor is the system.
    """
    forbid(why_not_system(actor))
    Webhook.objects.filter(pk=webhook_id).update(queued_at=None)


def deliver_next(*, actor: Actor, webhook_id: int, at: datetime) -> Outcome | None:
    """Send the webhook's next message, or try one again; none when there is nothing to send now.

    Raises:
        PermissionDenied: unless the actor is the system.
    """
    forbid(why_not_system(actor))
    delivery = _prepare(webhook_id, at)
    if delivery is None:
        return None
    webhook = delivery.webhook
    try:
        keys = [decrypt(stored) for stored in _secrets(webhook, at)]
    except UnreadableSecretError:
        outcome = Outcome(None, "Its secret can no longer be read. Create a new one, then resume the webhook")
        _record(actor, delivery, outcome, at, pause=True)
        return outcome
    outcome = send(url=webhook.url, message_id=delivery.message_id, body=delivery.body, keys=keys)
    is_last = delivery.attempts > len(WAITS)
    if is_last and not outcome.is_delivered and _takes_others(delivery):
        _give_up(actor, delivery, outcome, at)
    else:
        _record(actor, delivery, outcome, at, pause=outcome.is_gone or is_last)
    return outcome


def prune_deliveries(*, actor: Actor, at: datetime) -> int:
    """Delete messages delivered or skipped more than `WEBHOOK_KEEP_DAYS` ago, and return how many.

    Raises:
        PermissionDenied: unless the actor is the system.
    """
    forbid(why_not_system(actor))
    before = at - timedelta(days=settings.WEBHOOK_KEEP_DAYS)
    delivered = WebhookDelivery.objects.filter(delivered_at__lt=before)
    skipped = WebhookDelivery.objects.skipped().filter(set_aside_at__lt=before)
    return (delivered | skipped).delete()[0]


def _prepare(webhook_id: int, at: datetime) -> WebhookDelivery | None:
    """Return the message to send now, recorded as being sent; none when there is nothing to send."""
    with transaction.atomic():
        webhook = (
            Webhook.objects.running()
            .select_for_update(of=("self",))
            .select_related("client__user", "client__partnership")
            .filter(pk=webhook_id)
            .first()
        )
        if webhook is None:
            return None
        due = webhook.deliveries.undelivered().filter(next_attempt_at__lte=at)
        delivery = due.order_by("made_at", "pk").first()
        if delivery is None and not webhook.deliveries.waiting().exists():
            delivery = _begin(webhook, at)
        if delivery is None:
            return None
        page = _page(webhook, delivery.after, delivery.reach, at, upto=delivery.upto, size=MOST_SCANNED)
        delivery.webhook = webhook
        delivery.body, delivery.number = _body(delivery, page), len(page.changes)
        delivery.attempts += 1
        delivery.last_attempt_at, delivery.next_attempt_at = at, at + LEASE
        delivery.last_result = "Being sent"
        delivery.save()
    return delivery


def _begin(webhook: Webhook, at: datetime) -> WebhookDelivery | None:
    """Make a message of the changes since the webhook's position; without any for the client, only move the position."""
    for _ in range(MOST_SCANS):
        after, reach = webhook.position, webhook.reach
        page = _page(webhook, after, reach, at, upto=None, size=MOST_CHANGES)
        webhook.position = page.cursor.positions.get(webhook.client.partnership_id, after)
        webhook.reach = page.cursor.reach
        if page.changes or page.reach_changed or not page.more:
            break
    webhook.save(update_fields=["position", "reach"])
    if not page.changes and not page.reach_changed:
        return None
    return WebhookDelivery(
        webhook=webhook,
        message_id=f"msg_{secrets.token_hex(16)}",
        after=after,
        upto=webhook.position,
        reach=reach,
        made_at=at,
        next_attempt_at=at,
    )


def _page(webhook: Webhook, after: int, reach: str, at: datetime, *, upto: int | None, size: int) -> Followed:
    client = webhook.client
    return follow(
        actor=client.user,
        on=london_date(at),
        after=Cursor({client.partnership_id: after}, reach),
        size=size,
        scopes=scopes_of(client),
        only=client.partnership_id,
        upto=upto,
    )


def _body(delivery: WebhookDelivery, page: Followed) -> str:
    cursor = Cursor({delivery.webhook.client.partnership_id: delivery.upto}, page.cursor.reach)
    content = {
        "type": TYPE,
        "timestamp": instant(delivery.made_at),
        "data": {
            "results": [plain(change=change, address=_address) for change in page.changes],
            "cursor": str(cursor),
            "reach_changed": page.reach_changed,
        },
    }
    return json.dumps(content, separators=(",", ":"))


def _address(name: str, *ids: int) -> str:
    return f"{settings.SITE_ADDRESS}{reverse(f'api:{name}', args=ids)}"


def _secrets(webhook: Webhook, at: datetime) -> list[str]:
    both = webhook.former_secret and webhook.former_until is not None and at < webhook.former_until
    return [webhook.secret, webhook.former_secret] if both else [webhook.secret]


def _record(actor: Actor, delivery: WebhookDelivery, outcome: Outcome, at: datetime, *, pause: bool) -> None:
    # A message skipped while it was being sent gets no next attempt.
    retried = WebhookDelivery.objects.undelivered().filter(pk=delivery.pk, next_attempt_at__isnull=False)
    words = outcome.words[:200]
    if outcome.is_delivered:
        undelivered = WebhookDelivery.objects.undelivered().filter(pk=delivery.pk)
        undelivered.update(last_result=words, delivered_at=at, next_attempt_at=None, set_aside_at=None)
        others = WebhookDelivery.objects.set_aside().filter(webhook=delivery.webhook_id)
        others.filter(next_attempt_at__gt=at, last_attempt_at__lte=at - AGAIN_AFTER).update(
            next_attempt_at=at
        )
        return
    retried.update(last_result=words, next_attempt_at=at + _wait(delivery.attempts, outcome.retry_after))
    # A receiver that says when to try again gets nothing until then.
    if delivery.attempts >= ASIDE_AFTER and not outcome.retry_after:
        retried.filter(set_aside_at=None).update(set_aside_at=at)
    if pause:
        _pause(actor, delivery, outcome, at)


def _takes_others(delivery: WebhookDelivery) -> bool:
    """Say whether the receiver has accepted another message since this one was made."""
    return delivery.webhook.deliveries.filter(delivered_at__gte=delivery.made_at).exists()


def _give_up(actor: Actor, delivery: WebhookDelivery, outcome: Outcome, at: datetime) -> None:
    """Skip a message whose last attempt failed while others were accepted."""
    with writing(delivery.webhook.client.partnership.ledger_id) as ledger:
        webhook = Webhook.objects.select_for_update(of=("self",)).filter(pk=delivery.webhook_id).first()
        retried = WebhookDelivery.objects.undelivered().filter(pk=delivery.pk, next_attempt_at__isnull=False)
        if webhook is None or not retried.update(
            last_result=outcome.words[:200], next_attempt_at=None, set_aside_at=at
        ):
            return
        note = f"Message {delivery.message_id}. {outcome.words}; attempts: {delivery.attempts}"
        append(
            actor=actor,
            ledger=ledger,
            at=at,
            verb="webhook.skipped",
            target=webhook,
            before=state_of(webhook),
            note=note,
        )


def _wait(attempts: int, retry_after: int) -> timedelta:
    """Return the wait after this attempt; longer where the receiver asks, up to the longest wait."""
    requested = timedelta(seconds=min(retry_after, WAITS[-1].total_seconds()))
    wait = max(WAITS[min(attempts, len(WAITS)) - 1], requested)
    return wait * (1 + secrets.SystemRandom().uniform(0, JITTER))


def _pause(actor: Actor, delivery: WebhookDelivery, outcome: Outcome, at: datetime) -> None:
    with writing(delivery.webhook.client.partnership.ledger_id) as ledger:
        webhook = Webhook.objects.select_for_update(of=("self",)).filter(pk=delivery.webhook_id).first()
        if webhook is None or webhook.is_paused:
            return
        before = state_of(webhook)
        webhook.paused_at = at
        webhook.paused_because = f"{outcome.words}; attempts: {delivery.attempts}"[:300]
        webhook.save(update_fields=["paused_at", "paused_because"])
        append(actor=actor, ledger=ledger, at=at, verb="webhook.paused", target=webhook, before=before)
