"""Which webhooks a user may see, and which have something to do."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from exchange import policies
from partners.policies import rights_of

if TYPE_CHECKING:
    from exchange.models import Webhook, WebhookDelivery  # noqa: F401  named in the bases below

# How the reason begins where a person paused it, and so nobody has to be told.
BY_HAND = "Paused by "


class WebhookQuerySet(QuerySet["Webhook"]):
    def visible_to(self, user: Any, on: date) -> Self:
        return self.filter(policies.visible_webhooks(rights_of(user, on)))

    def running(self) -> Self:
        """Keep those that are not paused, of clients that are in use."""
        return self.filter(paused_at=None, client__is_active=True, client__user__is_active=True)

    def stopped(self) -> Self:
        """Keep those in use that were paused because messages failed, not by a person."""
        in_use = self.filter(client__is_active=True, client__user__is_active=True)
        return in_use.filter(paused_at__isnull=False).exclude(paused_because__startswith=BY_HAND)

    def due(self, at: datetime) -> Self:
        """Keep the running ones with a message to try again, or with changes that were not looked at yet."""
        deliveries: Any = self.model._meta.apps.get_model("exchange", "WebhookDelivery")._default_manager
        undelivered = deliveries.filter(webhook=OuterRef("pk")).undelivered()
        waiting = undelivered.waiting()
        behind = Q(position__lt=F("client__partnership__ledger__sequence"))
        return self.running().filter(
            Exists(undelivered.filter(next_attempt_at__lte=at)) | ~Exists(waiting) & behind
        )


class DeliveryQuerySet(QuerySet["WebhookDelivery"]):
    def visible_to(self, user: Any, on: date) -> Self:
        return self.filter(policies.visible_webhooks(rights_of(user, on), "webhook__"))

    def undelivered(self) -> Self:
        return self.filter(delivered_at=None)

    def waiting(self) -> Self:
        """Keep the one that later messages of its webhook wait for."""
        return self.undelivered().filter(set_aside_at=None)

    def set_aside(self) -> Self:
        """Keep those that are sent later, and those that are skipped."""
        return self.undelivered().filter(set_aside_at__isnull=False)

    def skipped(self) -> Self:
        """Keep those that are not tried any more."""
        return self.undelivered().filter(next_attempt_at=None)
