from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext

from audit.actors import Actor, Reader
from audit.clock import london_date
from audit.policies import forbid
from audit.services import append, system_ledger, writing
from audit.state import state_of
from audit.versions import stale_record
from partners import policies, tasks
from partners.accounts.four_eyes import ACCOUNT, ApprovalRequired, approval_note, is_bound, require_approval
from partners.accounts.models import User
from partners.accounts.services.access import end_access


def create_user(
    *,
    actor: Actor,
    email: str,
    name: str,
    at: datetime,
    password: str | None = None,
    is_staff: bool = False,
    kind: str = User.Kind.USER,
) -> User:
    """Create an account. Without a password, its user sets one by email before signing in.

    Raises:
        PermissionDenied: unless the actor is an administrator; a further administrator waits for a second one.
        ValidationError: keyed by field: an address already in use, a password that is too weak.
    """
    forbid(policies.why_not_administer(actor, gettext("create an account")))
    if is_staff and actor.actor_type != "system" and is_bound():
        raise PermissionDenied(
            gettext("Create the account first. Another administrator must approve an administrator.")
        )
    user = User(email=email.strip().lower(), name=name, kind=kind, is_staff=is_staff, joined_at=at)
    if password is not None:
        validate_password(password, user)
    user.password = make_password(password)
    with writing(system_ledger().pk) as ledger:
        user.full_clean()
        user.save(force_insert=True)
        append(actor=actor, ledger=ledger, at=at, verb="user.created", target=user)
    return user


def change_user(
    *,
    actor: Actor,
    user: User,
    at: datetime,
    approved_by: Reader | None = None,
    version: int | None = None,
    **fields: Any,
) -> User:
    """Change an account's name, email address, `is_active` or `is_staff`.

    Args:
        approved_by: the second administrator, without whom neither address nor `is_staff` changes, and no closed
            account of a person is opened again.
        version: the version of the account that the actor changes (audit.versions); None does not compare.

    Raises:
        ApprovalRequired: a second administrator must approve it.
        PermissionDenied: unless the actor is an administrator; also for their own `is_active` and `is_staff`.
        StaleError: the account was changed since.
        ValidationError: keyed by field.
    """
    forbid(policies.why_not_change_account(actor, user, fields.keys()))
    with writing(system_ledger().pk) as ledger:
        user = User.objects.select_for_update().get(pk=user.pk)
        if problem := stale_record(user, version):
            raise problem
        before = state_of(user)
        for field, value in fields.items():
            setattr(user, field, value)
        user.email = user.email.strip().lower()
        if user.is_active and not before["is_active"]:
            user.reopened_on, user.suspend_on = london_date(at), None
        user.full_clean()
        is_reopened = user.is_active and not before["is_active"] and user.kind == User.Kind.USER
        is_changed = (user.email, user.is_staff) != (before["email"], before["is_staff"])
        if (is_reopened or is_changed) and is_bound():
            require_approval(actor, approved_by, ApprovalRequired(kind=ACCOUNT, user=user, values=fields))
        if state_of(user) != before:
            user.save(update_fields=sorted({*fields, "reopened_on", "suspend_on"}))
            if before["is_active"] and not user.is_active:
                end_access(actor=actor, user=user)
            entry = append(
                actor=actor,
                ledger=ledger,
                at=at,
                verb="user.changed",
                target=user,
                before=before,
                note=approval_note(approved_by),
            )
            if "email" in entry.changes:
                tasks.queue_mail(tasks.ADDRESS_CHANGED, user.pk, at, str(entry.pk))
    return user


def record_password_change(*, actor: Actor, user: User, password: str, at: datetime) -> User:
    """Set an account's password, end its access and record the change in the ledger, without the password.

    Raises:
        PermissionDenied: unless the actor is the account's user or the system.
    """
    forbid(policies.why_not_change_password(actor, user))
    with writing(system_ledger().pk) as ledger:
        before = state_of(user)
        user.set_password(password)
        user.save(update_fields=["password"])
        end_access(actor=actor, user=user)
        append(actor=actor, ledger=ledger, at=at, verb="user.password_changed", target=user, before=before)
    return user
