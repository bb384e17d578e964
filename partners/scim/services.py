"""Create, change and deactivate accounts for an identity provider (SCIM 2.0).

The client is recorded as whoever changed the provisioned account; the change of the account itself, in the system's
ledger, belongs to the same act and is the system's.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from audit.actors import SYSTEM, Actor
from audit.clock import london_date
from audit.models import Ledger
from audit.policies import forbid
from audit.services import append, writing
from audit.state import state_of
from partners.accounts.models import User
from partners.accounts.services.users import change_user, create_user
from partners.partnerships.models import Partnership
from partners.scim import policies
from partners.scim.models import ProvisionedAccount
from partners.scim.queries import manageable_people

STALE, TAKEN, FIXED = "precondition_failed", "uniqueness", "mutability"
REOPENING = gettext_lazy(
    "This account was suspended in Prevent Tracker. Ask an administrator to open it again"
)
ADDRESS = gettext_lazy("userName cannot change. Ask an administrator to change the email address")


@dataclass(frozen=True)
class Person:
    """What an identity provider says of a person: userName is the email address, title the post."""

    email: str
    name: str
    external_id: str
    is_active: bool


def version_of(*, user: User) -> str:
    """Return the version of a person for ETag: it changes with all that SCIM shows."""
    account = getattr(user, "provisioned_account", None)
    values = [user.pk, user.email, user.name, user.is_active, account and account.external_id]
    return sha256(repr(values).encode()).hexdigest()[:32]


def provision(*, actor: Actor, partnership: Partnership, person: Person, at: datetime) -> User:
    """Create an account without any role, and return it. The programme manager gives it a role.

    Raises:
        PermissionDenied: unless the actor is an API client of the partnership.
        ValidationError: code `uniqueness` for an email address or external id that has an account; keyed by field.
    """
    forbid(policies.why_not_provision(actor, partnership.pk, london_date(at)))
    with writing(partnership.ledger_id) as ledger:
        if User.objects.filter(email__iexact=person.email.strip()).exists():
            raise ValidationError(gettext("There is already an account with this userName"), code=TAKEN)
        user = create_user(actor=SYSTEM, email=person.email, name=person.name, at=at)
        _record(actor, ledger, user, person, at)
        if not person.is_active:
            change_user(actor=SYSTEM, user=user, is_active=False, at=at)
    return manageable_people(partnership).get(pk=user.pk)


def update_provisioned(
    *, actor: Actor, partnership: Partnership, user: User, person: Person, at: datetime, version: str | None
) -> User:
    """Change the name, external id and whether the account is open. Deactivating ends all its access for good.

    Args:
        version: of `version_of`, that the client saw; None where it does not compare.

    Raises:
        PermissionDenied: unless the actor is an API client of the partnership.
        User.DoesNotExist: for somebody whom the client cannot see, such as an administrator.
        ValidationError: code `precondition_failed` when the person changed since that version; `mutability` for another
            email address of somebody who stays active, or to open an account that the identity provider did not close; `uniqueness`; keyed by field.
    """
    forbid(policies.why_not_provision(actor, partnership.pk, london_date(at)))
    with writing(partnership.ledger_id) as ledger:
        user = _unchanged(partnership, user, version)
        account = getattr(user, "provisioned_account", None)
        # Deactivating comes first: somebody whose address changed elsewhere must still be able to lose access.
        if person.is_active and person.email.strip().lower() != user.email.lower():
            raise ValidationError(ADDRESS, code=FIXED)
        if person.is_active and not user.is_active and not (account and account.is_suspended):
            raise ValidationError(REOPENING, code=FIXED)
        _record(actor, ledger, user, person, at)
        fields = {"name": person.name, "is_active": person.is_active}
        changed: dict[str, Any] = {
            name: value for name, value in fields.items() if getattr(user, name) != value
        }
        if changed:
            change_user(actor=SYSTEM, user=user, at=at, **changed)
    return manageable_people(partnership).get(pk=user.pk)


def deprovision(
    *, actor: Actor, partnership: Partnership, user: User, at: datetime, version: str | None
) -> None:
    """Deactivate an account and forget that the identity provider manages it. What the person wrote stays.

    Raises:
        as `update_provisioned`.
    """
    forbid(policies.why_not_provision(actor, partnership.pk, london_date(at)))
    with writing(partnership.ledger_id) as ledger:
        user = _unchanged(partnership, user, version)
        account = getattr(user, "provisioned_account", None)
        if account is not None:
            before = state_of(account)
            append(
                actor=actor,
                ledger=ledger,
                at=at,
                verb="provisioned_account.removed",
                target=account,
                before=before,
                removed=True,
            )
            account.delete()
        if user.is_active:
            change_user(actor=SYSTEM, user=user, is_active=False, at=at)


def _unchanged(partnership: Partnership, user: User, version: str | None) -> User:
    """Return the person as they are now, if they are as the caller read them."""
    user = manageable_people(partnership).get(pk=user.pk)
    if version is not None and version != version_of(user=user):
        raise ValidationError(gettext("This person has changed since you read them"), code=STALE)
    return user


def _record(actor: Actor, ledger: Ledger, user: User, person: Person, at: datetime) -> None:
    """Save and record what the identity provider says of an account. The ledger is locked."""
    account = ProvisionedAccount.objects.select_for_update().filter(user=user).first()
    before = state_of(account) if account else None
    partnership = Partnership.objects.get(ledger=ledger)
    account = account or ProvisionedAccount(partnership=partnership, user=user)
    if not person.is_active and (user.is_active or account.pk is None):
        account.is_suspended = True
    elif person.is_active:
        account.is_suspended = False
    account.external_id = person.external_id
    others = ProvisionedAccount.objects.filter(partnership=partnership, external_id=person.external_id)
    if person.external_id and others.exclude(pk=account.pk).exists():
        raise ValidationError(gettext("Another account has this externalId"), code=TAKEN)
    if before is not None and state_of(account) == before and user.name == person.name:
        return
    account.changed_at = at
    account.full_clean()
    account.save()
    verb = "provisioned_account.changed" if before else "provisioned_account.created"
    append(actor=actor, ledger=ledger, at=at, verb=verb, target=account, before=before)
