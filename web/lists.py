"""Lists of the API with a filter set and an `ordering` parameter."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import F
from django.db.models.expressions import Combinable
from django.utils.translation import gettext

from web.cursors import Column, CursorPages
from web.endpoints import Endpoint
from web.parameters import ORDERING, repeatable

Sorts = Mapping[str, Sequence[Combinable]]


class NarrowedList(Endpoint):
    """A list with filters, `ordering` and cursor pagination, which rejects unknown parameters."""

    pagination_class = CursorPages
    filters: type[django_filters.FilterSet]
    sorts: ClassVar[Sorts]
    default_sort: str
    # Tie-breakers for the requested order; the last is unique.
    ties: ClassVar[Sequence[Combinable]] = (F("pk"),)

    def query_parameters(self) -> frozenset[str]:
        return super().query_parameters() | self.filters.base_filters.keys() | {ORDERING}

    def several_parameters(self) -> frozenset[str]:
        return super().several_parameters() | repeatable(self.filters)

    def in_order(self) -> list[Column]:
        ordering = self.request.query_params.get(ORDERING, self.default_sort)
        key, descending = ordering.removeprefix("-"), ordering.startswith("-")
        if key not in self.sorts:
            raise ValidationError(
                {ORDERING: gettext("Order by one of: {sorts}").format(sorts=", ".join(self.sorts))}
            )
        columns = [(column, descending) for column in self.sorts[key]]
        return [*columns, *((column, False) for column in self.ties)]

    def narrowed(self, rows: Any) -> Any:
        """Return the rows that match the filters in the query.

        Raises:
            ValidationError: keyed by parameter.
        """
        query = self.request.query_params
        filters: Any = self.filters(query, rows, user=self.request.user, on=self.on, only=query)
        if not filters.is_valid():
            raise ValidationError(filters.errors.as_data())
        return filters.qs
