"""Create and revoke the secrets of API clients. A secret is shown only once."""

import hashlib
import secrets
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from audit.actors import Actor
from audit.clock import london_date
from audit.models import Ledger
from audit.policies import forbid
from audit.services import append, writing
from audit.state import state_of
from partners import policies, tasks
from partners.accounts.models import User
from partners.clients.models import ApiClient, ClientSecret, SecretLink
from partners.memberships.models import Membership

SECRET_BYTES = 36
# Lets secret scanners recognise one.
PREFIX = "ptcs_"


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
            raise ValidationError(gettext("This secret has already expired"), code="state")
        if len(running) == 1:
            raise ValidationError(
                gettext("This is the only active secret. Create a new one, or stop access for the client"),
                code="state",
            )
        secret = running[secret.pk]
        expire_secret(actor=actor, secret=secret, ends_at=at, ledger=ledger, at=at, note=note)
        drop_tokens(actor=actor, client=client)
    return secret


def add_secret(
    *,
    actor: Actor,
    client: ApiClient,
    ledger: Ledger,
    at: datetime,
    created_by: User | None = None,
    link: SecretLink | None = None,
) -> tuple[ClientSecret, str]:
    """Create a secret for a client, inside `writing(ledger)`, and return it with its text.

    Args:
        created_by: the person who sees it, where one is known.
        link: the link by which it was created.
    """
    text = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    secret = ClientSecret(
        client=client,
        digest=_digest(text),
        created_at=at,
        created_by=created_by,
        link=link,
        access_version=User.objects.access_version(client.user_id),
    )
    secret.full_clean()
    secret.save(force_insert=True)
    append(actor=actor, ledger=ledger, at=at, verb="client.secret_created", target=secret)
    _mail_managers(secret, at)
    return secret, text


def expire_secret(
    *, actor: Actor, secret: ClientSecret, ends_at: datetime, ledger: Ledger, at: datetime, note: str = ""
) -> None:
    """Let a secret end at a moment, inside `writing(ledger)`, unless it ends before."""
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


def _mail_managers(secret: ClientSecret, at: datetime) -> None:
    """Tell the partnership's programme managers, whoever sent the link and whoever used it. Nothing is mailed about a sandbox."""
    client = secret.client
    if client.partnership.is_sandbox:
        return
    managers = Membership.objects.running(london_date(at)).filter(
        partnership=client.partnership_id, role=policies.Role.PROGRAMME_MANAGER
    )
    people = {secret.created_by_id, secret.link.created_by_id if secret.link else None}
    for pk in sorted({*managers.values_list("user", flat=True), *filter(None, people)}):
        tasks.queue_mail(tasks.CLIENT_SECRET_CREATED, pk, at, f"{client.name}, {client.organisation}")


def _digest(text: str) -> str:
    # A random secret of 288 bits cannot be guessed, so it needs no slow hash.
    return hashlib.sha256(text.encode()).hexdigest()
