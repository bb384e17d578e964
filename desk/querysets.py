"""Whose settings are whose: everybody sees their own and nobody else's."""

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db.models import QuerySet

from desk import policies
from partners.policies import rights_of

if TYPE_CHECKING:
    from desk.models import CalendarLink  # noqa: F401  named in the base below


class CalendarLinkQuerySet(QuerySet["CalendarLink"]):
    def visible_to(self, user: Any, on: date) -> Self:
        return self.filter(policies.visible_links(rights_of(user, on)))

    def live(self) -> Self:
        """Keep the links that are not revoked, of accounts that are open."""
        return self.filter(revoked_at=None, user__is_active=True)
