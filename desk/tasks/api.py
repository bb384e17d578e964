from collections.abc import Iterator
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from web.cursors import CursorPages


class OnePage(CursorPages):
    """The whole list in one page: it is computed, and short."""

    parameters = frozenset()

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> list[Any]:
        return list(queryset)

    def batches(self, queryset: Any, view: APIView) -> Iterator[list[Any]]:
        yield list(queryset)

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"results": data, "next": None, "previous": None})

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        return []
