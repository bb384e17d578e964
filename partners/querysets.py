"""Which partners' rows a user may see: the first step of every read."""

from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import Model, QuerySet

from partners import policies

if TYPE_CHECKING:
    from partners.models import Membership, Partnership  # noqa: F401  named in the bases below

Row_co = TypeVar("Row_co", bound=Model, covariant=True)


class ReferenceQuerySet(QuerySet[Row_co]):
    """Rows that belong to a partnership and are open to everyone who sees its work."""

    def visible_to(self, user: Any, on: date) -> "ReferenceQuerySet[Row_co]":
        path = getattr(self.model, "partnership_path", "partnership")
        return self.filter(policies.visible_reference(policies.rights_of(user, on), path))


class PartnershipQuerySet(QuerySet["Partnership"]):
    def visible_to(self, user: Any, on: date) -> "PartnershipQuerySet":
        return self.filter(pk__in=policies.rights_of(user, on).partnerships())

    def audited_by(self, user: Any, on: date) -> "PartnershipQuerySet":
        """Keep the partnerships whose ledger the user may read."""
        return self.filter(pk__in=policies.audited_partnerships(policies.rights_of(user, on)))


class MembershipQuerySet(ReferenceQuerySet["Membership"]):
    def running(self, on: date) -> "MembershipQuerySet":
        return self.filter(policies.running(on))
