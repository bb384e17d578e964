"""People of a partnership: an account with its first role, or another role."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from audit.actors import Actor
from audit.services import writing
from partners import policies
from partners.accounts.four_eyes import ApprovalRequired
from partners.accounts.models import User
from partners.accounts.services.users import change_user, create_user
from partners.approvals.models import ChangeRequest
from partners.approvals.services import request_change
from partners.memberships.models import Membership
from partners.memberships.services import end_membership, grant_membership
from partners.organisations.models import Organisation
from partners.partnerships.models import Partnership


def add_person(
    *,
    actor: Actor,
    partnership: Partnership,
    email: str,
    organisation: Organisation,
    role: str,
    starts_on: date,
    at: datetime,
    alternate: bool = False,
    ends_on: date | None = None,
    name: str = "",
) -> Membership | ChangeRequest:
    """Give the person with an email address a role, and open their account when they have none: both, or neither.

    Args:
        name: the job title of a new account.

    Returns:
        The role, or the request for it where a second administrator must approve it.

    Raises:
        PermissionDenied: as `grant_membership`.
        ValidationError: keyed by field: no account, and the actor may not open one; a new account without a job title;
            and as `grant_membership`.
    """
    with writing(partnership.ledger_id):
        user = User.objects.filter(email__iexact=email.strip(), kind=User.Kind.USER).first()
        if user is None:
            if reason := policies.why_not_administer(actor, gettext("open an account")):
                raise ValidationError(
                    {
                        "email": gettext("Nobody has an account with this address. {reason}").format(
                            reason=reason
                        )
                    }
                )
            if not name.strip():
                raise ValidationError({"name": gettext("Enter the job title of the new account")})
            user = create_user(actor=actor, email=email, name=name.strip(), at=at)
        try:
            return grant_membership(
                actor=actor,
                user=user,
                partnership=partnership,
                organisation=organisation,
                role=role,
                alternate=alternate,
                starts_on=starts_on,
                ends_on=ends_on,
                at=at,
            )
        except ApprovalRequired as needed:
            return request_change(actor=actor, needed=needed, at=at)


def end_role(
    *, actor: Actor, membership: Membership, ends_on: date | None, at: datetime
) -> Membership | ChangeRequest:
    """Set the last day of a role, or request it where a second administrator must approve a later one.

    Raises:
        PermissionDenied, ValidationError: as `end_membership`.
    """
    try:
        return end_membership(actor=actor, membership=membership, ends_on=ends_on, at=at)
    except ApprovalRequired as needed:
        return request_change(actor=actor, needed=needed, at=at)


def change_account(
    *,
    actor: Actor,
    user: User,
    email: str,
    name: str,
    is_active: bool,
    is_staff: bool,
    at: datetime,
    version: int | None = None,
) -> User | ChangeRequest:
    """Change an account; where a second administrator must approve it, request that instead and change nothing.

    Args:
        email, name, is_active, is_staff: the account as it should be. Those that are the same are left out.
        version: the version of the account that the actor changes (audit.versions).

    Raises:
        PermissionDenied: as `change_user`.
        StaleError: the account was changed since.
        ValidationError: keyed by field.
    """
    fields: dict[str, Any] = {"email": email, "name": name, "is_active": is_active, "is_staff": is_staff}
    changed = {field: value for field, value in fields.items() if getattr(user, field) != value}
    try:
        return change_user(actor=actor, user=user, at=at, version=version, **changed)
    except ApprovalRequired as needed:
        return request_change(actor=actor, needed=needed, at=at)
