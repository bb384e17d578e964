"""The version of a row that an actor read, compared with the present one in one way by every service.

A row with a `version` counts its changes. The version of any other is the sequence of its newest entry in the ledger.
"""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext

from audit.models import Entry, Tracked


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
        gettext(
            "This {record} was changed since you opened it. Look at what changed, then send your answer again."
        ).format(record=row._meta.verbose_name),
        version=row.version,
    )


@dataclass(frozen=True)
class RecordedVersion:
    """The version of a row that does not count its changes itself."""

    version: int


def entries_of(row: Tracked) -> QuerySet[Entry]:
    """Return what the ledger recorded of a row, newest first."""
    rows = Entry.objects.filter(target_type=row._meta.label_lower, target_id=str(row.pk))
    return rows.order_by("-sequence")


def recorded_version(row: Tracked) -> RecordedVersion:
    """Return the sequence of a row's newest entry; 0 where it has none."""
    return RecordedVersion(entries_of(row).values_list("sequence", flat=True).first() or 0)


def stale_record(row: Tracked, version: int | None) -> StaleError | None:
    """Return the refusal as `stale`, for a row that does not count its changes itself. Its ledger is locked."""
    if version is None:
        return None
    present = recorded_version(row)
    if present.version == version:
        return None
    return StaleError(
        gettext("{row} was changed since you opened this page").format(row=row), version=present.version
    )


def changes_since(row: Tracked, version: int) -> list[dict[str, Any]]:
    """Return the changes of a row since a version, newest first, for the timeline."""
    return [
        {
            "title": gettext("Changed"),
            "byline": entry.actor_label,
            "at": entry.at,
            "lines": [_field_name(row, name) for name in entry.changes],
        }
        for entry in entries_of(row).filter(sequence__gt=version)
    ]


def _field_name(row: Tracked, name: str) -> str:
    words = str(getattr(row._meta.get_field(name), "verbose_name", name))
    return words[:1].upper() + words[1:]
