"""What the exchange keeps: the addresses that changes are sent to, and the messages sent there."""

from exchange.webhooks.models import Webhook, WebhookDelivery

__all__ = ["Webhook", "WebhookDelivery"]
