"""Planning, holding and cancelling meetings, and their agendas."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext, gettext_noop

from audit.actors import Actor
from audit.models import Tracked
from meetings.meetings import policies
from meetings.meetings.models import AgendaItem, Meeting
from meetings.meetings.states import OPEN, MeetingState
from partners.changing.services import Change, adding, changing
from standards.references import plain_reference
from web.language import lazy_text

FIELDS = frozenset(
    {
        *(
            "day",
            "precision",
            "starts_at",
            "ends_at",
            "place",
            "is_online",
            "chair",
            "minute_taker",
            "quorum",
        ),
        *("marking", "handling_instruction", "basis", "source"),
    }
)
ITEM_FIELDS = frozenset(
    {
        *("number", "title", "purpose", "presenter", "paper", "is_private", "private_reason", "marking"),
        *("subject", "subject_ref"),
    }
)
LOCKED = gettext_noop("These minutes are confirmed. Add a correction to the minutes of the next meeting.")

WHY_NOT_MINUTED: dict[str, str] = {
    MeetingState.PLANNED: lazy_text("This meeting has not been held yet, so it has no minutes."),
    MeetingState.CANCELLED: lazy_text(
        "This meeting was cancelled, so it has no minutes and decides nothing."
    ),
    MeetingState.CONFIRMED: LOCKED,
}


def save_meeting(
    *, actor: Actor, meeting: Meeting, at: datetime, version: int | None = None, **fields: Any
) -> Meeting:
    """Add a meeting, if it has no id, or change one whose minutes are not confirmed.

    Args:
        fields: any of FIELDS; without `quorum` a new meeting has the board's.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: keyed by field; code `state` when it was cancelled or its minutes are confirmed; code
            `conflict` when it changed meanwhile.
    """
    _require_known(fields, FIELDS)
    if meeting._state.adding:
        with adding(actor=actor, ledger_id=meeting.board.partnership.ledger_id, at=at) as addition:
            addition.forbid(policies.why_not_manage(addition.rights, meeting.partnership_id))
            meeting.quorum = meeting.board.quorum
            _set(meeting, fields)
            addition.add("meeting.added", meeting)
        return meeting
    with changing(actor=actor, row=meeting, at=at, verb="meeting.changed", version=version) as change:
        require_open(change)
        quorum = change.row.quorum
        _set(change.row, fields)
        if change.row.quorum > quorum and decided(change.row):
            raise ValidationError(
                {
                    "quorum": gettext(
                        "Decisions are recorded under this quorum. Enter {quorum} or less."
                    ).format(quorum=quorum)
                }
            )
        if problem := _why_not_on(change.row, change.on):
            raise ValidationError({"day": problem})
    return change.row


def hold_meeting(*, actor: Actor, meeting: Meeting, at: datetime, version: int | None = None) -> Meeting:
    """Record that a planned meeting took place, so that its minutes can be written.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: code `state` when it is not planned, or its date is in the future; code `conflict`.
    """
    with changing(actor=actor, row=meeting, at=at, verb="meeting.held", version=version) as change:
        change.forbid(policies.why_not_manage(change.rights, change.row.partnership_id))
        change.require_state(MeetingState.PLANNED, to=gettext("recorded as held"))
        if change.row.day > change.on:
            raise ValidationError(
                gettext("This meeting is on {day_in_words}. Record it as held on that day or later.").format(
                    day_in_words=change.row.day_in_words
                ),
                code="state",
            )
        change.row.state = MeetingState.HELD
    return change.row


def cancel_meeting(
    *, actor: Actor, meeting: Meeting, reason: str, at: datetime, version: int | None = None
) -> Meeting:
    """Cancel a planned meeting.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: keyed by `reason` without one; code `state` when it is not planned; code `conflict`.
    """
    with changing(actor=actor, row=meeting, at=at, verb="meeting.cancelled", version=version) as change:
        change.forbid(policies.why_not_manage(change.rights, change.row.partnership_id))
        change.require_state(MeetingState.PLANNED, to="cancelled")
        require_reason(reason, gettext("Enter why the meeting is cancelled."))
        change.row.state, change.row.cancelled_reason = MeetingState.CANCELLED, reason.strip()
    return change.row


def save_item(
    *, actor: Actor, item: AgendaItem, at: datetime, version: int | None = None, **fields: Any
) -> AgendaItem:
    """Add an item to an agenda, if it has no id, or change one.

    Args:
        version: of the meeting, as the actor saw it.
        fields: any of ITEM_FIELDS; a new item without `number` is the next.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: keyed by field; code `state` when the meeting was cancelled or its minutes are confirmed;
            code `conflict` when the meeting changed meanwhile.
    """
    _require_known(fields, ITEM_FIELDS)
    if "subject_ref" in fields:
        fields["subject_ref"] = plain_reference(fields["subject_ref"]).upper()
    new = item._state.adding
    verb = "meeting.item_added" if new else "meeting.item_changed"
    with changing(actor=actor, row=item.meeting, at=at, verb=verb, version=version) as change:
        require_open(change)
        if not new:
            change.amend("item.changed", item, fields)
            return item
        item.meeting = change.row
        _set(item, fields)
        if not item.number:
            last = change.row.items.order_by("-number").values_list("number", flat=True).first()
            item.number = (last or 0) + 1
        change.add("item.added", item)
    return item


def remove_item(
    *, actor: Actor, item: AgendaItem, reason: str, at: datetime, version: int | None = None
) -> Meeting:
    """Take an item off the agenda. The ledger keeps the item and the reason.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: keyed by `reason` without one; code `state` when it has minutes, or the meeting's record is
            closed; code `conflict`.
    """
    with changing(
        actor=actor, row=item.meeting, at=at, verb="meeting.item_removed", version=version
    ) as change:
        require_open(change)
        require_reason(reason, gettext("Enter why the item is taken off the agenda."))
        if item.minutes.exists():
            raise ValidationError(gettext("This item has minutes, so it stays on the agenda."), code="state")
        change.remove("item.removed", item, note=reason.strip())
    return change.row


def decided(meeting: Meeting) -> bool:
    """Return whether a decision is recorded in the meeting's minutes."""
    return meeting.items.filter(minutes__decisions__isnull=False).exists()


