"""Invitations: an email that says how a new person signs in, with a link to choose a password where they need one."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext

from audit.actors import Actor
from audit.clock import london_date
from audit.models import Entry
from audit.policies import forbid
from audit.services import append, system_ledger, writing
from audit.state import state_of
from partners import policies, tasks
from partners.accounts.models import User
from partners.accounts.services.links import never_signed_in

INVITED = "user.invited"


def invite(*, actor: Actor, users: Iterable[User], partnership_id: int, at: datetime) -> int:
    """Send each person an email that says how to sign in, and return how many were sent.

    People who can sign in already, and API clients, get none.

    Args:
        partnership_id: the partnership whose people they are.

    Raises:
        PermissionDenied: unless the actor is an administrator or the partnership's programme manager.
    """
    forbid(policies.why_not_edit_reference(actor, partnership_id, london_date(at), gettext("invite people")))
    with writing(system_ledger().pk) as ledger:
        waiting = list(never_signed_in(users=User.objects.filter(pk__in=[user.pk for user in users])))
        for user in waiting:
            before = state_of(user)
            append(actor=actor, ledger=ledger, at=at, verb=INVITED, target=user, before=before)
            tasks.queue_mail(tasks.INVITATION, user.pk, at)
    return len(waiting)


def invited_ids(*, users: Iterable[User]) -> set[int]:
    """Return the ids of those who have been invited at least once."""
    entries = Entry.objects.filter(
        ledger=system_ledger().pk,
        verb=INVITED,
        target_type=User._meta.label_lower,
        target_id__in=[str(user.pk) for user in users],
    )
    return {int(pk) for pk in entries.values_list("target_id", flat=True)}
