"""Sending changes to addresses of partners' systems, in the Standard Webhooks format."""

from exchange.services.webhooks.delivering import deliver_next, prune_deliveries, release, take_due
from exchange.services.webhooks.keeping import (
    change_address,
    pause_webhook,
    register_webhook,
    remove_webhook,
    resume_webhook,
    rotate_secret,
)
from exchange.services.webhooks.replaying import replay_delivery, replay_from, skip_delivery

__all__ = [
    "change_address",
    "deliver_next",
    "pause_webhook",
    "prune_deliveries",
    "register_webhook",
    "release",
    "remove_webhook",
    "replay_delivery",
    "replay_from",
    "resume_webhook",
    "rotate_secret",
    "skip_delivery",
    "take_due",
]
