"""Lists of the API that are narrowed by a filter set and put in order by one parameter."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import F
from django.db.models.expressions import Combinable

from web.cursors import Column, CursorPages
from web.endpoints import Endpoint
from web.parameters import ORDERING, repeatable

Sorts = Mapping[str, Sequence[Combinable]]


class NarrowedList(Endpoint):
    """A list that takes its filters and `ordering`, pages by cursor, and refuses what it does not know."""

    pagination_class = CursorPages
    filters: type[django_filters.FilterSet]
    sorts: ClassVar[Sorts]
    default_sort: str
    # What orders the rows that are alike in what was asked for; the last of them is unique.
    ties: ClassVar[Sequence[Combinable]] = (F("pk"),)

    def query_parameters(self) -> frozenset[str]:
        return super().query_parameters() | self.filters.base_filters.keys() | {ORDERING}

    def several_parameters(self) -> frozenset[str]:
        return super().several_parameters() | repeatable(self.filters)

    def in_order(self) -> list[Column]:
        wanted = self.request.query_params.get(ORDERING, self.default_sort)
        key, descending = wanted.removeprefix("-"), wanted.startswith("-")
        if key not in self.sorts:
            raise ValidationError({ORDERING: f"Order by one of: {', '.join(self.sorts)}"})
        asked = [(column, descending) for column in self.sorts[key]]
        return [*asked, *((column, False) for column in self.ties)]

    def narrowed(self, rows: Any) -> Any:
        """Keep the rows that the filters in the query ask for.

        Raises:
            ValidationError: keyed by parameter.
        """
        found: Any = self.filters(self.request.query_params, rows, user=self.request.user, on=self.on)
        if not found.is_valid():
            raise ValidationError(found.errors.as_data())
        return found.qs
