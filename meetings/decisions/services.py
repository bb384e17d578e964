"""Recording what a board decided, and citing a minute for a decision that another app carries out."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from audit.actors import Actor, Reader
from meetings.attendance.queries import why_not_quorate
from meetings.decisions.models import Decision
from meetings.meetings import policies
from meetings.meetings.models import Meeting
from meetings.meetings.services import require_held, require_reason
from meetings.meetings.states import MeetingState
from meetings.minutes.models import Minute
from partners.changing.services import changing


@dataclass(frozen=True)
class Matter:
    """What a board is to decide on, told by the app that carries the decision out.

    Attributes:
        subject: one of `Decision.Subject`.
        ref: the reference of the row, such as WY20-07.
        area_id: the district that the matter belongs to; a district's board decides only on its own.
    """

    subject: str
    ref: str
    partnership_id: int
    area_id: int | None = None


def record_decision(
    *, actor: Actor, minute: Minute, at: datetime, version: int | None = None, **fields: Any
) -> Decision:
    """Record a decision in a minute in draft.

    Args:
        version: of the meeting, as the actor saw it.
        fields: effect, wording, subject, subject_ref, conditions, report_back_on.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: keyed by field; code `state` when the meeting was not held, was not quorate or its minutes
            are confirmed; code `conflict`.
    """
    with changing(
        actor=actor, row=minute.item.meeting, at=at, verb="meeting.decision_recorded", version=version
    ) as change:
        require_held(change)
        _require_quorum(change.row)
        decision = Decision(minute=minute, **fields)
        decision.wording, decision.subject_ref = (
            decision.wording.strip(),
            decision.subject_ref.strip().upper(),
        )
        if decision.report_back_on is not None and decision.report_back_on <= change.row.day:
            raise ValidationError({"report_back_on": gettext("Enter a day after the meeting.")})
        change.add("decision.recorded", decision)
    return decision


def remove_decision(
    *, actor: Actor, decision: Decision, reason: str, at: datetime, version: int | None = None
) -> Meeting:
    """Remove a decision that was recorded by mistake from minutes in draft. The ledger keeps it and the reason.

    Args:
        version: of the meeting, as the actor saw it.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: keyed by `reason` without one; code `state` when it was carried out, or the minutes are
            confirmed; code `conflict`.
    """
    meeting = decision.minute.item.meeting
    with changing(
        actor=actor, row=meeting, at=at, verb="meeting.decision_removed", version=version
    ) as change:
        require_held(change)
        require_reason(reason, gettext("Enter why the decision is removed."))
        decision.refresh_from_db(fields=["applied"])
        if decision.applied:
            raise ValidationError(
                gettext("This decision was carried out, so it stays in the minutes."), code="state"
            )
        change.remove("decision.removed", decision, note=reason.strip())
    return change.row


def cite_minute(
    *, actor: Actor, minute: Minute, matter: Matter, effect: str, wording: str, at: datetime, on: date
) -> Decision:
    """Carry out a board's decision on a matter: note it in the minute that is cited, or find it there.

    The minutes of a confirmed meeting are locked, so they must already record the decision. The caller has asked
    whether the actor may decide the matter.

    Raises:
        PermissionDenied: unless the actor is a board member or an auditor.
        ValidationError: keyed by `minute`, when the minute is not one of a meeting that could decide this matter.
    """
    minute = Minute.objects.select_related("item__meeting__board").get(pk=minute.pk)
    if problem := why_not_cite(minute=minute, matter=matter, on=on):
        raise ValidationError({"minute": problem})
    recorded = _recorded(minute, matter)
    if recorded is not None and recorded.effect != effect:
        done = recorded.get_effect_display().lower()
        raise ValidationError(
            {
                "minute": gettext("{minute} records another decision on {ref}: {done}.").format(
                    minute=minute, ref=matter.ref, done=done
                )
            }
        )
    meeting = minute.item.meeting
    if recorded is None and meeting.state == MeetingState.CONFIRMED:
        raise ValidationError(
            {
                "minute": gettext(
                    "{minute} is confirmed and does not list {ref}. Choose a minute that does."
                ).format(minute=minute, ref=matter.ref)
            }
        )
    with changing(actor=actor, row=meeting, at=at, verb="meeting.decision_applied") as change:
        change.forbid(policies.why_not_cite(change.rights, meeting.partnership_id))
        if recorded is not None:
            change.amend("decision.applied", recorded, {"applied": True})
            return recorded
        decision = Decision(
            minute=minute,
            effect=effect,
            wording=wording.strip(),
            subject=matter.subject,
            subject_ref=matter.ref,
            applied=True,
        )
        change.add("decision.recorded", decision)
    return decision


def why_not_cite(*, minute: Minute, matter: Matter, on: date) -> str:
    """Return why a matter cannot be decided by this minute; empty when it can."""
    meeting = minute.item.meeting
    board = meeting.board
    if board.partnership_id != matter.partnership_id:
        return gettext("Choose a minute of a board in this partnership.")
    if not board.decides_on_actions:
        return gettext("{board} does not decide on actions. Choose a minute of a board that does.").format(
            board=board
        )
    if board.area_id is not None and board.area_id != matter.area_id:
        return gettext(
            "{board} decides on actions of its own district only. Choose a minute of another board."
        ).format(board=board)
    if meeting.state == MeetingState.CANCELLED:
        return gettext("The meeting of {day_in_words} was cancelled, so it decided nothing.").format(
            day_in_words=meeting.day_in_words
        )
    if not meeting.took_place or meeting.day > on:
        return gettext("The meeting of {day_in_words} has not been held yet.").format(
            day_in_words=meeting.day_in_words
        )
    return why_not_quorate(meeting)


def citable_minutes(*, matter: Matter, user: Reader, on: date) -> list[Minute]:
    """Return the minutes that can be cited for a matter, the latest meeting first.

    Of meetings in draft these are all; of confirmed ones, those that record a decision on the matter.
    """
    minutes = (
        Minute.objects.visible_to(user, on)
        .filter(board__partnership=matter.partnership_id, board__decides_on_actions=True)
        .filter(item__meeting__state__in=[MeetingState.HELD, MeetingState.CONFIRMED])
        .select_related("item__meeting__board")
        .order_by("-item__meeting__day", "item__number", "pk")
    )
    listed = set(
        Decision.objects.filter(subject=matter.subject, subject_ref=matter.ref).values_list(
            "minute", flat=True
        )
    )
    return [
        minute
        for minute in minutes.filter(board__area__in=[matter.area_id] if matter.area_id else [])
        | minutes.filter(board__area=None)
        if minute.item.meeting.state == MeetingState.HELD or minute.pk in listed
    ]


def _recorded(minute: Minute, matter: Matter) -> Decision | None:
    decisions = Decision.objects.filter(minute=minute, subject=matter.subject, subject_ref=matter.ref)
    return decisions.order_by("pk").last()


def _require_quorum(meeting: Meeting) -> None:
    if problem := why_not_quorate(meeting):
        raise ValidationError(problem, code="state")
