"""Which partners' rows a user may see: the first step of every read."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db.models import Max, Model, Q, QuerySet

from partners import policies

if TYPE_CHECKING:
    from partners.models import (  # noqa: F401  named in the bases below
        ApiClient,
        ClientSecret,
        Membership,
        Partnership,
        PersonalToken,
    )

Row_co = TypeVar("Row_co", bound=Model, covariant=True)


class ReferenceQuerySet(QuerySet[Row_co]):
    """Rows that belong to a partnership and are open to everyone who sees its work."""

    def visible_to(self, user: Any, on: date) -> "ReferenceQuerySet[Row_co]":
        path = getattr(self.model, "partnership_path", "partnership")
        return self.filter(policies.visible_reference(policies.rights_of(user, on), path))


class PartnershipQuerySet(QuerySet["Partnership"]):
    def visible_to(self, user: Any, on: date) -> "PartnershipQuerySet":
        return self.filter(pk__in=policies.rights_of(user, on).partnerships())

    def sandboxes(self) -> "PartnershipQuerySet":
        return self.filter(is_sandbox=True)

    def audited_by(self, user: Any, on: date) -> "PartnershipQuerySet":
        """Keep the partnerships whose ledger the user may read."""
        return self.filter(pk__in=policies.audited_partnerships(policies.rights_of(user, on)))


class MembershipQuerySet(ReferenceQuerySet["Membership"]):
    def running(self, on: date) -> "MembershipQuerySet":
        return self.filter(policies.running(on))


class ApiClientQuerySet(QuerySet["ApiClient"]):
    def visible_to(self, user: Any, on: date) -> Self:
        return self.filter(policies.visible_clients(policies.rights_of(user, on)))

    def with_last_use(self) -> Self:
        """Add `used_last`, the moment a token was last given to each; none where none ever was."""
        return self.annotate(used_last=Max("secrets__last_used_at"))


class ClientSecretQuerySet(QuerySet["ClientSecret"]):
    def visible_to(self, user: Any, on: date) -> Self:
        rights = policies.rights_of(user, on)
        return self.filter(policies.visible_clients(rights, "client__partnership"))

    def running(self, at: datetime) -> Self:
        """Keep the secrets that open something at that moment."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=at))


class PersonalTokenQuerySet(QuerySet["PersonalToken"]):
    def visible_to(self, user: Any, on: date) -> Self:
        return self.filter(policies.visible_tokens(policies.rights_of(user, on)))

    def live(self, on: date) -> Self:
        """Keep the tokens that open something on the day: neither revoked nor expired, of accounts that are open."""
        return self.filter(revoked_at=None, expires_on__gte=on, user__is_active=True)

    def with_last_use(self) -> Self:
        """Add `used_last`, the last day on which each was used; none where it never was."""
        return self.annotate(used_last=Max("uses__on"))
