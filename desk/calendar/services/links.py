"""Links to a person's calendar. Whoever holds the secret in one reads what its maker is asked, and nothing more."""

import hashlib
import secrets
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError

from audit.actors import SystemActor
from audit.clock import london_date
from audit.services import append, system_ledger, writing
from audit.state import state_of
from desk.calendar import policies
from desk.calendar.models import CalendarLink
from partners.models import User
from partners.policies import rights_of

SECRET_BYTES = 32
# More programs than one person reads a calendar with; links that are forgotten are links that leak.
MOST = 5


def create_link(*, actor: Any, name: str, at: datetime) -> tuple[CalendarLink, str]:
    """Make a link to the actor's own calendar and return it with its secret, which is shown only here.

    Raises:
        PermissionDenied: for who is no person: a system, or a partner's client.
        ValidationError: keyed by field: no name, one that a live link bears, or too many live links.
    """
    if isinstance(actor, SystemActor) or actor.kind != User.Kind.USER or not actor.is_active:
        raise PermissionDenied("A calendar is a person's own.")
    secret = secrets.token_urlsafe(SECRET_BYTES)
    link = CalendarLink(user=actor, name=" ".join(name.split()), digest=_digest(secret), created_at=at)
    with writing(system_ledger().pk) as ledger:
        if CalendarLink.objects.visible_to(actor, london_date(at)).live().count() >= MOST:
            raise ValidationError(
                {"name": f"You have {MOST} links. Revoke one that you no longer use first."}
            )
        link.full_clean()
        link.save(force_insert=True)
        append(actor=actor, ledger=ledger, at=at, verb="calendar.link_created", target=link)
    return link, secret


def revoke_link(*, actor: Any, link: CalendarLink, at: datetime) -> CalendarLink:
    """Close a link for good: from now on there is nothing at its address.

    Raises:
        PermissionDenied: unless the actor made it.
        ValidationError: code `state`, where it is revoked already.
    """
    with writing(system_ledger().pk) as ledger:
        link = CalendarLink.objects.select_for_update(of=("self",)).select_related("user").get(pk=link.pk)
        if not policies.may_revoke(rights_of(actor, london_date(at)), link):
            raise PermissionDenied("Only who made a link revokes it.")
        if link.revoked_at is not None:
            raise ValidationError("This link is revoked already.", code="state")
        before = state_of(link)
        link.revoked_at = at
        link.save(update_fields=["revoked_at"])
        append(actor=actor, ledger=ledger, at=at, verb="calendar.link_revoked", target=link, before=before)
    return link


def holder_of(*, secret: str) -> User | None:
    """Return whose calendar the secret opens; none where it is forged or revoked, or the account closed."""
    link = CalendarLink.objects.live().filter(digest=_digest(secret)).select_related("user").first()
    return link.user if link else None


def _digest(secret: str) -> str:
    # A random secret of 256 bits needs no slow hash: there is nothing to guess.
    return hashlib.sha256(secret.encode()).hexdigest()
