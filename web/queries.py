"""Strict validation of query parameters."""

from collections.abc import Collection, Iterable

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from rest_framework.request import Request

# Character that replaces bytes which are not UTF-8.
REPLACEMENT = "\ufffd"


class WrongQuery(ValidationError):
    """Wrong query parameters, with any method; the errors name the parameter, not a place in the body."""


def refuse_unknown_parameters(
    request: Request | HttpRequest, allowed: Iterable[str], *, several: Collection[str] = ()
) -> None:
    """Raise for an unknown, empty or repeated query parameter.

    If a misspelt or empty filter were ignored, the caller would get too many rows without noticing.

    Args:
        several: the parameters that may be repeated.

    Raises:
        WrongQuery: one message for each wrong parameter.
    """
    known = set(allowed)
    errors = {
        name: reason
        for name, values in request.GET.lists()
        if (reason := _error_in(name, values, is_known=name in known, may_repeat=name in several))
    }
    if errors:
        raise WrongQuery(errors)


def _error_in(name: str, values: list[str], *, is_known: bool, may_repeat: bool) -> str:
    if not is_known:
        return f"Unknown query parameter “{name[:50]}”"
    if not all(value.strip() for value in values):
        return "Send a value, or leave this parameter out"
    if any(REPLACEMENT in value for value in values):
        return "Send this value as UTF-8"
    return "" if may_repeat or len(values) == 1 else "Send this parameter only once"
