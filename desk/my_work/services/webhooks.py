"""Webhooks that stopped: what partners' systems are not told until somebody mends them."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from audit.clock import london_date
from desk.tasks.tasks import OVERDUE, OnWebhook
from exchange.webhooks import policies
from exchange.webhooks.models import Webhook
from partners.policies import Rights


def tasks(*, actor: Any, rights: Rights, on: date) -> Iterator[OnWebhook]:
    """What the programme manager, or the client itself, resumes; an auditor only sees it."""
    if not rights.partnerships():
        return
    stopped = Webhook.objects.visible_to(actor, on).stopped()
    for row in stopped.select_related("client__organisation").order_by("paused_at", "pk"):
        if policies.may_keep(rights, row.client) and row.paused_at is not None:
            day = london_date(row.paused_at)
            reason = f"It was paused on {day:%-d %B %Y}, since its messages failed: {row.paused_because}"
            yield OnWebhook(row, "Mend the webhook", reason, "exchange:webhook", OVERDUE)
