"""Records of changes to a person's second factor. The secrets are kept by allauth and never reach the ledger."""

from datetime import datetime

from audit.actors import Actor
from audit.policies import forbid
from audit.services import append, system_ledger, writing
from audit.state import state_of
from partners import policies, tasks
from partners.accounts.models import User
from partners.accounts.services.access import end_access

ADDED = "user.second_factor_added"
REMOVED = "user.second_factor_removed"
NEW_CODES = "user.recovery_codes_created"


def record_factor_change(*, actor: Actor, user: User, verb: str, at: datetime) -> None:
    """Record in the ledger that a person's second factor changed, end their access and mail them.

    Call it in the transaction that changes the factor.

    Args:
        verb: ADDED, REMOVED or NEW_CODES.

    Raises:
        PermissionDenied: unless the actor is the account's user.
    """
    forbid(policies.why_not_change_factor(actor, user))
    with writing(system_ledger().pk) as ledger:
        before = state_of(user)
        end_access(actor=actor, user=user)
        append(actor=actor, ledger=ledger, at=at, verb=verb, target=user, before=before)
    tasks.queue_mail(tasks.FACTOR_CHANGED, user.pk, at)
