"""Cursor pagination: a page starts after the values of the previous page's last row."""

from collections.abc import Iterator
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import Combinable, OrderBy
from django.utils.translation import gettext
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

# Without a timestamp, so that the same page always has the same bytes and the same ETag.
SIGNER = signing.Signer(salt="web.cursors")
FORWARDS, BACKWARDS = "next", "previous"
NOWHERE = Q(pk__in=[])

# A column to order by and whether it is descending. Rows without a value come last either way.
Column = tuple[Combinable, bool]


class CursorPages(BasePagination):
    """Pages that never skip or repeat a row while others write: {results, next, previous}.

    `in_order()` of the view returns the columns that order its rows; the last must be unique. Cursors are signed, because
    their values go into a query. A view with `row_columns` gets named tuples of these columns instead of models.
    """

    page_size = 50
    max_page_size = 100
    batch_size = 1000
    """Rows to read at a time when a whole list is sent."""
    parameters = frozenset({"cursor", "page_size"})

    def paginate_queryset(
        self, queryset: QuerySet[Any], request: Request, view: APIView | None = None
    ) -> list[Any]:
        rows = self._ordered(queryset, view)
        self.url = request.build_absolute_uri()
        size = self._size(request)
        direction, values = self._place(request, rows)
        forwards = direction == FORWARDS
        page = self._read(rows, view, values, forwards=forwards, size=size + 1)
        has_more, page = len(page) > size, page[:size]
        self.has_next = has_more if forwards else True
        self.has_previous = values is not None if forwards else has_more
        self.page = page if forwards else page[::-1]
        return self.page

    def batches(self, queryset: QuerySet[Any], view: APIView) -> Iterator[list[Any]]:
        """Yield all rows in order, in batches that are read one after the other."""
        rows = self._ordered(queryset, view)
        values = None
        while batch := self._read(rows, view, values, forwards=True, size=self.batch_size):
            values = [getattr(batch[-1], name) for name in self.names]
            yield batch

    def _ordered(self, queryset: QuerySet[Any], view: APIView | None) -> QuerySet[Any]:
        """Annotate the rows with the columns that order them."""
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
        """Read the next rows after these values, or the first rows if there are none."""
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
                BACKWARDS: {**link, "description": "Address of the previous page; null on the first."},
            },
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        return [
            {
                "name": "cursor",
                "in": "query",
                "description": "Position in the list. Take it from `next` or `previous`; do not build your own.",
                "schema": {"type": "string", "minLength": 1},
            },
            {
                "name": "page_size",
                "in": "query",
                "description": "Results on a page. As CSV, you get the whole list unless you send this or `cursor`.",
                "schema": {
                    "type": "integer",
                    "minimum": 1,
                    "maximum": self.max_page_size,
                    "default": self.page_size,
                },
            },
        ]

    def _size(self, request: Request) -> int:
        text = request.query_params.get("page_size")
        if text is None:
            return self.page_size
        longest = len(str(self.max_page_size))
        is_number = text.isascii() and text.isdigit() and len(text) <= longest
        if not is_number or not 1 <= int(text) <= self.max_page_size:
            raise ValidationError(
                {
                    "page_size": gettext("Page size must be a whole number from 1 to {max_page_size}").format(
                        max_page_size=self.max_page_size
                    )
                }
            )
        return int(text)

    def _place(self, request: Request, rows: QuerySet[Any]) -> tuple[str, list[Any] | None]:
        """Return the direction in the cursor and the values of the row to start after (None at the beginning)."""
        token = request.query_params.get("cursor")
        if token is None:
            return FORWARDS, None
        try:
            direction, order, values = SIGNER.unsign_object(token)
        except (signing.BadSignature, ValueError):
            order = None
        if order != self._order_names():
            raise ValidationError(
                {"cursor": gettext("This cursor is not valid here. Start again without a cursor")}
            )
        fields = (rows.query.annotations[name].output_field for name in self.names)
        return direction, [field.to_python(value) for field, value in zip(fields, values, strict=True)]

    def _order_names(self) -> list[str]:
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
        """Return the filter for the rows after these values, in the direction of reading."""
        rows_after, level = NOWHERE, Q()
        for name, (_, descending), value in zip(self.names, self.columns, values, strict=True):
            if value is None:
                past = NOWHERE if forwards else Q(**{f"{name}__isnull": False})
                here = Q(**{f"{name}__isnull": True})
            else:
                past = Q(**{f"{name}__{'lt' if descending is forwards else 'gt'}": value})
                past = past | Q(**{f"{name}__isnull": True}) if forwards else past
                here = Q(**{name: value})
            rows_after |= level & past
            level &= here
        return rows_after

    def _link(self, direction: str) -> str | None:
        has_more = self.has_next if direction == FORWARDS else self.has_previous
        if not has_more or not self.page:
            return None
        row = self.page[-1] if direction == FORWARDS else self.page[0]
        values = [_plain(getattr(row, name)) for name in self.names]
        token = SIGNER.sign_object([direction, self._order_names(), values])
        return replace_query_param(self.url, "cursor", token)


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
