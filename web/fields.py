"""Sparse responses: `fields=id,ref,state` returns only these fields."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from rest_framework.request import Request

PARAMETER = "fields"


def requested_fields(request: Request, known: Collection[str]) -> list[str] | None:
    """Return the requested fields in the order of the serializer; None if all are requested.

    Raises:
        ValidationError: a name is unknown; the message lists the unknown names and the known ones.
    """
    values = request.query_params.getlist(PARAMETER)
    if not values:
        return None
    requested = {name.strip() for value in values for name in value.split(",")}
    if unknown := sorted(requested - set(known)):
        names = ", ".join(f"“{name[:50]}”" for name in unknown[:10])
        raise ValidationError(
            {
                PARAMETER: gettext("Unknown field {names}. Choose from: {known}").format(
                    names=names, known=", ".join(known)
                )
            }
        )
    return [name for name in known if name in requested]


def select_fields(data: Any, names: Iterable[str]) -> Any:
    """Return a response, or a page of rows, with only the named fields."""
    if isinstance(data, Mapping) and "results" in data:
        return {**data, "results": [select_fields(row, names) for row in data["results"]]}
    return {name: data[name] for name in names}
