"""Paused webhooks, which send nothing until somebody resumes them."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from audit.actors import Actor
from audit.clock import london_date
from desk.tasks.subjects import of_webhook
from desk.tasks.task import OVERDUE, Task
from exchange.webhooks import policies
from exchange.webhooks.models import Webhook
from partners.policies import Rights
from web.language import day_text

if TYPE_CHECKING:
    from django.db.models import QuerySet


def candidates(*, rights: Rights, on: date) -> "QuerySet[Any]":
    return Webhook.objects.stopped().filter(client__partnership__in=rights.partnerships())


def tasks(*, actor: Actor, rights: Rights, on: date) -> Iterator[Task]:
    """Yield the paused webhooks that the actor may resume; an auditor may only view them."""
    if not rights.partnerships():
        return
    stopped = Webhook.objects.visible_to(actor, on).stopped()
    for row in stopped.select_related("client__organisation").order_by("paused_at", "pk"):
        if row.paused_at is not None and not policies.why_not_manage(rights, row.client):
            day = london_date(row.paused_at)
            reason = gettext("Paused on {day} because its messages failed: {paused_because}").format(
                day=day_text(day), paused_because=row.paused_because
            )
            yield Task(of_webhook(row), gettext("Fix the webhook"), reason, "exchange:webhook", OVERDUE)
