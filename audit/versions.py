"""The version of a row that an actor read, compared with the present one in one way by every service."""

from typing import Any

from django.core.exceptions import ValidationError


class StaleError(ValidationError):
    """The row is no longer at the version that the actor read. Pages answer 409, the API 412 as for `If-Match`.

    Args:
        message: what to do about it.
        version: the present version; None where the row has none yet.
    """

    def __init__(self, message: str, *, version: int | None = None) -> None:
        super().__init__(message, code="conflict", params={"version": version})


def stale(row: Any, version: int | None) -> StaleError | None:
    """Return the refusal where a row is no longer at a version; None where it is, or no version was read."""
    if version is None or row.version == version:
        return None
    return StaleError(
        f"This {row._meta.verbose_name} was changed since you opened it. "
        "Look at what changed, then send your answer again.",
        version=row.version,
    )
