"""Row visibility of reference data: the first step of every read."""

from datetime import date
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from audit.actors import Reader
from partners import policies

Row_co = TypeVar("Row_co", bound=Model, covariant=True)


class ReferenceQuerySet(QuerySet[Row_co]):
    """Rows that belong to a partnership and are open to everyone who sees its work."""

    def visible_to(self, user: Reader, on: date) -> "ReferenceQuerySet[Row_co]":
        path = getattr(self.model, "partnership_path", "partnership")
        return self.filter(policies.visible_reference(policies.rights_of(user, on), path))


class BoardSeatQuerySet(ReferenceQuerySet[Row_co]):
    def running_on(self, day: date) -> "BoardSeatQuerySet[Row_co]":
        """Keep the seats that are filled on the day; the last day counts, and a first day that is not known is past."""
        begun = Q(starts_on=None) | Q(starts_on__lte=day)
        return self.filter(begun, Q(ends_on=None) | Q(ends_on__gte=day), vacant=False)
