"""Writing minutes, and confirming them at the next meeting, which locks them."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from audit.actors import Actor, account_of
from meetings.attendance.queries import why_not_quorate
from meetings.meetings import policies
from meetings.meetings.models import AgendaItem, Meeting
from meetings.meetings.services import require_held
from meetings.meetings.states import MeetingState
from meetings.minutes.models import Minute
from meetings.minutes.queries import next_reference, writers_of
from partners.changing.services import changing


def write_minute(
    *,
    actor: Actor,
    item: AgendaItem,
    text: str,
    at: datetime,
    reference: str = "",
    kind: str = Minute.Kind.NOTED,
    corrects: Minute | None = None,
    version: int | None = None,
) -> Minute:
    """Write a minute of an agenda item.

    Args:
        reference: as the board counts its minutes; left out, it is the next.
        corrects: a confirmed minute of an earlier meeting of the board.
        version: of the meeting, as the actor saw it.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: keyed by field; code `state` when the meeting was not held or its minutes are confirmed;
            code `conflict` when the meeting changed meanwhile.
    """
    with changing(
        actor=actor, row=item.meeting, at=at, verb="meeting.minute_written", version=version
    ) as change:
        require_held(change)
        item.meeting = change.row
        minute = Minute(
            item=item,
            board=change.row.board,
            reference=reference.strip() or next_reference(change.row.board, change.row.day),
            kind=kind,
            text=text.strip(),
            corrects=corrects,
            written_by=account_of(actor),
        )
        change.add("minute.written", minute)
    return minute


def change_minute(
    *, actor: Actor, minute: Minute, at: datetime, version: int | None = None, **fields: Any
) -> Minute:
    """Change the text, outcome or reference of a minute in draft.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: keyed by field; code `state` when the minutes are confirmed; code `conflict`.
    """
    if unknown := fields.keys() - {"text", "kind", "reference", "corrects"}:
        raise TypeError(f"change_minute cannot set {', '.join(sorted(unknown))}")
    with changing(
        actor=actor, row=minute.item.meeting, at=at, verb="meeting.minute_changed", version=version
    ) as change:
        require_held(change)
        if not fields.get("reference", "-"):
            del fields["reference"]
        change.amend("minute.changed", minute, fields)
    return minute


def confirm_minutes(
    *, actor: Actor, meeting: Meeting, confirmed_by: Meeting, at: datetime, version: int | None = None
) -> Meeting:
    """Confirm a meeting's minutes at a later meeting of the board. This locks the whole record of the meeting.

    Args:
        confirmed_by: the meeting that confirmed them.

    Raises:
        PermissionDenied: unless the actor is a board member who wrote none of the minutes.
        ValidationError: keyed by `confirmed_by` when that meeting is not a later one of the board, was not held or had no quorum;
            code `state` when there are no minutes in draft; code `conflict`.
    """
    with changing(actor=actor, row=meeting, at=at, verb="meeting.confirmed", version=version) as change:
        row = change.row
        change.forbid(policies.why_not_confirm(change.rights, row.partnership_id, writers_of(row)))
        change.require_state(MeetingState.HELD, to="confirmed")
        if not Minute.objects.filter(item__meeting=row).exists():
            raise ValidationError(gettext("This meeting has no minutes yet."), code="state")
        if problem := _why_not_confirm_at(row, confirmed_by):
            raise ValidationError({"confirmed_by": problem})
        row.state, row.confirmed_by_meeting = MeetingState.CONFIRMED, confirmed_by
    return change.row


def later_meetings(*, meeting: Meeting) -> list[Meeting]:
    """Return the meetings that can confirm a meeting's minutes: later, held, of its board or the board after it."""
    boards = meeting.board.with_later()
    later = Meeting.objects.filter(board__in=boards, day__gt=meeting.day).took_place()
    return list(later.select_related("board").order_by("day", "pk"))


def _why_not_confirm_at(meeting: Meeting, later: Meeting) -> str:
    candidates = later_meetings(meeting=meeting)
    if later.pk in {each.pk for each in candidates}:
        return why_not_quorate(later)
    if later.state == MeetingState.CANCELLED:
        return gettext("That meeting was cancelled. Select a later meeting that was held.")
    return gettext("Select a later meeting of this board that was held.")
