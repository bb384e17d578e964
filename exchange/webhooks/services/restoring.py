"""What a restored copy does with webhooks: nothing, until somebody resumes them."""

from datetime import datetime

from audit.actors import Actor
from audit.policies import forbid, why_not_system
from audit.services import append, writing
from audit.state import state_of
from exchange.webhooks.models import Webhook

RESTORED = "The service was restored from a backup: messages since then may come again. Resume it when its receiver is ready"


def pause_running_webhooks(*, actor: Actor, at: datetime) -> int:
    """Pause every running webhook, and return their number.

    Raises:
        PermissionDenied: unless the actor is the system.
    """
    forbid(why_not_system(actor))
    count = 0
    for running in Webhook.objects.running().select_related("client__partnership").order_by("pk"):
        with writing(running.client.partnership.ledger_id) as ledger:
            webhook = Webhook.objects.select_for_update(of=("self",)).get(pk=running.pk)
            if webhook.is_paused:
                continue
            before = state_of(webhook)
            webhook.paused_at, webhook.paused_because = at, RESTORED
            webhook.save(update_fields=["paused_at", "paused_because"])
            append(actor=actor, ledger=ledger, at=at, verb="webhook.paused", target=webhook, before=before)
            count += 1
    return count
