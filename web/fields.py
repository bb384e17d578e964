"""Sparse answers: `fields=id,ref,state` leaves everything else out."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from rest_framework.request import Request

PARAMETER = "fields"


def chosen(request: Request, known: Collection[str]) -> list[str] | None:
    """Return the fields the caller wants, in the order in which the answer has them; none where all are wanted.

    Raises:
        ValidationError: a name is not one of the known; the message says which, and what there is.
    """
    given = request.query_params.getlist(PARAMETER)
    if not given:
        return None
    wanted = {name.strip() for value in given for name in value.split(",")}
    if unknown := sorted(wanted - set(known)):
        named = ", ".join(f"“{name[:50]}”" for name in unknown[:10])
        raise ValidationError({PARAMETER: f"Unknown field {named}. Choose from: {', '.join(known)}"})
    return [name for name in known if name in wanted]


def narrowed(data: Any, names: Iterable[str]) -> Any:
    """Return an answer, or a page of them, with the named fields alone."""
    if isinstance(data, Mapping) and "results" in data:
        return {**data, "results": [narrowed(row, names) for row in data["results"]]}
    return {name: data[name] for name in names}
