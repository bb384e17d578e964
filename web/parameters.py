"""OpenAPI descriptions of a list's query parameters, from the filters that pages use too."""

from collections.abc import Iterable, Mapping
from typing import Any

import django_filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

ORDERING = "ordering"


def filter_parameters(
    filters: type[django_filters.FilterSet], notes: Mapping[str, str], *, sorts: Iterable[str], default: str
) -> list[OpenApiParameter]:
    """Return every filter with its note, and the `ordering` parameter."""
    orders = [f"{sign}{key}" for key in sorts for sign in ("", "-")]
    return [
        *(_described(name, part, notes) for name, part in filters.base_filters.items()),
        OpenApiParameter(
            ORDERING,
            enum=orders,
            default=default,
            description="Field to order by. A minus sign reverses the order. Rows without a value come last.",
        ),
    ]


def location_of(row: str) -> OpenApiParameter:
    """Describe the header of a 201 that holds the address of a new row."""
    return OpenApiParameter(
        "Location",
        type=OpenApiTypes.URI,
        location=OpenApiParameter.HEADER,
        response=[201],
        description=f"Address of {row}.",
    )


def repeatable(filters: type[django_filters.FilterSet]) -> frozenset[str]:
    """Return the filters that accept several values, each in a separate parameter."""
    several = django_filters.MultipleChoiceFilter
    return frozenset(name for name, part in filters.base_filters.items() if isinstance(part, several))


def _described(name: str, part: django_filters.Filter, notes: Mapping[str, str]) -> OpenApiParameter:
    pairs = part.extra.get("choices", [])
    choices = [str(value) for value, _ in getattr(pairs, "choices", pairs)]
    extra: dict[str, Any] = {"description": notes.get(name, str(part.label)), "enum": choices or None}
    if isinstance(part, django_filters.MultipleChoiceFilter):
        return OpenApiParameter(name, type=OpenApiTypes.STR, many=True, explode=True, style="form", **extra)
    if isinstance(part, django_filters.DateFilter):
        return OpenApiParameter(name, type=OpenApiTypes.DATE, **extra)
    longest = {"maxLength": part.extra["max_length"]} if "max_length" in part.extra else {}
    return OpenApiParameter(name, type={"type": "string", "minLength": 1, **longest}, **extra)
