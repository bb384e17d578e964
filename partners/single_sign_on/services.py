"""Link a person's account here to one at the identity provider."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from audit.actors import Actor, Reader
from audit.policies import forbid
from audit.services import append, system_ledger, writing
from audit.state import state_of
from partners import policies, tasks
from partners.accounts.four_eyes import SIGN_ON, ApprovalRequired, approval_note, require_approval
from partners.accounts.models import User
from partners.accounts.services.access import end_access
from partners.single_sign_on.models import Identity


def link_identity(
    *, actor: Actor, user: User, issuer: str, subject: str, at: datetime, approved_by: Reader | None = None
) -> Identity:
    """Let the person sign in at the provider, end their other access and mail them.

    Args:
        issuer: exactly as the provider writes it.
        subject: the provider's own id of the person.
        approved_by: the second administrator, where the actor is one and not the account's user.

    Raises:
        ApprovalRequired: the actor is an administrator, and no second one approved it.
        PermissionDenied: unless the actor is the account's user, an administrator or the system.
        ValidationError: the account is linked already, or the provider's account is linked to somebody else.
    """
    if policies.why_not_link_identity(actor, user):
        forbid(policies.why_not_request_access(actor, user))
        values = {"issuer": issuer, "subject": subject}
        require_approval(actor, approved_by, ApprovalRequired(kind=SIGN_ON, user=user, values=values))
    with writing(system_ledger().pk) as ledger:
        if Identity.objects.filter(user=user.pk).exists():
            raise ValidationError(
                gettext("This account is linked already. Remove the link first."), code="conflict"
            )
        identity = Identity(user=user, issuer=issuer, subject=subject, linked_at=at)
        identity.full_clean()
        identity.save(force_insert=True)
        end_access(actor=actor, user=user)
        append(
            actor=actor,
            ledger=ledger,
            at=at,
            verb="identity.linked",
            target=identity,
            note=approval_note(approved_by),
        )
    tasks.queue_mail(tasks.SIGN_ON_CHANGED, user.pk, at)
    return identity


def unlink_identity(*, actor: Actor, user: User, at: datetime) -> None:
    """Remove the link to the provider, end the person's access and mail them.

    Raises:
        PermissionDenied: unless the actor is the account's user or the system.
        ValidationError: code `state`, when there is no link.
    """
    forbid(policies.why_not_link_identity(actor, user))
    with writing(system_ledger().pk) as ledger:
        identity = Identity.objects.select_for_update().filter(user=user.pk).first()
        if identity is None:
            raise ValidationError(gettext("This account is not linked."), code="state")
        append(
            actor=actor,
            ledger=ledger,
            at=at,
            verb="identity.removed",
            target=identity,
            before=state_of(identity),
            removed=True,
        )
        identity.delete()
        end_access(actor=actor, user=user)
    tasks.queue_mail(tasks.SIGN_ON_CHANGED, user.pk, at)
