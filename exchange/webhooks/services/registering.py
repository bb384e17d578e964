"""Register, change, pause, resume and remove webhooks; the partnership's ledger records each."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from audit.actors import Actor
from audit.clock import london_date
from audit.models import Ledger
from audit.policies import forbid
from audit.services import append, writing
from audit.state import state_of
from exchange.changes.services.cursors import reach_of
from exchange.webhooks import policies
from exchange.webhooks.models import BY_HAND, Webhook
from exchange.webhooks.services.addresses import target_of
from exchange.webhooks.services.secrets import encrypt, new_secret
from partners.models import ApiClient
from partners.policies import rights_of

FOLLOWS = "changes:read"
# A client needs few: they all send the same changes.
MOST = 5
LONGEST_OVERLAP = timedelta(days=30)
STOPPED = gettext_lazy("This client is stopped. Start it first.")


@dataclass
class _Change:
    webhook: Webhook
    ledger: Ledger
    verb: str
    note: str = ""


def register_webhook(*, actor: Actor, client: ApiClient, url: str, at: datetime) -> tuple[Webhook, str]:
    """Send a client's changes to an address from now on; return the webhook and its secret, shown only once.

    Raises:
        PermissionDenied: unless the actor is the partnership's programme manager, or the client itself.
        ValidationError: keyed by field: an address that is not allowed or already registered; a client without the scope for
            changes, stopped (code `state`), or with too many webhooks.
    """
    forbid(policies.why_not_manage(rights_of(actor, london_date(at)), client))
    url = url.strip()
    _check_address(url)
    with writing(client.partnership.ledger_id) as ledger:
        client = ApiClient.objects.select_related("user", "partnership").get(pk=client.pk)
        _check_client(client)
        if client.webhooks.count() >= MOST:
            raise ValidationError(
                {
                    "url": gettext(
                        "This client has {most} webhooks, the most allowed. Remove one first."
                    ).format(most=MOST)
                }
            )
        secret = new_secret()
        webhook = Webhook(client=client, url=url, secret=encrypt(secret), created_at=at)
        webhook.reach = reach_of(rights_of(client.user, london_date(at)), scopes_of(client))
        webhook.full_clean()
        webhook.save(force_insert=True)
        entry = append(actor=actor, ledger=ledger, at=at, verb="webhook.registered", target=webhook)
        webhook.position = entry.sequence
        webhook.save(update_fields=["position"])
    return webhook, secret


def change_address(*, actor: Actor, webhook: Webhook, url: str, at: datetime) -> Webhook:
    """Send the webhook's messages, waiting ones too, to another address.

    Raises:
        PermissionDenied, ValidationError: as `register_webhook`.
    """
    forbid(policies.why_not_manage(rights_of(actor, london_date(at)), webhook.client))
    url = url.strip()
    _check_address(url)
    with _changing(actor=actor, webhook=webhook, verb="webhook.changed", at=at) as change:
        change.webhook.url = url
        change.webhook.full_clean()
        change.webhook.save(update_fields=["url"])
    return change.webhook


def rotate_secret(*, actor: Actor, webhook: Webhook, overlap: timedelta, at: datetime) -> tuple[Webhook, str]:
    """Give the webhook a new secret, shown only once; during the overlap, messages have a signature for each.

    Raises:
        PermissionDenied: as `register_webhook`.
        ValidationError: keyed `overlap`, when it is negative or longer than 30 days.
    """
    with _changing(actor=actor, webhook=webhook, verb="webhook.secret_rotated", at=at) as change:
        if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
            raise ValidationError(
                {"overlap": gettext("Choose up to {days} days.").format(days=LONGEST_OVERLAP.days)}
            )
        row, secret = change.webhook, new_secret()
        row.former_secret = row.secret if overlap else ""
        row.former_until = at + overlap if overlap else None
        row.secret = encrypt(secret)
        row.save(update_fields=["secret", "former_secret", "former_until"])
    return change.webhook, secret


def pause_webhook(*, actor: Actor, webhook: Webhook, at: datetime) -> Webhook:
    """Send nothing until the webhook is resumed; the changes in between are sent then.

    Raises:
        PermissionDenied: as `register_webhook`.
        ValidationError: code `state`, when it is paused already.
    """
    with _changing(actor=actor, webhook=webhook, verb="webhook.paused", at=at) as change:
        if change.webhook.is_paused:
            raise ValidationError(gettext("This webhook is already paused."), code="state")
        change.webhook.paused_at, change.webhook.paused_because = at, f"{BY_HAND}{actor.actor_label}"
        change.webhook.save(update_fields=["paused_at", "paused_because"])
    return change.webhook


def resume_webhook(*, actor: Actor, webhook: Webhook, at: datetime) -> Webhook:
    """Continue where the webhook stopped: try undelivered messages now, with all attempts available again.

    Raises:
        PermissionDenied: as `register_webhook`.
        ValidationError: code `state`, when it is not paused, or the client is stopped.
    """
    with _changing(actor=actor, webhook=webhook, verb="webhook.resumed", at=at) as change:
        if not change.webhook.is_paused:
            raise ValidationError(gettext("This webhook is not paused."), code="state")
        _check_client(change.webhook.client)
        change.webhook.paused_at, change.webhook.paused_because = None, ""
        change.webhook.save(update_fields=["paused_at", "paused_because"])
        undelivered = change.webhook.deliveries.undelivered().filter(next_attempt_at__isnull=False)
        undelivered.update(attempts=0, next_attempt_at=at)
    return change.webhook


def remove_webhook(*, actor: Actor, webhook: Webhook, at: datetime) -> None:
    """Send nothing more to the address, and delete its messages.

    Raises:
        PermissionDenied: as `register_webhook`.
    """
    forbid(policies.why_not_manage(rights_of(actor, london_date(at)), webhook.client))
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
    """Return the scopes of a client's webhooks: none, unless the client may follow changes."""
    scopes = client.scopes.split()
    return sorted(scopes) if FOLLOWS in scopes else []


@contextmanager
def _changing(*, actor: Actor, webhook: Webhook, verb: str, at: datetime) -> Iterator[_Change]:
    forbid(policies.why_not_manage(rights_of(actor, london_date(at)), webhook.client))
    with writing(webhook.client.partnership.ledger_id) as ledger:
        change = _Change(_locked(webhook), ledger, verb)
        before = state_of(change.webhook)
        yield change
        append(
            actor=actor,
            ledger=ledger,
            at=at,
            verb=change.verb,
            target=change.webhook,
            before=before,
            note=change.note,
        )


def _locked(webhook: Webhook) -> Webhook:
    rows = Webhook.objects.select_for_update(of=("self",)).select_related(
        "client__user", "client__partnership"
    )
    return rows.get(pk=webhook.pk)


def _check_client(client: ApiClient) -> None:
    if not client.is_active:
        raise ValidationError({"client": ValidationError(STOPPED, code="state")})
    if FOLLOWS not in client.scopes.split():
        raise ValidationError(
            {
                "client": gettext(
                    "This client cannot follow changes. Give it the scope {follows} first."
                ).format(follows=FOLLOWS)
            }
        )


def _check_address(url: str) -> None:
    try:
        target_of(url)
    except ValidationError as error:
        raise ValidationError({"url": error}) from error
