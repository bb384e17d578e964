"""Pages by cursor: the place in the list is remembered by the last row's values, not by counting rows."""

from collections.abc import Iterator
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import Combinable, OrderBy
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

# Without the time: the same page has the same bytes whenever it is read, and so the same ETag.
SIGNER = signing.Signer(salt="web.cursors")
FORWARDS, BACKWARDS = "next", "previous"
NOWHERE = Q(pk__in=[])

# A column to order by and whether it runs downwards. Rows without a value come last both ways.
Column = tuple[Combinable, bool]


class CursorPages(BasePagination):
    """Pages that neither skip nor repeat a row while others write: {results, next, previous}.

    The view says by `in_order()` which columns order its rows; the last of them must be unique. Cursors are signed,
    because the values in them go into a query. A view with `row_columns` is given named tuples of these instead of models.
    """

    page_size = 50
    max_page_size = 100
    batch_size = 1000
    """How many rows are read at a time where a whole list is sent."""
    parameters = frozenset({"cursor", "page_size"})

    def paginate_queryset(
        self, queryset: QuerySet[Any], request: Request, view: APIView | None = None
    ) -> list[Any]:
        rows = self._ordered(queryset, view)
        self.url = request.build_absolute_uri()
        size = self._size(request)
        direction, values = self._place(request, rows)
        forwards = direction == FORWARDS
        found = self._read(rows, view, values, forwards=forwards, size=size + 1)
        has_more, found = len(found) > size, found[:size]
        self.has_next = has_more if forwards else True
        self.has_previous = values is not None if forwards else has_more
        self.page = found if forwards else found[::-1]
        return self.page

    def batches(self, queryset: QuerySet[Any], view: APIView) -> Iterator[list[Any]]:
        """Yield all rows in their order, some at a time; each batch is read when it is asked for, behind the one before."""
        rows = self._ordered(queryset, view)
        values = None
        while batch := self._read(rows, view, values, forwards=True, size=self.batch_size):
            values = [getattr(batch[-1], name) for name in self.names]
            yield batch

    def _ordered(self, queryset: QuerySet[Any], view: APIView | None) -> QuerySet[Any]:
        """Return the rows with what orders them in columns of their own."""
        self.columns: list[Column] = getattr(view, "in_order", lambda: [(F("pk"), False)])()
        self.names = [f"order_{index}" for index in range(len(self.columns))]
        return queryset.annotate(**dict(zip(self.names, (column for column, _ in self.columns), strict=True)))

    def _read(
        self,
        rows: QuerySet[Any],
        view: APIView | None,
        values: list[Any] | None,
        *,
        forwards: bool,
        size: int,
    ) -> list[Any]:
        """Read the next rows behind these values; the first ones where there are no values."""
        if values is not None:
            rows = rows.filter(self._beyond(values, forwards=forwards))
        rows = rows.order_by(*self._order(forwards=forwards))
        if columns := getattr(view, "row_columns", None):
            rows = rows.values_list(*columns, *self.names, named=True)
        return list(rows[:size])

    def get_paginated_response(self, data: Any) -> Response:
        links = {FORWARDS: self._link(FORWARDS), BACKWARDS: self._link(BACKWARDS)}
        return Response({"results": data, **links})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {
            "type": ["string", "null"],
            "format": "uri",
            "example": None,
        }
        return {
            "type": "object",
            "required": ["results", FORWARDS, BACKWARDS],
            "properties": {
                "results": schema,
                FORWARDS: {**link, "description": "Address of the next page; null on the last."},
                BACKWARDS: {**link, "description": "Address of the page before; null on the first."},
            },
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        return [
            {
                "name": "cursor",
                "in": "query",
                "description": "Where to go on. Follow `next` and `previous` instead of making one up.",
                "schema": {"type": "string", "minLength": 1},
            },
            {
                "name": "page_size",
                "in": "query",
                "description": "How many results a page holds. As CSV the whole list is sent where this and `cursor` are left out.",
                "schema": {
                    "type": "integer",
                    "minimum": 1,
                    "maximum": self.max_page_size,
                    "default": self.page_size,
                },
            },
        ]

    def _size(self, request: Request) -> int:
        given = request.query_params.get("page_size")
        if given is None:
            return self.page_size
        longest = len(str(self.max_page_size))
        is_number = given.isascii() and given.isdigit() and len(given) <= longest
        if not is_number or not 1 <= int(given) <= self.max_page_size:
            raise ValidationError(
                {"page_size": f"Page size must be a whole number from 1 to {self.max_page_size}"}
            )
        return int(given)

    def _place(self, request: Request, rows: QuerySet[Any]) -> tuple[str, list[Any] | None]:
        """Read the cursor: which way to go, and the values of the row to start behind (none at the beginning)."""
        token = request.query_params.get("cursor")
        if token is None:
            return FORWARDS, None
        try:
            direction, order, values = SIGNER.unsign_object(token)
        except (signing.BadSignature, ValueError):
            order = None
        if order != self._order_named():
            raise ValidationError({"cursor": "This cursor is not valid here. Start again without one."})
        fields = (rows.query.annotations[name].output_field for name in self.names)
        return direction, [field.to_python(value) for field, value in zip(fields, values, strict=True)]

    def _order_named(self) -> list[str]:
        return [f"{'-' if descending else ''}{column}" for column, descending in self.columns]

    def _order(self, *, forwards: bool) -> list[OrderBy]:
        return [
            OrderBy(
                F(name),
                descending=descending if forwards else not descending,
                nulls_last=True if forwards else None,
                nulls_first=None if forwards else True,
            )
            for name, (_, descending) in zip(self.names, self.columns, strict=True)
        ]

    def _beyond(self, values: list[Any], *, forwards: bool) -> Q:
        """Return the filter for the rows that lie behind these values, in the direction of reading."""
        found, level = NOWHERE, Q()
        for name, (_, descending), value in zip(self.names, self.columns, values, strict=True):
            if value is None:
                past = NOWHERE if forwards else Q(**{f"{name}__isnull": False})
                here = Q(**{f"{name}__isnull": True})
            else:
                past = Q(**{f"{name}__{'lt' if descending is forwards else 'gt'}": value})
                past = past | Q(**{f"{name}__isnull": True}) if forwards else past
                here = Q(**{name: value})
            found |= level & past
            level &= here
        return found

    def _link(self, direction: str) -> str | None:
        wanted = self.has_next if direction == FORWARDS else self.has_previous
        if not wanted or not self.page:
            return None
        row = self.page[-1] if direction == FORWARDS else self.page[0]
        values = [_plain(getattr(row, name)) for name in self.names]
        token = SIGNER.sign_object([direction, self._order_named(), values])
        return replace_query_param(self.url, "cursor", token)


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
