"""Changes that one administrator must not make alone, because they would open the record to whoever makes them."""

from typing import Any

from django.core.exceptions import PermissionDenied

from audit.actors import Actor, Reader
from audit.policies import forbid
from partners import policies
from partners.accounts.models import User
from partners.partnerships.models import Partnership
from web.language import lazy_text

ACCOUNT, MEMBERSHIP, LAST_DAY, FACTOR, SIGN_ON = "account", "membership", "last_day", "factor", "sign_on"
WAITS = lazy_text("Another administrator must approve this.")


class ApprovalRequired(PermissionDenied):
    """A change waits for a second administrator. It says which, so that a page or an import can request it."""

    def __init__(
        self, *, kind: str, user: User, values: dict[str, Any], partnership: Partnership | None = None
    ) -> None:
        super().__init__(WAITS)
        self.kind, self.user, self.values, self.partnership = kind, user, values, partnership


def is_bound() -> bool:
    """Return whether the service has, or has had, two administrators.

    Closed accounts count, so that nobody can end the rule by closing the account of the only other administrator.
    """
    return User.objects.filter(kind=User.Kind.USER, is_staff=True).count() > 1


def require_approval(actor: Actor, approved_by: Reader | None, needed: ApprovalRequired) -> None:
    """Do nothing if a second administrator approved the change, the system makes it, or a sandbox alone is opened.

    Raises:
        ApprovalRequired: nobody approved it.
        PermissionDenied: whoever approved it may not.
    """
    is_made_up = needed.partnership is not None and needed.partnership.is_sandbox
    if actor.actor_type == "system" or is_made_up:
        return
    if approved_by is None:
        raise needed
    forbid(policies.why_not_approve(approved_by, actor.pk, needed.user.pk))


def approval_note(approved_by: Reader | None) -> str:
    """Return what the ledger says of the second administrator."""
    return f"Approved by {approved_by}" if approved_by is not None else ""
