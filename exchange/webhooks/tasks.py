"""Webhook deliveries as the workers run them."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django_tasks import task

from audit import clock
from audit.actors import SYSTEM
from exchange.webhooks.services.delivering import claim_webhook, deliver_next, due_webhooks, release

# A webhook that is far behind lets others go first after so many messages of up to a hundred changes.
MOST_MESSAGES = 20


@task()
def deliver_webhook(webhook_id: int) -> str:
    """Send a webhook's messages in order, up to `MOST_MESSAGES`; the scheduler queues it again for the rest."""
    if not settings.OUTBOUND:
        release(actor=SYSTEM, webhook_id=webhook_id)
        return "outbound is off"
    count = 0
    while count < MOST_MESSAGES:
        outcome = deliver_next(actor=SYSTEM, webhook_id=webhook_id, at=clock.now())
        if outcome is None or not outcome.is_delivered:
            break
        count += 1
    release(actor=SYSTEM, webhook_id=webhook_id)
    return f"{count} sent"


def enqueue_due_webhooks(*, at: datetime) -> list[int]:
    """Queue the webhooks with something to send, each once until its worker is done, and return their ids."""
    if not settings.OUTBOUND:
        return []
    queued = []
    for webhook_id in due_webhooks(at=at):
        with transaction.atomic():
            if claim_webhook(actor=SYSTEM, webhook_id=webhook_id, at=at):
                deliver_webhook.enqueue(webhook_id=webhook_id)
                queued.append(webhook_id)
    return queued
