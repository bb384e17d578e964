"""Adding, changing, reaching and dropping milestones, the steps towards an action's due date."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from actions.core.models import Action
from actions.core.services.change import Change, changing
from actions.core.states import REPORTABLE, UNDER_WAY
from actions.dates.policies import why_not_schedule
from actions.dates.services import start_of
from actions.milestones.models import Milestone
from audit.actors import Actor
from audit.services import append
from audit.state import state_of
from web.language import day_text


def add_milestone(
    *, actor: Actor, action: Action, title: str, due: date, at: datetime, version: int | None = None
) -> Milestone:
    """Add a step towards the action's due date.

    Raises:
        PermissionDenied: unless the actor leads the action or runs the plan.
        ValidationError: keyed by field, without a title, or for a date in the past, before the start or after the due
            date; code `state` when the action is neither not started nor in progress; code `conflict`.
    """
    with changing(
        actor=actor, action=action, at=at, verb="action.milestone_added", version=version
    ) as change:
        change.forbid(why_not_schedule(change.rights, change.action))
        change.require_state(*REPORTABLE, to=gettext("given a milestone"))
        _require_possible(change, due)
        row = Milestone(action=change.action, title=title.strip(), original_due=due, due=due)
        row.full_clean(exclude=["action"])
        row.save(force_insert=True)
        change.record("milestone.added", row)
    return row


def change_milestone(
    *,
    actor: Actor,
    milestone: Milestone,
    at: datetime,
    title: str | None = None,
    due: date | None = None,
    reason: str = "",
    version: int | None = None,
) -> Milestone:
    """Change a milestone's title or date; its original date stays.

    Args:
        title, due: unchanged when left out.
        reason: required when the date changes.

    Raises:
        PermissionDenied, ValidationError: as `add_milestone`; also without a reason, or for one that is not open.
    """
    verb = "action.milestone_changed"
    with changing(actor=actor, action=milestone.action, at=at, verb=verb, version=version) as change:
        change.forbid(why_not_schedule(change.rights, change.action))
        change.require_state(*REPORTABLE, to=gettext("given changed milestones"))
        row = _lock_open(change, milestone, "changed")
        before = state_of(row)
        if title is not None:
            row.title = title.strip()
        if due is not None and due != row.due:
            _require_possible(change, due)
            row.due, row.note = due, _require_reason(reason, gettext("Give the reason for the new date."))
        if state_of(row) == before:
            raise ValidationError({"due": gettext("Nothing has changed. Enter a new date or title.")})
        _save(change, row, before, "milestone.changed")
    return row


def reach_milestone(
    *, actor: Actor, milestone: Milestone, reached_on: date, at: datetime, version: int | None = None
) -> Milestone:
    """Record the day a milestone was reached.

    Raises:
        PermissionDenied: unless the actor leads the action or runs the plan.
        ValidationError: keyed by field: a day in the future, or before the start; code `state` when the action is
            closed or the milestone not open; code `conflict`.
    """
    verb = "action.milestone_reached"
    with changing(actor=actor, action=milestone.action, at=at, verb=verb, version=version) as change:
        change.forbid(why_not_schedule(change.rights, change.action))
        change.require_state(*UNDER_WAY, to=gettext("given a reached milestone"))
        row = _lock_open(change, milestone, "reached")
        if reached_on > change.on:
            raise ValidationError(
                {"reached_on": gettext("This date is in the future. Enter today or an earlier date.")}
            )
        if reached_on < start_of(change.action):
            raise ValidationError({"reached_on": _before_start(change.action)})
        before = state_of(row)
        row.reached_on = reached_on
        _save(change, row, before, "milestone.reached")
    return row


def drop_milestone(
    *, actor: Actor, milestone: Milestone, reason: str, at: datetime, version: int | None = None
) -> Milestone:
    """Drop a milestone, with the reason.

    Raises:
        PermissionDenied: unless the actor leads the action or runs the plan.
        ValidationError: keyed by field, without a reason; code `state` when the action is closed or the milestone
            not open; code `conflict`.
    """
    verb = "action.milestone_dropped"
    with changing(actor=actor, action=milestone.action, at=at, verb=verb, version=version) as change:
        change.forbid(why_not_schedule(change.rights, change.action))
        change.require_state(*UNDER_WAY, to=gettext("changed to drop a milestone"))
        row = _lock_open(change, milestone, "dropped")
        before = state_of(row)
        row.dropped_on, row.note = (
            change.on,
            _require_reason(reason, gettext("Give the reason for dropping the milestone.")),
        )
        _save(change, row, before, "milestone.dropped")
    return row


def why_not_open(*, milestone: Milestone, to: str) -> str:
    """Return why a milestone that is reached or dropped cannot be changed."""
    how, day = (
        (gettext("reached"), milestone.reached_on)
        if milestone.reached_on
        else (gettext("dropped"), milestone.dropped_on)
    )
    return gettext("This milestone was {how} on {day}, so it cannot be {to}.").format(
        how=how, day=day_text(day), to=to
    )


def _lock_open(change: Change, milestone: Milestone, to: str) -> Milestone:
    row = Milestone.objects.get(pk=milestone.pk, action=change.action)
    row.action = change.action
    if not row.is_open:
        raise ValidationError(why_not_open(milestone=row, to=to), code="state")
    return row


def _require_possible(change: Change, due: date) -> None:
    action = change.action
    problem = ""
    if due < start_of(action):
        problem = _before_start(action)
    elif due < change.on:
        problem = gettext("{due} has passed. Enter today or a later date.").format(due=day_text(due))
    elif action.due is not None and due > action.due:
        problem = gettext("The action is due on {due}. Enter that date or an earlier one.").format(
            due=day_text(action.due)
        )
    if problem:
        raise ValidationError({"due": problem})


def _before_start(action: Action) -> str:
    return gettext("The action starts on {action}. Enter that date or a later one.").format(
        action=day_text(start_of(action))
    )


def _require_reason(reason: str, message: str) -> str:
    if not reason.strip():
        raise ValidationError({"reason": message})
    return reason.strip()


def _save(change: Change, row: Milestone, before: dict[str, Any], verb: str) -> None:
    row.full_clean(exclude=["action"])
    row.save(update_fields=["title", "due", "reached_on", "dropped_on", "note"])
    append(actor=change.actor, ledger=change.ledger, at=change.at, verb=verb, target=row, before=before)
