"""Links to a person's calendar. Anybody with the secret in a link can read that calendar, and nothing else."""

import hashlib
import secrets
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from audit.actors import Actor, account_of
from audit.clock import london_date
from audit.policies import forbid, why_not_person
from audit.services import append, system_ledger, writing
from audit.state import state_of
from desk.calendar import policies
from desk.calendar.models import CalendarLink
from partners.models import User
from partners.policies import rights_of

SECRET_BYTES = 32
# More calendar programs than one person uses; a forgotten link may leak.
MOST = 5


def create_link(*, actor: Actor, name: str, at: datetime) -> tuple[CalendarLink, str]:
    """Create a link to the actor's own calendar and return it with its secret, shown only once.

    Raises:
        PermissionDenied: unless the actor is a person: not for the system or an API client.
        ValidationError: keyed by field: no name, the name of another live link, or too many live links.
    """
    forbid(why_not_person(actor))
    secret = secrets.token_urlsafe(SECRET_BYTES)
    link = CalendarLink(
        user=account_of(actor), name=" ".join(name.split()), digest=_digest(secret), created_at=at
    )
    with writing(system_ledger().pk) as ledger:
        if CalendarLink.objects.visible_to(actor, london_date(at)).live().count() >= MOST:
            raise ValidationError(
                {
                    "name": gettext("You have {most} links, the most allowed. Revoke one first.").format(
                        most=MOST
                    )
                }
            )
        link.access_version = User.objects.access_version(actor.pk)
        link.full_clean()
        link.save(force_insert=True)
        append(actor=actor, ledger=ledger, at=at, verb="calendar.link_created", target=link)
    return link, secret


def revoke_link(*, actor: Actor, link: CalendarLink, at: datetime) -> CalendarLink:
    """Revoke a link permanently: its address stops working.

    Raises:
        PermissionDenied: unless the actor created it.
        ValidationError: code `state`, when it is already revoked.
    """
    with writing(system_ledger().pk) as ledger:
        link = CalendarLink.objects.select_for_update(of=("self",)).select_related("user").get(pk=link.pk)
        forbid(policies.why_not_revoke(rights_of(actor, london_date(at)), link))
        if link.revoked_at is not None:
            raise ValidationError(gettext("This link is already revoked."), code="state")
        before = state_of(link)
        link.revoked_at = at
        link.save(update_fields=["revoked_at"])
        append(actor=actor, ledger=ledger, at=at, verb="calendar.link_revoked", target=link, before=before)
    return link


def holder_of(*, secret: str) -> User | None:
    """Return whose calendar the secret opens; none when it is forged or revoked, or the account is closed."""
    link = CalendarLink.objects.live().filter(digest=_digest(secret)).select_related("user").first()
    return link.user if link else None


def _digest(secret: str) -> str:
    # A random secret of 256 bits needs no slow hash: there is nothing to guess.
    return hashlib.sha256(secret.encode()).hexdigest()
