"""Personal tokens: a person's own rights for a program of theirs, as far as the scopes they chose."""

import hashlib
import logging
import secrets
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import OperationalError, transaction

from audit.actors import SystemActor
from audit.clock import london_date
from audit.services import append, system_ledger, writing
from audit.state import state_of
from partners import policies
from partners.accounts.models import User
from partners.scopes import SCOPES
from partners.tokens.models import PersonalToken, PersonalTokenUse

log = logging.getLogger(__name__)

# So that a token is known from any other text: by the API, and by programs which search files for secrets.
PREFIX = "ptpat_"
TOKEN_BYTES = 32
LONGEST_DAYS = 365
# More programs than one person runs; tokens that are forgotten are tokens that leak.
MOST = 10


def create_token(
    *, actor: Any, name: str, scopes: list[str], expires_on: date, at: datetime
) -> tuple[PersonalToken, str]:
    """Make a token with the actor's own rights and return it with its text, which is shown only here.

    Args:
        expires_on: the last day on which it works, at most a year off.

    Raises:
        PermissionDenied: for who is no person: a system, or a partner's client.
        ValidationError: keyed by field: no name or one that a token bears already, scopes that do not exist, a day
            that is past or too far off; too many tokens.
    """
    if isinstance(actor, SystemActor) or actor.kind != User.Kind.USER or not actor.is_active:
        raise PermissionDenied("A personal token is a person's own.")
    on = london_date(at)
    last = on + timedelta(days=LONGEST_DAYS)
    if not scopes or not set(scopes) <= SCOPES.keys():
        raise ValidationError({"scopes": f"Choose from: {', '.join(SCOPES)}."})
    if not on <= expires_on <= last:
        raise ValidationError({"expires_on": f"Give a day from today to {last:%-d %B %Y}: a year at most."})
    text = PREFIX + secrets.token_hex(TOKEN_BYTES)
    token = PersonalToken(
        user=actor,
        name=" ".join(name.split()),
        scopes=" ".join(sorted(set(scopes))),
        digest=_digest(text),
        created_at=at,
        expires_on=expires_on,
    )
    with writing(system_ledger().pk) as ledger:
        live = PersonalToken.objects.visible_to(actor, on).live(on)
        if live.count() >= MOST:
            raise ValidationError(
                {"name": f"You have {MOST} tokens. Revoke one that you no longer use first."}
            )
        if live.filter(name=token.name).exists():
            raise ValidationError(
                {"name": "You have a token of this name. Revoke it first, or choose another name."}
            )
        token.full_clean()
        token.save(force_insert=True)
        append(actor=actor, ledger=ledger, at=at, verb="token.created", target=token)
    return token, text


def revoke_token(*, actor: Any, token: PersonalToken, at: datetime) -> PersonalToken:
    """Take a token out of use for good, from now on.

    Raises:
        PermissionDenied: unless the actor made it.
        ValidationError: code `state`, where it is revoked already.
    """
    with writing(system_ledger().pk) as ledger:
        token = PersonalToken.objects.select_for_update(of=("self",)).select_related("user").get(pk=token.pk)
        if not policies.may_revoke_token(policies.rights_of(actor, london_date(at)), token):
            raise PermissionDenied("Only who made a token revokes it.")
        if token.revoked_at is not None:
            raise ValidationError("This token is revoked already.", code="state")
        before = state_of(token)
        token.revoked_at = at
        token.save(update_fields=["revoked_at"])
        append(actor=actor, ledger=ledger, at=at, verb="token.revoked", target=token, before=before)
    return token


def token_of(*, text: str, on: date) -> PersonalToken | None:
    """Return the token of that text with its holder and `used_last`; none where none works on the day."""
    live = PersonalToken.objects.live(on).filter(digest=_digest(text))
    return live.select_related("user").with_last_use().first()


def note_use(*, actor: Any, token: PersonalToken, on: date) -> None:
    """Note that a token was used on a day. The first use of the day adds a row, and every other writes nothing.

    Where the database is too busy to take it, it stays unnoted: nobody is refused for it.
    """
    try:
        with transaction.atomic():
            PersonalTokenUse.objects.bulk_create(
                [PersonalTokenUse(token=token, on=on)], ignore_conflicts=True
            )
    except OperationalError:
        log.warning("A use of the personal token %s was not noted: the database is busy.", token.pk)


def _digest(text: str) -> str:
    # A random token of 256 bits needs no slow hash: there is nothing to guess.
    return hashlib.sha256(text.encode()).hexdigest()
