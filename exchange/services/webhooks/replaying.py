"""Sending again what was sent."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError

from audit.clock import london_date
from audit.services import append, writing
from audit.state import state_of
from exchange import policies
from exchange.models import Webhook, WebhookDelivery
from exchange.services.webhooks.keeping import NOT_YOURS
from partners.policies import rights_of

BUSY = "A message of this webhook waits to be delivered. Send this one again after it."


def replay_delivery(*, actor: Any, delivery: WebhookDelivery, at: datetime) -> WebhookDelivery:
    """Send a delivered message again, under the same id; what the client may not see any more is not in it.

    Raises:
        PermissionDenied: unless the actor is the partnership's programme manager, or the client itself.
        ValidationError: code `state`, while another message of the webhook waits.
    """
    webhook = delivery.webhook
    _require(actor, webhook, at)
    with writing(webhook.client.partnership.ledger_id) as ledger:
        row = Webhook.objects.select_for_update(of=("self",)).get(pk=webhook.pk)
        if row.deliveries.waiting().exists():
            raise ValidationError(BUSY, code="state")
        delivery = row.deliveries.get(pk=delivery.pk)
        delivery.attempts, delivery.next_attempt_at, delivery.delivered_at = 0, at, None
        delivery.save(update_fields=["attempts", "next_attempt_at", "delivered_at"])
        note = f"Message {delivery.message_id}"
        append(
            actor=actor,
            ledger=ledger,
            at=at,
            verb="webhook.replayed",
            target=row,
            before=state_of(row),
            note=note,
        )
    return delivery


def replay_from(*, actor: Any, webhook: Webhook, position: int, at: datetime) -> Webhook:
    """Tell everything after a position of the ledger again, in new messages.

    Raises:
        PermissionDenied: unless the actor is the partnership's programme manager, or the client itself.
        ValidationError: keyed `position`: it is not one that the webhook has passed.
    """
    _require(actor, webhook, at)
    with writing(webhook.client.partnership.ledger_id) as ledger:
        row = Webhook.objects.select_for_update(of=("self",)).get(pk=webhook.pk)
        if not 0 <= position <= row.position:
            raise ValidationError({"position": f"Give a position from 0 to {row.position}."})
        row.position = position
        row.save(update_fields=["position"])
        append(
            actor=actor,
            ledger=ledger,
            at=at,
            verb="webhook.replayed",
            target=row,
            before=state_of(row),
            note=f"From position {position}",
        )
    return row


def _require(actor: Any, webhook: Webhook, at: datetime) -> None:
    if not policies.may_keep(rights_of(actor, london_date(at)), webhook.client):
        raise PermissionDenied(NOT_YOURS)
