"""Actions arising from minutes: recorded, reported on, closed at a later meeting or made an action of a plan."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext

from audit.actors import Actor, Reader
from audit.clock import london_date
from meetings.arisings.models import Arising
from meetings.arisings.queries import people_of
from meetings.meetings import policies
from meetings.meetings.models import Meeting
from meetings.meetings.services import require_held, require_reason
from meetings.minutes.models import Minute
from partners.changing.services import Change, changing
from partners.models import Organisation, User
from standards.references import plain_reference

State = Arising.State
OUTCOMES = (State.CLOSED, State.NOT_REQUIRED)


def record_arising(
    *,
    actor: Actor,
    minute: Minute,
    text: str,
    at: datetime,
    post: str = "",
    organisation: Organisation | None = None,
    owner: User | None = None,
    due: date | None = None,
    version: int | None = None,
) -> Arising:
    """Record an action arising from a minute in draft. It is a task of its owner until a later meeting closes it.

    Args:
        version: of the meeting, as the actor saw it.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: keyed by field: nobody responsible, an owner of another partnership, a due date before the
            meeting; code `state` when the meeting was not held or its minutes are confirmed; code `conflict`.
    """
    with changing(
        actor=actor, row=minute.item.meeting, at=at, verb="meeting.arising_recorded", version=version
    ) as change:
        require_held(change)
        if owner is not None and (problem := _why_not_own(owner, minute, london_date(at))):
            raise ValidationError({"owner": problem})
        board = change.row.board
        numbered = Arising.objects.filter(board__in=board.with_line())
        last = numbered.aggregate(last=Max("number"))["last"] or 0
        arising = Arising(
            minute=minute,
            board=board,
            number=last + 1,
            text=text.strip(),
            post=post.strip(),
            organisation=organisation,
            owner=owner,
            due=due,
        )
        change.add("arising.recorded", arising)
    return arising


def remove_arising(
    *, actor: Actor, arising: Arising, reason: str, at: datetime, version: int | None = None
) -> Meeting:
    """Remove an action arising that was recorded by mistake from minutes in draft. The ledger keeps it and the reason.

    Args:
        version: of the meeting, as the actor saw it.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: keyed by `reason` without one; code `state` when somebody reported on it, it is no longer open
            or the minutes are confirmed; code `conflict`.
    """
    meeting = arising.minute.item.meeting
    with changing(actor=actor, row=meeting, at=at, verb="meeting.arising_removed", version=version) as change:
        require_held(change)
        require_reason(reason, gettext("Enter why the action arising is removed."))
        arising.refresh_from_db(fields=["state", "progress"])
        if arising.state != State.OPEN or arising.progress:
            raise ValidationError(
                gettext("Work on it is recorded, so it stays. Close it instead."), code="state"
            )
        change.remove("arising.removed", arising, note=reason.strip())
    return change.row


def report_arising(
    *,
    actor: Actor,
    arising: Arising,
    progress: str,
    at: datetime,
    propose: bool = False,
    version: int | None = None,
) -> Arising:
    """Report on an action arising, and propose to close it where it is done.

    Args:
        propose: whether the work is done, so that a meeting can close it.

    Raises:
        PermissionDenied: unless the actor is its owner, speaks for its organisation or runs the plans.
        ValidationError: keyed by `progress` without one; code `state` when it is no longer open; code `conflict`.
    """
    verb = "arising.proposed" if propose else "arising.reported"
    with changing(actor=actor, row=arising, at=at, verb=verb, version=version) as change:
        change.forbid(policies.why_not_report(change.rights, change.row))
        change.require_state(State.OPEN, State.PROPOSED, to=gettext("reported on"))
        if not progress.strip():
            raise ValidationError({"progress": gettext("Enter what was done.")})
        change.row.progress = progress.strip()
        change.row.state = State.PROPOSED if propose else State.OPEN
    return change.row


def close_arising(
    *,
    actor: Actor,
    arising: Arising,
    meeting: Meeting,
    outcome: str,
    at: datetime,
    version: int | None = None,
) -> Arising:
    """Record that a meeting of the board closed an action arising, or found that it is no longer required.

    Args:
        outcome: `closed` or `not_required`.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: keyed by field, for a meeting of another board or one that was not held; code `state` when
            it is no longer open; code `conflict`.
    """
    with changing(actor=actor, row=arising, at=at, verb=f"arising.{outcome}", version=version) as change:
        _require_manager(change)
        change.require_state(State.OPEN, State.PROPOSED, to="closed")
        if outcome not in OUTCOMES:
            raise ValidationError({"outcome": gettext("Select whether it is closed or no longer required.")})
        if problem := _why_not_close_at(change.row, meeting):
            raise ValidationError({"meeting": problem})
        change.row.state, change.row.closed_at = outcome, meeting
    return change.row


def make_action(
    *, actor: Actor, arising: Arising, ref: str, at: datetime, version: int | None = None
) -> Arising:
    """Record which action of a plan an action arising became. The caller has found the action.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: code `state` when it is no longer open; code `conflict`.
    """
    with changing(actor=actor, row=arising, at=at, verb="arising.became_action", version=version) as change:
        _require_manager(change)
        change.require_state(State.OPEN, State.PROPOSED, to=gettext("made an action"))
        change.row.state, change.row.action_ref = State.BECAME_ACTION, plain_reference(ref)
    return change.row


def closing_meetings(*, arising: Arising, user: Reader, on: date) -> list[Meeting]:
    """Return the meetings that can close an action arising: of its board or the ones after it, held, not before its own."""
    visible = Meeting.objects.visible_to(user, on).filter(board__in=arising.board.with_later()).took_place()
    return list(visible.filter(day__gte=arising.minute.item.meeting.day).select_related("board"))


def _require_manager(change: Change[Arising]) -> None:
    change.forbid(policies.why_not_manage(change.rights, change.row.partnership_id))


def _why_not_close_at(arising: Arising, meeting: Meeting) -> str:
    if meeting.board_id not in arising.board.with_later():
        return gettext("Select a meeting of the board that it arose from.")
    if not meeting.took_place:
        return gettext("Select a meeting that was held.")
    if meeting.day < arising.minute.item.meeting.day:
        return gettext("Select the meeting that it arose from, or a later one.")
    return ""


def _why_not_own(person: User, minute: Minute, on: date) -> str:
    if not people_of(minute.item.meeting.partnership_id, on).filter(pk=person.pk).exists():
        return gettext("Choose somebody who works in this partnership.")
    if not Minute.objects.visible_to(person, on).filter(pk=minute.pk).exists():
        return gettext("Choose somebody who can view this minute, so that they can view their task.")
    return ""
