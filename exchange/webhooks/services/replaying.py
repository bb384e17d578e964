"""Send a message again, or skip it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from audit.actors import Actor
from audit.clock import london_date
from audit.policies import forbid
from audit.services import append, writing
from audit.state import state_of
from exchange.webhooks import policies
from exchange.webhooks.models import Webhook, WebhookDelivery
from partners.policies import rights_of

WAITS = gettext_lazy("This message is already waiting to be sent.")
NOT_WAITING = gettext_lazy("This message has already been delivered or skipped.")


def replay_delivery(*, actor: Actor, delivery: WebhookDelivery, at: datetime) -> WebhookDelivery:
    """Send a message now, under the same id: a delivered one again, a failed one before its next attempt.

    It leaves out what the client may no longer view. Other messages do not wait for it.

    Raises:
        PermissionDenied: unless the actor is the partnership's programme manager, or the client itself.
        ValidationError: code `state`, when it is about to be sent.
    """
    with _change(actor, delivery, at, "webhook.replayed") as row:
        others = row.webhook.deliveries.waiting().exclude(pk=row.pk)
        if row.next_attempt_at is not None and not row.attempts and row.next_attempt_at <= at:
            raise ValidationError(WAITS, code="state")
        row.attempts, row.next_attempt_at, row.delivered_at = 0, at, None
        row.set_aside_at = at if others.exists() else None
        row.save(update_fields=["attempts", "next_attempt_at", "delivered_at", "set_aside_at"])
    return row


def skip_delivery(*, actor: Actor, delivery: WebhookDelivery, at: datetime) -> WebhookDelivery:
    """Stop trying a message, so that later ones are sent now; it can still be sent again.

    Raises:
        PermissionDenied: unless the actor is the partnership's programme manager, or the client itself.
        ValidationError: code `state`, when it was delivered or skipped.
    """
    with _change(actor, delivery, at, "webhook.skipped") as row:
        if row.next_attempt_at is None:
            raise ValidationError(NOT_WAITING, code="state")
        row.next_attempt_at, row.set_aside_at = None, at
        row.save(update_fields=["next_attempt_at", "set_aside_at"])
    return row


@contextmanager
def _change(actor: Actor, delivery: WebhookDelivery, at: datetime, verb: str) -> Iterator[WebhookDelivery]:
    """Lock a message with its webhook, and record the decision."""
    webhook = delivery.webhook
    forbid(policies.why_not_manage(rights_of(actor, london_date(at)), webhook.client))
    with writing(webhook.client.partnership.ledger_id) as ledger:
        row = Webhook.objects.select_for_update(of=("self",)).get(pk=webhook.pk)
        yield row.deliveries.select_related("webhook").get(pk=delivery.pk)
        append(
            actor=actor,
            ledger=ledger,
            at=at,
            verb=verb,
            target=row,
            before=state_of(row),
            note=f"Message {delivery.message_id}",
        )


def replay_from(*, actor: Actor, webhook: Webhook, position: int, at: datetime) -> Webhook:
    """Send all changes after a position of the ledger again, in new messages.

    Raises:
        PermissionDenied: unless the actor is the partnership's programme manager, or the client itself.
        ValidationError: keyed `position`: beyond the webhook's own position.
    """
    forbid(policies.why_not_manage(rights_of(actor, london_date(at)), webhook.client))
    with writing(webhook.client.partnership.ledger_id) as ledger:
        row = Webhook.objects.select_for_update(of=("self",)).get(pk=webhook.pk)
        if not 0 <= position <= row.position:
            raise ValidationError(
                {"position": gettext("Enter a position from 0 to {position}.").format(position=row.position)}
            )
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
