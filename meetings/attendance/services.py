from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from audit.actors import Actor
from meetings.attendance.models import Attendance
from meetings.meetings.models import Meeting
from meetings.meetings.services import require_held
from partners.changing.services import changing
from partners.models import Organisation


@dataclass(frozen=True)
class Attendee:
    """What is recorded of one post; an empty kind removes what was recorded."""

    organisation: Organisation
    post: str
    kind: str
    substitute: str = ""


def record_attendance(
    *, actor: Actor, meeting: Meeting, attendees: Iterable[Attendee], at: datetime, version: int | None = None
) -> Meeting:
    """Record who came to a meeting. Posts that are not named stay as they are.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: keyed by field; code `state` when the meeting was not held or its minutes are confirmed;
            code `conflict` when it changed meanwhile.
    """
    with changing(
        actor=actor, row=meeting, at=at, verb="meeting.attendance_recorded", version=version
    ) as change:
        require_held(change)
        recorded = {
            (row.organisation_id, row.post): row
            for row in Attendance.objects.filter(meeting=change.row).select_related("organisation")
        }
        for each in attendees:
            row = recorded.get((each.organisation.pk, each.post.strip()))
            fields = {"kind": each.kind, "substitute": each.substitute.strip()}
            if row is None and each.kind:
                attendance = Attendance(
                    meeting=change.row, organisation=each.organisation, post=each.post.strip(), **fields
                )
                change.add("attendance.recorded", attendance)
            elif row is not None and not each.kind:
                change.remove("attendance.removed", row)
            elif row is not None and (row.kind, row.substitute) != (each.kind, fields["substitute"]):
                row.meeting = change.row
                change.amend("attendance.changed", row, fields)
    return change.row
