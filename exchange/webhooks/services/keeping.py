"""Registering, changing and removing webhooks: each recorded in the partnership's ledger."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError

from audit.clock import london_date
from audit.models import Ledger
from audit.services import append, writing
from audit.state import state_of
from exchange.changes.services.cursors import reach_of
from exchange.webhooks import policies
from exchange.webhooks.models import BY_HAND, Webhook
from exchange.webhooks.services.addresses import target_of
from exchange.webhooks.services.secrets import new_secret, sealed
from partners.models import ApiClient
from partners.policies import rights_of

FOLLOWS = "changes:read"
# What a client may have; more of them tell one system the same things.
MOST = 5
LONGEST_OVERLAP = timedelta(days=30)
NOT_YOURS = "Only the programme manager, and the client itself, say where its changes are sent."
STOPPED = "This client is stopped."


@dataclass
class _Held:
    webhook: Webhook
    ledger: Ledger
    verb: str
    note: str = ""


def register_webhook(*, actor: Any, client: ApiClient, url: str, at: datetime) -> tuple[Webhook, str]:
    """Have a client's changes sent to an address from now on; return the webhook and its secret, shown only here.

    Raises:
        PermissionDenied: unless the actor is the partnership's programme manager, or the client itself.
        ValidationError: keyed by field: an address that is not to be connected to or is registered already, a client that may
            not follow changes, is stopped (code `state`), or has too many webhooks.
    """
    _require(actor, client, at)
    url = url.strip()
    _check_address(url)
    with writing(client.partnership.ledger_id) as ledger:
        client = ApiClient.objects.select_related("user", "partnership").get(pk=client.pk)
        _check_client(client)
        if client.webhooks.count() >= MOST:
            raise ValidationError({"url": f"This client has {MOST} webhooks. Remove one first."})
        secret = new_secret()
        webhook = Webhook(client=client, url=url, secret=sealed(secret), created_at=at)
        webhook.reach = reach_of(rights_of(client.user, london_date(at)), scopes_of(client))
        webhook.full_clean()
        webhook.save(force_insert=True)
        entry = append(actor=actor, ledger=ledger, at=at, verb="webhook.registered", target=webhook)
        webhook.position = entry.sequence
        webhook.save(update_fields=["position"])
    return webhook, secret


def change_address(*, actor: Any, webhook: Webhook, url: str, at: datetime) -> Webhook:
    """Send the webhook's messages to another address from now on, those that wait too.

    Raises:
        PermissionDenied, ValidationError: as `register_webhook`.
    """
    url = url.strip()
    _check_address(url)
    with _changing(actor=actor, webhook=webhook, verb="webhook.changed", at=at) as held:
        held.webhook.url = url
        held.webhook.full_clean()
        held.webhook.save(update_fields=["url"])
    return held.webhook


def rotate_secret(*, actor: Any, webhook: Webhook, overlap: timedelta, at: datetime) -> tuple[Webhook, str]:
    """Give the webhook a new secret, shown only here; for the overlap, messages bear a signature of each.

    Raises:
        PermissionDenied: as `register_webhook`.
        ValidationError: keyed `overlap`, when it is negative or longer than 30 days.
    """
    if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
        raise ValidationError({"overlap": f"Choose up to {LONGEST_OVERLAP.days} days."})
    with _changing(actor=actor, webhook=webhook, verb="webhook.secret_rotated", at=at) as held:
        row, secret = held.webhook, new_secret()
        row.former_secret = row.secret if overlap else ""
        row.former_until = at + overlap if overlap else None
        row.secret = sealed(secret)
        row.save(update_fields=["secret", "former_secret", "former_until"])
    return held.webhook, secret


def pause_webhook(*, actor: Any, webhook: Webhook, at: datetime) -> Webhook:
    """Send nothing until it is resumed; what changes meanwhile is sent then.

    Raises:
        PermissionDenied: as `register_webhook`.
        ValidationError: code `state`, when it is paused already.
    """
    with _changing(actor=actor, webhook=webhook, verb="webhook.paused", at=at) as held:
        if held.webhook.is_paused:
            raise ValidationError("This webhook is paused already.", code="state")
        held.webhook.paused_at, held.webhook.paused_because = at, f"{BY_HAND}{actor.actor_label}"
        held.webhook.save(update_fields=["paused_at", "paused_because"])
    return held.webhook


def resume_webhook(*, actor: Any, webhook: Webhook, at: datetime) -> Webhook:
    """Go on where it stopped: what waits or was set aside is tried at once, with all its attempts before it.

    Raises:
        PermissionDenied: as `register_webhook`.
        ValidationError: code `state`, when it is not paused, or the client is stopped.
    """
    with _changing(actor=actor, webhook=webhook, verb="webhook.resumed", at=at) as held:
        if not held.webhook.is_paused:
            raise ValidationError("This webhook is not paused.", code="state")
        _check_client(held.webhook.client)
        held.webhook.paused_at, held.webhook.paused_because = None, ""
        held.webhook.save(update_fields=["paused_at", "paused_because"])
        tried = held.webhook.deliveries.undelivered().filter(next_attempt_at__isnull=False)
        tried.update(attempts=0, next_attempt_at=at)
    return held.webhook


def remove_webhook(*, actor: Any, webhook: Webhook, at: datetime) -> None:
    """Send nothing more to the address, and forget what was sent.

    Raises:
        PermissionDenied: as `register_webhook`.
    """
    _require(actor, webhook.client, at)
    with writing(webhook.client.partnership.ledger_id) as ledger:
        row = _locked(webhook)
        append(
            actor=actor,
            ledger=ledger,
            at=at,
            verb="webhook.removed",
            target=row,
            before=state_of(row),
            removed=True,
        )
        row.delete()


def scopes_of(client: ApiClient) -> list[str]:
    """Return what a client's webhooks may tell of: nothing, once it may not follow changes any more."""
    held = client.scopes.split()
    return sorted(held) if FOLLOWS in held else []


@contextmanager
def _changing(*, actor: Any, webhook: Webhook, verb: str, at: datetime) -> Iterator[_Held]:
    _require(actor, webhook.client, at)
    with writing(webhook.client.partnership.ledger_id) as ledger:
        held = _Held(_locked(webhook), ledger, verb)
        before = state_of(held.webhook)
        yield held
        append(
            actor=actor,
            ledger=ledger,
            at=at,
            verb=held.verb,
            target=held.webhook,
            before=before,
            note=held.note,
        )


def _locked(webhook: Webhook) -> Webhook:
    rows = Webhook.objects.select_for_update(of=("self",)).select_related(
        "client__user", "client__partnership"
    )
    return rows.get(pk=webhook.pk)


def _require(actor: Any, client: ApiClient, at: datetime) -> None:
    if not policies.may_keep(rights_of(actor, london_date(at)), client):
        raise PermissionDenied(NOT_YOURS)


def _check_client(client: ApiClient) -> None:
    if not client.is_active:
        raise ValidationError({"client": ValidationError(STOPPED, code="state")})
    if FOLLOWS not in client.scopes.split():
        raise ValidationError(
            {"client": f"This client may not follow changes: give it the scope {FOLLOWS} first."}
        )


def _check_address(url: str) -> None:
    try:
        target_of(url)
    except ValidationError as error:
        raise ValidationError({"url": error}) from error