def _why_not_on(meeting: Meeting, on: date) -> str:
    """Return why a meeting cannot have its new date; empty when it can."""
    if not meeting.took_place:
        return ""
    if meeting.day > on:
        return gettext("This meeting was held, so its date cannot be in the future.")
    earlier = Meeting.objects.filter(
        Q(confirmed_by_meeting=meeting) | Q(items__minutes__corrections__item__meeting=meeting)
    )
    last = earlier.exclude(pk=meeting.pk).order_by("-day").first()
    if last is not None and meeting.day <= last.day:
        return gettext(
            "This meeting confirmed or corrected the minutes of {day_in_words}. Enter a later date."
        ).format(day_in_words=last.day_in_words)
    return ""


def require_open(change: Change[Meeting], *, to: str = "changed") -> None:
    """Raise unless the actor runs the plans and the meeting's record may still change."""
    change.forbid(policies.why_not_manage(change.rights, change.row.partnership_id))
    if change.row.state == MeetingState.CONFIRMED:
        raise ValidationError(gettext(LOCKED), code="state")
    change.require_state(*OPEN, to=to)


def require_held(change: Change[Meeting]) -> None:
    """Raise unless the actor runs the plans, and the meeting took place and its minutes are in draft."""
    change.forbid(policies.why_not_manage(change.rights, change.row.partnership_id))
    if reason := WHY_NOT_MINUTED.get(change.row.state):
        raise ValidationError(reason, code="state")


def require_reason(reason: str, message: str) -> None:
    """Raise unless a reason is given."""
    if not reason.strip():
        raise ValidationError({"reason": message})


def _set(row: Tracked, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        setattr(row, name, value.strip() if isinstance(value, str) else value)


def _require_known(fields: dict[str, Any], known: frozenset[str]) -> None:
    if unknown := fields.keys() - known:
        raise TypeError(f"this service cannot set {', '.join(sorted(unknown))}")
