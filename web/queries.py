"""What stands after the question mark, read as strictly as a body."""

from collections.abc import Collection, Iterable

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from rest_framework.request import Request

# What stands in a text whose bytes were not UTF-8.
REPLACEMENT = "\ufffd"


class WrongQuery(ValidationError):
    """Query parameters are wrong, whatever the method: the errors name them, and not a place in the body."""


def refuse_unknown_parameters(
    request: Request | HttpRequest, allowed: Iterable[str], *, several: Collection[str] = ()
) -> None:
    """Refuse a query with a parameter that the endpoint does not have, or has and could not take as it was sent.

    A misspelt, empty or overwritten filter that is ignored answers more rows than were asked for, and nobody notices.

    Args:
        several: the parameters that may be sent more than once.

    Raises:
        WrongQuery: with one message for each wrong parameter.
    """
    known = set(allowed)
    wrong = {
        name: reason
        for name, values in request.GET.lists()
        if (reason := _wrong_in(name, values, is_known=name in known, may_repeat=name in several))
    }
    if wrong:
        raise WrongQuery(wrong)


def _wrong_in(name: str, values: list[str], *, is_known: bool, may_repeat: bool) -> str:
    if not is_known:
        return f"Unknown query parameter “{name[:50]}”"
    if not all(value.strip() for value in values):
        return "Give a value, or leave the parameter out"
    if any(REPLACEMENT in value for value in values):
        return "This value is not UTF-8"
    return "" if may_repeat or len(values) == 1 else "Give this parameter once"
