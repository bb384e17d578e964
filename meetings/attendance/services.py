from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from audit.actors import Actor
from meetings.attendance.models import Attendance
from meetings.attendance.queries import seats_of, why_not_quorate
from meetings.meetings.models import Meeting
from meetings.meetings.services import decided, require_held
from partners.changing.services import changing
from partners.models import BoardSeat, Organisation


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
        ValidationError: keyed by field; code `state` when the meeting was not held or its minutes are confirmed, for a
            member without a seat, or where decisions would lose their quorum; code `conflict` when it changed meanwhile.
    """
    with changing(
        actor=actor, row=meeting, at=at, verb="meeting.attendance_recorded", version=version
    ) as change:
        require_held(change)
        seats = seats_of(change.row)
        recorded = {
            (row.organisation_id, row.post): row
            for row in Attendance.objects.filter(meeting=change.row).select_related("organisation")
        }
        for each in attendees:
            _require_seat(each, seats)
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
        if decided(change.row) and (problem := why_not_quorate(change.row)):
            raise ValidationError(
                gettext("Decisions are recorded, so the quorum must remain. {problem}").format(
                    problem=problem
                ),
                code="state",
            )
    return change.row


def _require_seat(attendee: Attendee, seats: Mapping[tuple[int, str], BoardSeat]) -> None:
    """Raise for a member without a seat. Where no seats are recorded, anybody may be a member."""
    if not seats or attendee.kind in ("", Attendance.Kind.IN_ATTENDANCE):
        return
    if (attendee.organisation.pk, attendee.post.strip()) not in seats:
        raise ValidationError(
            gettext(
                "{post}, {organisation} has no seat on this board on that day. Record it as in "
                "attendance, or add the seat first."
            ).format(post=attendee.post.strip(), organisation=attendee.organisation),
            code="state",
        )
