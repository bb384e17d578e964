"""Create, replace and revoke the secrets of API clients. A secret is shown only once."""

import hashlib
import secrets
from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError

from audit.actors import Actor, account_of
from audit.clock import LONDON, london_date
from audit.models import Ledger
from audit.policies import forbid
from audit.services import append, writing
from audit.state import state_of
from partners import policies, tasks
from partners.accounts.models import User
from partners.clients.models import ApiClient, ClientSecret
from partners.memberships.models import Membership

SECRET_BYTES = 36
# Lets secret scanners recognise one.
PREFIX = "ptcs_"
# Enough time to roll out a new setting; an old secret must not work for ever.
LONGEST_OVERLAP_DAYS = 90
# The current secret and its replacement.
MOST_RUNNING = 2


def replace_secret(
    *, actor: Actor, client: ApiClient, at: datetime, former_until: date | None = None, note: str = ""
) -> tuple[ClientSecret, str]:
    """Create a new secret for a client and return it with its text, which is not stored.

    Args:
        former_until: the last day on which the previous secret works too. Without a day it expires at once, and
            the client's tokens with it.

    Raises:
        PermissionDenied: unless the actor is an administrator or the partnership's programme manager.
        ValidationError: keyed by field: a day in the past or more than 90 days ahead; code `state` if the client
            is stopped or two secrets already work.
    """
    forbid(policies.why_not_change_client(actor, client, london_date(at)))
    if former_until is not None:
        _require_near(former_until, london_date(at))
    with writing(client.partnership.ledger_id) as ledger:
        client = ApiClient.objects.select_for_update(of=("self",)).get(pk=client.pk)
        if not client.is_active:
            raise ValidationError("You cannot create a secret for a stopped client", code="state")
        running = list(client.secrets.running(at).select_for_update(of=("self",)))
        if len(running) >= MOST_RUNNING and former_until is not None:
            raise ValidationError(
                f"This client already has {len(running)} active secrets. Revoke one of them first",
                code="state",
            )
        for former in running:
            ends_at = at if former_until is None else _midnight_after(former_until)
            _end(actor=actor, secret=former, ends_at=ends_at, ledger=ledger, at=at, note=note)
        if former_until is None:
            drop_tokens(actor=actor, client=client)
        return add_secret(actor=actor, client=client, ledger=ledger, at=at, note=note)


def end_secret(*, actor: Actor, secret: ClientSecret, at: datetime, note: str = "") -> ClientSecret:
    """Revoke one of two secrets and the client's tokens. The other secret gets it new ones.

    Raises:
        PermissionDenied: unless the actor is an administrator or the partnership's programme manager.
        ValidationError: code `state`, if it has already expired or is the only active one.
    """
    client = secret.client
    forbid(policies.why_not_change_client(actor, client, london_date(at)))
    with writing(client.partnership.ledger_id) as ledger:
        running = {row.pk: row for row in client.secrets.running(at).select_for_update(of=("self",))}
        if secret.pk not in running:
            raise ValidationError("This secret has already expired", code="state")
        if len(running) == 1:
            raise ValidationError(
                "This is the only active secret. Create a new one, or stop access for the client",
                code="state",
            )
        secret = running[secret.pk]
        _end(actor=actor, secret=secret, ends_at=at, ledger=ledger, at=at, note=note)
        drop_tokens(actor=actor, client=client)
    return secret


def add_secret(
    *, actor: Actor, client: ApiClient, ledger: Ledger, at: datetime, note: str = ""
) -> tuple[ClientSecret, str]:
    """Create a secret for a client, inside `writing(ledger)`, and return it with its text."""
    text = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    secret = ClientSecret(
        client=client,
        digest=_digest(text),
        created_at=at,
        created_by=account_of(actor) if actor.actor_type != "system" else None,
        access_version=User.objects.access_version(client.user_id),
    )
    secret.full_clean()
    secret.save(force_insert=True)
    append(actor=actor, ledger=ledger, at=at, verb="client.secret_created", target=secret, note=note)
    _mail_managers(actor, client, at)
    return secret, text


def drop_tokens(*, actor: Actor, client: ApiClient) -> None:
    """Delete every token of a client. The service that calls this records the reason."""
    client.accesstoken_set.all().delete()


def matching_secret(*, client: ApiClient, text: str, at: datetime) -> ClientSecret | None:
    """Return the client's active secret with that text, or None."""
    return client.secrets.running(at).filter(digest=_digest(text)).first()


def use_secret(*, actor: Actor, secret: ClientSecret, at: datetime) -> bool:
    """Record that a token is issued for a secret; return False if the secret has just expired."""
    # The row lock makes this and revoking the secret wait for each other, so no token outlives its secret. PostgreSQL reads
    # a row again after it waited, but not what a join found.
    return bool(ClientSecret.objects.unexpired(at).filter(pk=secret.pk).update(last_used_at=at))


def _end(
    *, actor: Actor, secret: ClientSecret, ends_at: datetime, ledger: Ledger, at: datetime, note: str
) -> None:
    if secret.ends_at is not None and secret.ends_at <= ends_at:
        return
    before = state_of(secret)
    secret.ends_at = ends_at
    secret.full_clean()
    secret.save(update_fields=["ends_at"])
    append(
        actor=actor,
        ledger=ledger,
        at=at,
        verb="client.secret_ended",
        target=secret,
        before=before,
        note=note,
    )


def _mail_managers(actor: Actor, client: ApiClient, at: datetime) -> None:
    """Tell the partnership's programme managers, and whoever created the secret. Nothing is mailed about a sandbox."""
    if client.partnership.is_sandbox or actor.actor_type == "system":
        return
    managers = Membership.objects.running(london_date(at)).filter(
        partnership=client.partnership_id, role=policies.Role.PROGRAMME_MANAGER
    )
    for pk in sorted({actor.pk, *managers.values_list("user", flat=True)}):
        tasks.queue_mail(tasks.CLIENT_SECRET_CREATED, pk, at, f"{client.name}, {client.organisation}")


def _require_near(day: date, today: date) -> None:
    last = today + timedelta(days=LONGEST_OVERLAP_DAYS)
    if not today <= day <= last:
        raise ValidationError(
            {"former_until": f"Last day of the current secret must be between today and {last:%-d %B %Y}"}
        )


def _midnight_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), LONDON)


def _digest(text: str) -> str:
    # A random secret of 288 bits cannot be guessed, so it needs no slow hash.
    return hashlib.sha256(text.encode()).hexdigest()
