"""Records of changes to a person's second factor. The secrets are kept by allauth and never reach the ledger."""

from datetime import datetime

from allauth.mfa.models import Authenticator

from audit.actors import Actor, Reader
from audit.policies import forbid
from audit.services import append, system_ledger, writing
from audit.state import state_of
from partners import policies, tasks
from partners.accounts.four_eyes import FACTOR, ApprovalRequired, approval_note, require_approval
from partners.accounts.models import User
from partners.accounts.services.access import end_access

ADDED = "user.second_factor_added"
REMOVED = "user.second_factor_removed"
NEW_CODES = "user.recovery_codes_created"
RESET = "user.second_factor_reset"


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


def reset_factor(*, actor: Actor, user: User, at: datetime, approved_by: Reader | None = None) -> None:
    """Remove every passkey, the app and the recovery codes of a person who lost them, end their access and mail them.

    Args:
        approved_by: the second administrator.

    Raises:
        ApprovalRequired: no second administrator approved it.
        PermissionDenied: unless the actor is another administrator or the system.
    """
    forbid(policies.why_not_request_access(actor, user))
    require_approval(actor, approved_by, ApprovalRequired(kind=FACTOR, user=user, values={}))
    with writing(system_ledger().pk) as ledger:
        before = state_of(user)
        Authenticator.objects.filter(user=user.pk).delete()
        end_access(actor=actor, user=user)
        append(
            actor=actor,
            ledger=ledger,
            at=at,
            verb=RESET,
            target=user,
            before=before,
            note=approval_note(approved_by),
        )
    tasks.queue_mail(tasks.FACTOR_CHANGED, user.pk, at)
