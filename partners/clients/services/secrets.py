"""The secrets of API clients: made, replaced with an overlap, ended. One that is shown is never shown again."""

import hashlib
import secrets
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError

from audit.clock import LONDON, london_date
from audit.models import Ledger
from audit.services import append, writing
from audit.state import state_of
from partners import policies
from partners.clients.models import ApiClient, ClientSecret

SECRET_BYTES = 36
# So that programs which search files for secrets know one when they see it.
PREFIX = "ptcs_"
# Longer than any council takes to roll out a setting; a secret that is replaced is not kept for good.
LONGEST_OVERLAP_DAYS = 90
# The one that is used and the one that replaces it.
MOST_RUNNING = 2


def replace_secret(
    *, actor: Any, client: ApiClient, at: datetime, former_until: date | None = None, note: str = ""
) -> tuple[ClientSecret, str]:
    """Give a client a new secret and return it with its text, which is shown only here.

    Args:
        former_until: the last day on which the secret before it works as well. Without a day it ends at once, and
            so do the client's tokens.

    Raises:
        PermissionDenied: unless the actor is an administrator or the partnership's programme manager.
        ValidationError: keyed by field: a day in the past or more than 90 days off; code `state` where the client
            is stopped or two secrets run already.
    """
    _require_keeper(actor, client, at)
    if former_until is not None:
        _require_near(former_until, london_date(at))
    with writing(client.partnership.ledger_id) as ledger:
        client = ApiClient.objects.select_for_update(of=("self",)).get(pk=client.pk)
        if not client.is_active:
            raise ValidationError("This client is stopped, so it gets no secret.", code="state")
        running = list(client.secrets.running(at).select_for_update(of=("self",)))
        if len(running) >= MOST_RUNNING and former_until is not None:
            raise ValidationError(
                f"{len(running)} secrets of this client work already. End one of them first.", code="state"
            )
        for former in running:
            ends_at = at if former_until is None else _midnight_after(former_until)
            _end(actor=actor, secret=former, ends_at=ends_at, ledger=ledger, at=at, note=note)
        if former_until is None:
            drop_tokens(actor=actor, client=client)
        return add_secret(actor=actor, client=client, ledger=ledger, at=at, note=note)


def end_secret(*, actor: Any, secret: ClientSecret, at: datetime, note: str = "") -> ClientSecret:
    """End one of two secrets at once, and the client's tokens with it: the other gets it new ones.

    Raises:
        PermissionDenied: unless the actor is an administrator or the partnership's programme manager.
        ValidationError: code `state`, where it ended already or is the only one that works.
    """
    client = secret.client
    _require_keeper(actor, client, at)
    with writing(client.partnership.ledger_id) as ledger:
        running = {row.pk: row for row in client.secrets.running(at).select_for_update(of=("self",))}
        if secret.pk not in running:
            raise ValidationError("This secret has ended already.", code="state")
        if len(running) == 1:
            raise ValidationError(
                "This is the only secret that works. Replace it, or stop the client.", code="state"
            )
        secret = running[secret.pk]
        _end(actor=actor, secret=secret, ends_at=at, ledger=ledger, at=at, note=note)
        drop_tokens(actor=actor, client=client)
    return secret


def add_secret(
    *, actor: Any, client: ApiClient, ledger: Ledger, at: datetime, note: str = ""
) -> tuple[ClientSecret, str]:
    """Make a secret for a client, inside `writing(ledger)`, and return it with its text."""
    text = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    secret = ClientSecret(client=client, digest=_digest(text), created_at=at)
    secret.full_clean()
    secret.save(force_insert=True)
    append(actor=actor, ledger=ledger, at=at, verb="client.secret_created", target=secret, note=note)
    return secret, text


def drop_tokens(*, actor: Any, client: ApiClient) -> None:
    """Take every token of a client out of use: the acts that stop or narrow it do, and record why."""
    client.accesstoken_set.all().delete()


def matching_secret(*, client: ApiClient, text: str, at: datetime) -> ClientSecret | None:
    """Return the client's secret of that text; none where there is none that works."""
    return client.secrets.running(at).filter(digest=_digest(text)).first()


def use_secret(*, actor: Any, secret: ClientSecret, at: datetime) -> bool:
    """Note that a token is being given for a secret; False where the secret ended meanwhile."""
    # Whoever ends the secret waits for this row, or this waits for them: no token outlives its secret unseen.
    return bool(ClientSecret.objects.running(at).filter(pk=secret.pk).update(last_used_at=at))


def _end(
    *, actor: Any, secret: ClientSecret, ends_at: datetime, ledger: Ledger, at: datetime, note: str
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


def _require_keeper(actor: Any, client: ApiClient, at: datetime) -> None:
    if not policies.may_edit_reference(actor, client.partnership_id, london_date(at)):
        raise PermissionDenied(
            "Only an administrator or the programme manager can change the secrets of an API client."
        )


def _require_near(day: date, today: date) -> None:
    last = today + timedelta(days=LONGEST_OVERLAP_DAYS)
    if not today <= day <= last:
        raise ValidationError(
            {
                "former_until": f"Give a day from today to {last:%-d %B %Y}: {LONGEST_OVERLAP_DAYS} days at most."
            }
        )


def _midnight_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), LONDON)


def _digest(text: str) -> str:
    # A random secret of 288 bits needs no slow hash: there is nothing to guess.
    return hashlib.sha256(text.encode()).hexdigest()
