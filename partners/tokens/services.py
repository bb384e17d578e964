"""Personal access tokens: a program acts in a person's name, within the scopes they choose."""

import hashlib
import logging
import secrets
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import OperationalError, transaction
from django.utils.translation import gettext

from audit.actors import Actor
from audit.clock import london_date
from audit.policies import forbid, why_not_person
from audit.services import append, system_ledger, writing
from audit.state import state_of
from partners import policies, tasks
from partners.accounts.models import User
from partners.scopes import SCOPES
from partners.tokens.models import PersonalToken, PersonalTokenUse
from web.language import day_text

log = logging.getLogger(__name__)

# Lets the API and secret scanners recognise a token.
PREFIX = "ptpat_"
TOKEN_BYTES = 32
LONGEST_DAYS = 365
# More than one person needs; forgotten tokens leak.
MOST = 10


def create_token(
    *, actor: Actor, name: str, scopes: list[str], expires_on: date, at: datetime
) -> tuple[PersonalToken, str]:
    """Create a token with the actor's own rights and return it with its text, which is not stored.

    Args:
        expires_on: the last day on which it works, at most a year ahead.

    Raises:
        PermissionDenied: the actor is not a person.
        ValidationError: keyed by field: no name or one already in use, scopes that do not exist, a day in the past or
            too far ahead; too many tokens.
    """
    forbid(why_not_person(actor))
    assert isinstance(actor, User)
    on = london_date(at)
    last = on + timedelta(days=LONGEST_DAYS)
    if not scopes or not set(scopes) <= SCOPES.keys():
        raise ValidationError({"scopes": gettext("Choose from: {scopes}").format(scopes=", ".join(SCOPES))})
    if not on <= expires_on <= last:
        raise ValidationError(
            {"expires_on": gettext("Last day must be between today and {last}").format(last=day_text(last))}
        )
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
        active = PersonalToken.objects.visible_to(actor, on).active(on)
        if active.count() >= MOST:
            raise ValidationError(
                {
                    "name": gettext(
                        "You have {most} active tokens, which is the limit. Revoke one you no longer use"
                    ).format(most=MOST)
                }
            )
        if active.filter(name=token.name).exists():
            raise ValidationError(
                {"name": gettext("You already have a token with this name. Choose another name")}
            )
        token.access_version = User.objects.access_version(actor.pk)
        token.full_clean()
        token.save(force_insert=True)
        append(actor=actor, ledger=ledger, at=at, verb="token.created", target=token)
        tasks.queue_mail(tasks.TOKEN_CREATED, actor.pk, at, token.name)
    return token, text


def revoke_token(*, actor: Actor, token: PersonalToken, at: datetime) -> PersonalToken:
    """Revoke a token permanently.

    Raises:
        PermissionDenied: unless the actor created it.
        ValidationError: code `state`, if it is already revoked.
    """
    with writing(system_ledger().pk) as ledger:
        token = PersonalToken.objects.select_for_update(of=("self",)).select_related("user").get(pk=token.pk)
        forbid(policies.why_not_revoke_token(policies.rights_of(actor, london_date(at)), token))
        if token.revoked_at is not None:
            raise ValidationError(gettext("This access token is already revoked"), code="state")
        before = state_of(token)
        token.revoked_at = at
        token.save(update_fields=["revoked_at"])
        append(actor=actor, ledger=ledger, at=at, verb="token.revoked", target=token, before=before)
    return token


def token_of(*, text: str, on: date) -> PersonalToken | None:
    """Return the active token with that text, its user and `last_used_on`, or None."""
    active = PersonalToken.objects.active(on).filter(digest=_digest(text))
    return active.select_related("user").with_last_use().first()


def record_use(*, actor: Actor, token: PersonalToken, on: date) -> None:
    """Record that a token was used on a day. Only the first use of the day writes a row.

    A busy database must not make the request fail, so the use may go unrecorded.
    """
    try:
        with transaction.atomic():
            PersonalTokenUse.objects.bulk_create(
                [PersonalTokenUse(token=token, on=on)], ignore_conflicts=True
            )
    except OperationalError:
        log.warning("A use of the personal access token %s was not recorded: the database is busy.", token.pk)


def _digest(text: str) -> str:
    # A random token of 256 bits cannot be guessed, so it needs no slow hash.
    return hashlib.sha256(text.encode()).hexdigest()
