"""What happened to a meeting since a version of it, from the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from audit.models import Entry
from meetings.meetings.models import Meeting
from web.language import lazy_text

# A posted version may be any number, even one too large for the database.
HIGHEST_VERSION = 2**31 - 1
TEXTS = {"title", "text", "wording"}
TITLES = {
    "meeting.added": lazy_text("Meeting added"),
    "meeting.changed": lazy_text("Details changed"),
    "meeting.held": lazy_text("Recorded as held"),
    "meeting.cancelled": lazy_text("Cancelled"),
    "meeting.item_added": lazy_text("Agenda item added"),
    "meeting.item_changed": lazy_text("Agenda item changed"),
    "meeting.item_removed": lazy_text("Agenda item removed"),
    "meeting.attendance_recorded": lazy_text("Attendance recorded"),
    "meeting.minute_written": lazy_text("Minute written"),
    "meeting.minute_changed": lazy_text("Minute changed"),
    "meeting.decision_recorded": lazy_text("Decision recorded"),
    "meeting.decision_applied": lazy_text("Decision cited for an action"),
    "meeting.arising_recorded": lazy_text("Action arising recorded"),
    "meeting.decision_removed": lazy_text("Decision removed"),
    "meeting.arising_removed": lazy_text("Action arising removed"),
    "meeting.confirmed": lazy_text("Minutes confirmed"),
}


@dataclass(frozen=True)
class Event:
    """One event, as the timeline component prints it."""

    title: str
    byline: str
    at: datetime
    text: str = ""
    lines: tuple[str, ...] = field(default=())
    sequence: int | None = None


def timeline_of(meeting: Meeting, since: int = 0) -> list[Event]:
    """Return what happened to a meeting, newest first. The caller checks that the reader may view it.

    Args:
        since: leave out what happened up to this version, and add what others wrote since.
    """
    entries = Entry.objects.filter(target_type=Meeting._meta.label_lower, target_id=str(meeting.pk))
    if since:
        earlier = entries.filter(state__version__lte=min(since, HIGHEST_VERSION))
        entries = entries.filter(pk__gt=earlier.aggregate(last=Max("pk"))["last"] or 0)
    rows = list(entries.order_by("-sequence"))
    written = _written(rows) if since else {}
    return [
        Event(
            TITLES.get(entry.verb, "Changed"),
            entry.actor_label,
            entry.at,
            entry.note,
            lines=tuple(written.get(entry.act, ())),
            sequence=entry.sequence,
        )
        for entry in rows
    ]


def _written(rows: Sequence[Entry]) -> dict[UUID, list[str]]:
    """Return the new texts of items, minutes and decisions by the act that wrote them."""
    written: dict[UUID, list[str]] = {}
    if not rows:
        return written
    # An act has one moment, and moments are indexed.
    same = Entry.objects.filter(
        ledger=rows[0].ledger_id, at__in={row.at for row in rows}, act__in={row.act for row in rows}
    )
    for entry in same.exclude(target_type=Meeting._meta.label_lower).order_by("sequence"):
        for name in TEXTS & entry.changes.keys():
            if new := entry.changes[name][1]:
                written.setdefault(entry.act, []).append(f"{entry.target_label}: {new}")
    return written
