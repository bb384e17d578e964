"""What every endpoint of the API shares: closed by default, cursor pages, nothing unknown swallowed."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.serializers import Serializer

if TYPE_CHECKING:
    # Loading views asks the settings for DenyAll, which is still being defined here.
    from rest_framework.views import APIView

RESERVED_PARAMETERS = frozenset({"cursor", "page_size", "format"})


class DenyAll(BasePermission):
    """The default: an endpoint that names no permission answers nobody."""

    def has_permission(self, request: Request, view: "APIView") -> bool:  # noqa: ARG002 (the framework's signature)
        return False

    def has_object_permission(self, request: Request, view: "APIView", obj: Any) -> bool:  # noqa: ARG002 (as above)
        return False


class CursorPages(CursorPagination):
    """Pages that neither skip nor repeat a row while others write: {results, next, previous}."""

    ordering = "pk"
    page_size_query_param = "page_size"
    max_page_size = 200

    def get_page_size(self, request: Request) -> int | None:
        given = request.query_params.get("page_size")
        if given is not None and not (
            given.isascii() and given.isdigit() and 1 <= int(given) <= self.max_page_size
        ):
            raise ValidationError(
                {"page_size": f"Page size must be a whole number from 1 to {self.max_page_size}"}
            )
        return super().get_page_size(request)

    def paginate_queryset(
        self, queryset: QuerySet[Any], request: Request, view: "APIView | None" = None
    ) -> list[Any]:
        try:
            return super().paginate_queryset(queryset, request, view=view) or []
        except (ValueError, OverflowError) as error:
            # A cursor that was edited by hand may hold a position that is no value of the ordering's column.
            raise NotFound(self.invalid_cursor_message) from error


def refuse_unknown_parameters(request: Request | HttpRequest, allowed: Iterable[str]) -> None:
    """Refuse a query that names a parameter the endpoint does not have.

    A misspelt filter that is ignored answers more rows than were asked for, and nobody notices.

    Raises:
        ValidationError: with one message for each unknown parameter.
    """
    known = set(allowed) | RESERVED_PARAMETERS
    unknown = [name for name in request.GET if name not in known]
    if unknown:
        raise ValidationError({name: f"Unknown query parameter “{name[:50]}”" for name in unknown})


class StrictSerializer(Serializer):
    """A serializer that refuses what it cannot take, by name, instead of dropping it in silence."""

    def to_internal_value(self, data: Any) -> Any:
        refused = self._refused(data) if isinstance(data, Mapping) else {}
        try:
            value = super().to_internal_value(data)
        except serializers.ValidationError as error:
            raise serializers.ValidationError({**error.detail, **refused}) from error  # type: ignore[dict-item]
        if refused:
            raise serializers.ValidationError(refused)
        return value

    def _refused(self, data: Mapping[str, Any]) -> dict[str, str]:
        writable = {name for name, field in self.fields.items() if not field.read_only}
        return {
            str(name): "This field cannot be set"
            if name in self.fields
            else f"Unknown field “{str(name)[:50]}”"
            for name in data
            if name not in writable
        }
