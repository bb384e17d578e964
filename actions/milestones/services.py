"""Steps on the way to an action's due date: set, moved, reached or dropped, never deleted."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError

from actions.core.models import Action
from actions.core.services.change import Change, changing
from actions.core.states import REPORTABLE, UNDER_WAY
from actions.dates.policies import why_not_schedule
from actions.dates.services import start_of
from actions.milestones.models import Milestone
from audit.services import append
from audit.state import state_of


def add_milestone(
    *, actor: Any, action: Action, title: str, due: date, at: datetime, version: int | None = None
) -> Milestone:
    """Set a step on the way to the action's due date.

    Raises:
        PermissionDenied: unless the actor leads the action or runs the plan.
        ValidationError: keyed by field: no title, a day already past, before the start or after the due date; code
            `state` when the action is not started or in progress no longer; code `conflict`.
    """
    with changing(
        actor=actor, action=action, at=at, verb="action.milestone_added", version=version
    ) as change:
        change.forbid(why_not_schedule(change.rights, change.action))
        change.require_state(*REPORTABLE, to="given a milestone")
        _require_possible(change, due)
        row = Milestone(action=change.action, title=title.strip(), original_due=due, due=due)
        row.full_clean(exclude=["action"])
        row.save(force_insert=True)
        change.record("milestone.added", row)
    return row


def change_milestone(
    *,
    actor: Any,
    milestone: Milestone,
    at: datetime,
    title: str | None = None,
    due: date | None = None,
    reason: str = "",
    version: int | None = None,
) -> Milestone:
    """Word a milestone better, or move it; its original date stays.

    Args:
        title, due: left out, they stay as they are.
        reason: needed where the date moves.

    Raises:
        PermissionDenied, ValidationError: as `add_milestone`; also without a reason, or for one that is not open.
    """
    verb = "action.milestone_changed"
    with changing(actor=actor, action=milestone.action, at=at, verb=verb, version=version) as change:
        change.forbid(why_not_schedule(change.rights, change.action))
        change.require_state(*REPORTABLE, to="given other milestones")
        row = _open(change, milestone, "changed")
        before = state_of(row)
        if title is not None:
            row.title = title.strip()
        if due is not None and due != row.due:
            _require_possible(change, due)
            row.due, row.note = due, _reason(reason, "Say why the milestone moves.")
        if state_of(row) == before:
            raise ValidationError({"due": "Nothing is changed: enter another date or other words."})
        _save(change, row, before, "milestone.changed")
    return row


def reach_milestone(
    *, actor: Any, milestone: Milestone, reached_on: date, at: datetime, version: int | None = None
) -> Milestone:
    """Say on which day a milestone was reached.

    Raises:
        PermissionDenied: unless the actor leads the action or runs the plan.
        ValidationError: keyed by field: a day still to come, or before the start; code `state` when the action is
            closed or the milestone not open; code `conflict`.
    """
    verb = "action.milestone_reached"
    with changing(actor=actor, action=milestone.action, at=at, verb=verb, version=version) as change:
        change.forbid(why_not_schedule(change.rights, change.action))
        change.require_state(*UNDER_WAY, to="said to have reached a milestone")
        row = _open(change, milestone, "reached")
        if reached_on > change.on:
            raise ValidationError({"reached_on": "This day is still to come."})
        if reached_on < start_of(change.action):
            raise ValidationError({"reached_on": _before_start(change.action)})
        before = state_of(row)
        row.reached_on = reached_on
        _save(change, row, before, "milestone.reached")
    return row


def drop_milestone(
    *, actor: Any, milestone: Milestone, reason: str, at: datetime, version: int | None = None
) -> Milestone:
    """Say that a milestone is not to be reached, and why.

    Raises:
        PermissionDenied: unless the actor leads the action or runs the plan.
        ValidationError: keyed by field, without a reason; code `state` when the action is closed or the milestone
            not open; code `conflict`.
    """
    verb = "action.milestone_dropped"
    with changing(actor=actor, action=milestone.action, at=at, verb=verb, version=version) as change:
        change.forbid(why_not_schedule(change.rights, change.action))
        change.require_state(*UNDER_WAY, to="relieved of a milestone")
        row = _open(change, milestone, "dropped")
        before = state_of(row)
        row.dropped_on, row.note = change.on, _reason(reason, "Say why the milestone is dropped.")
        _save(change, row, before, "milestone.dropped")
    return row


def closed_as(*, milestone: Milestone, to: str) -> str:
    """Say why a milestone that is not open cannot be changed."""
    how, day = (
        ("reached", milestone.reached_on) if milestone.reached_on else ("dropped", milestone.dropped_on)
    )
    return f"This milestone was {how} on {day:%-d %B %Y}, so it cannot be {to}."


def _open(change: Change, milestone: Milestone, to: str) -> Milestone:
    row = Milestone.objects.get(pk=milestone.pk, action=change.action)
    row.action = change.action
    if not row.is_open:
        raise ValidationError(closed_as(milestone=row, to=to), code="state")
    return row


def _require_possible(change: Change, due: date) -> None:
    action = change.action
    problem = ""
    if due < start_of(action):
        problem = _before_start(action)
    elif due < change.on:
        problem = f"{due:%-d %B %Y} has passed already."
    elif action.due is not None and due > action.due:
        problem = f"The action is due on {action.due:%-d %B %Y}: a milestone cannot be set after that."
    if problem:
        raise ValidationError({"due": problem})


def _before_start(action: Action) -> str:
    return f"The action starts on {start_of(action):%-d %B %Y}: nothing of it can be before."


def _reason(reason: str, otherwise: str) -> str:
    if not reason.strip():
        raise ValidationError({"reason": otherwise})
    return reason.strip()


def _save(change: Change, row: Milestone, before: dict[str, Any], verb: str) -> None:
    row.full_clean(exclude=["action"])
    row.save(update_fields=["title", "due", "reached_on", "dropped_on", "note"])
    append(actor=change.actor, ledger=change.ledger, at=change.at, verb=verb, target=row, before=before)
