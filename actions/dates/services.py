"""Due dates that move by somebody's decision, and the causes of concern that take the decision to the board."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError

from actions.core.models import Action
from actions.core.policies import why_not_manage
from actions.core.services.change import Change, changing
from actions.core.services.requests import close_request, open_request
from actions.core.states import OPEN, REPORTABLE, UNDER_WAY, RequestState
from actions.dates import policies
from actions.dates.models import DateChange
from actions.milestones.models import Milestone
from audit.services import append
from audit.state import state_of
from partners.policies import Role, rights_of

LONGEST_YEARS = 5

MINUTE = "Enter the minute reference of the board's decision."


@dataclass(frozen=True)
class Decider:
    """Who decides on a later due date, and why it is theirs."""

    level: DateChange.Level
    why: str


def decider_of(*, actor: Any, action: Action, on: date) -> Decider:
    """Say who decides if the actor asks for a later due date on the day."""
    board = DateChange.Level.BOARD
    if action.under_cause_of_concern:
        return Decider(
            board, "The action is under a cause of concern, so the board decides on every later date."
        )
    if action.extensions:
        times = "once" if action.extensions == 1 else f"{action.extensions} times"
        return Decider(
            board, f"The due date was moved later {times} already, so the board decides on the next."
        )
    for user, runs in (
        (actor, "You run"),
        (action.owner, "Its owner runs"),
        (action.alternate, "Its alternate runs"),
    ):
        if user is not None and rights_of(user, on).has(Role.PROGRAMME_MANAGER, action.partnership_id):
            return Decider(board, f"{runs} this plan, and nobody decides on their own request.")
    return Decider(DateChange.Level.MANAGER, "It would be the first later date of this action.")


def request_date_change(
    *,
    actor: Any,
    action: Action,
    new_due: date,
    reason: str,
    at: datetime,
    version: int | None = None,
) -> DateChange:
    """Ask for another due date. An earlier one applies at once; a later one waits for a decision (`decider_of`).

    Raises:
        PermissionDenied: unless the actor leads the action or runs the plan.
        ValidationError: keyed by field: the same date, one before the start, one already past, one more than five
            years after the plan, one that would leave an open milestone behind it; code `state` when the action is
            not started or in progress no longer, or another request is open; code `conflict`.
    """
    with changing(actor=actor, action=action, at=at, verb="action.date_asked", version=version) as change:
        change.forbid(policies.why_not_schedule(change.rights, change.action))
        change.require_state(*REPORTABLE, to="given another due date")
        _require_none_open(change)
        _require_possible(change, new_due)
        _require_reason(reason, "Say why the date has to move.")
        row = _asked(change, new_due, reason.strip())
        row.full_clean(exclude=["action", "requested_by"])
        row.save(force_insert=True)
        if row.level == DateChange.Level.AT_ONCE:
            change.record("date_change.approved", row)
            _move(change, row)
        else:
            change.record("date_change.requested", row)
    return row


def decide_date_change(
    *,
    actor: Any,
    date_change: DateChange,
    approve: bool,
    reason: str,
    at: datetime,
    reference: str = "",
    version: int | None = None,
) -> DateChange:
    """Approve or refuse a later due date.

    Args:
        reason: the decider's own; the asker's stays beside it.
        reference: the minute reference, without which a board approves nothing.

    Raises:
        PermissionDenied: unless the request is the actor's to decide and not their own.
        ValidationError: keyed by field: no reason, no minute reference, an approval of a day that has passed
            meanwhile; code `conflict`, naming who decided and when, when it is no longer open.
    """
    verb = "action.rescheduled" if approve else "action.date_refused"
    with changing(actor=actor, action=date_change.action, at=at, verb=verb, version=version) as change:
        change.forbid(policies.why_not_decide_date(change.rights, date_change))
        row = open_request(change, date_change)
        # Its level may have been raised since the caller read it.
        change.forbid(policies.why_not_decide_date(change.rights, row))
        change.require_state(*UNDER_WAY, to="given another due date")
        _require_reason(reason, "Give the reason for your decision.")
        if approve:
            _require_approvable(change, row, reference)
        close_request(
            change,
            row,
            state=RequestState.APPROVED if approve else RequestState.REJECTED,
            reason=reason,
            reference=reference,
            verb="date_change.approved" if approve else "date_change.rejected",
        )
        if approve:
            _move(change, row)
    return row


def withdraw_date_change(
    *, actor: Any, date_change: DateChange, reason: str, at: datetime, version: int | None = None
) -> DateChange:
    """Take back a request that nobody has decided yet.

    Raises:
        PermissionDenied: unless the actor asked, leads the action or runs the plan.
        ValidationError: keyed by field, without a reason; code `conflict`, naming who decided and when, when it is
            no longer open.
    """
    verb = "action.date_withdrawn"
    with changing(actor=actor, action=date_change.action, at=at, verb=verb, version=version) as change:
        change.forbid(policies.why_not_withdraw_date(change.rights, date_change))
        row = open_request(change, date_change)
        _require_reason(reason, "Say why you take the request back.")
        close_request(
            change,
            row,
            state=RequestState.WITHDRAWN,
            reason=reason,
            reference="",
            verb="date_change.withdrawn",
        )
    return row


def set_cause_of_concern(
    *, actor: Any, action: Action, under: bool, reason: str, at: datetime, version: int | None = None
) -> Action:
    """Put an action under a cause of concern, or take it off: under one, every later date is the board's to decide.

    A request that waits for the programme manager goes to the board with it, and stays there.

    Raises:
        PermissionDenied: unless the actor runs the plan (to put it on), or sits on a board and does not own the
            action (to take it off).
        ValidationError: keyed by field, without a reason; code `state` when the action is closed, or stands so already.
    """
    verb = "action.concern_raised" if under else "action.concern_lifted"
    with changing(
        actor=actor, action=action, at=at, verb=verb, version=version, note=reason.strip()
    ) as change:
        row = change.action
        if under:
            change.forbid(why_not_manage(change.rights, row.partnership_id))
        else:
            change.forbid(policies.why_not_lift_concern(change.rights, row))
        change.require_state(*OPEN, to="put under a cause of concern" if under else "taken off")
        if row.under_cause_of_concern == under:
            raise ValidationError(
                f"This action is {'already' if under else 'not'} under a cause of concern.", code="state"
            )
        _require_reason(reason, "Say why.")
        row.under_cause_of_concern = under
        if under:
            _raise_to_board(change)
    return change.action


def start_of(action: Action) -> date:
    """The day before which nothing of the action can be due."""
    return action.starts_on or action.plan.starts_on


def asked_already(*, date_change: DateChange) -> str:
    """Say that an open request stands in the way of another."""
    return (
        f"{date_change.requested_by} has asked for {date_change.new_due:%-d %B %Y} already. "
        "That request is decided or taken back first."
    )


def _require_none_open(change: Change) -> None:
    asked = DateChange.objects.open().filter(action=change.action).select_related("requested_by").first()
    if asked is not None:
        raise ValidationError(asked_already(date_change=asked), code="state")


def _require_possible(change: Change, new_due: date) -> None:
    action = change.action
    problem = (
        _why_impossible(action, new_due)
        or (f"{new_due:%-d %B %Y} has passed already." if new_due < change.on else "")
        or _left_behind(action, new_due)
    )
    if problem:
        raise ValidationError({"new_due": problem})


def _why_impossible(action: Action, new_due: date) -> str:
    start, end = start_of(action), action.plan.ends_on
    if new_due == action.due:
        return "This is the due date already."
    if new_due < start:
        return f"The action starts on {start:%-d %B %Y}: it cannot be due before."
    if (new_due.year - LONGEST_YEARS, new_due.month, new_due.day) > (end.year, end.month, end.day):
        return f"The plan ends on {end:%-d %B %Y}: an action cannot be due more than five years after."
    return ""


def _left_behind(action: Action, new_due: date) -> str:
    behind = Milestone.objects.filter(
        action=action, reached_on=None, dropped_on=None, due__gt=new_due
    ).first()
    if behind is None:
        return ""
    return f"The milestone “{behind.title}” is set for {behind.due:%-d %B %Y}, after this date. Move or drop it first."


def _require_reason(reason: str, otherwise: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": otherwise})


def _require_approvable(change: Change, row: DateChange, reference: str) -> None:
    errors = {}
    if row.new_due < change.on:
        errors["approve"] = (
            f"{row.new_due:%-d %B %Y} has passed meanwhile. Refuse the request, so that a day to come can be asked for."
        )
    if row.level == DateChange.Level.BOARD and not reference.strip():
        errors["reference"] = MINUTE
    if errors:
        raise ValidationError(errors)


def _asked(change: Change, new_due: date, reason: str) -> DateChange:
    action = change.action
    assert action.due is not None  # an allocated action has one, by constraint
    row = DateChange(
        action=action,
        old_due=action.due,
        new_due=new_due,
        reason=reason,
        requested_by=change.actor,
        requested_at=change.at,
    )
    if new_due < action.due:
        row.level, row.state, row.decided_at = DateChange.Level.AT_ONCE, RequestState.APPROVED, change.at
    else:
        row.level = decider_of(actor=change.actor, action=action, on=change.on).level
    return row


def _move(change: Change, row: DateChange) -> None:
    change.verb = "action.rescheduled"
    change.action.due = row.new_due
    change.action.moves += 1
    if row.days > 0:
        change.action.extensions += 1


def _raise_to_board(change: Change) -> None:
    waiting = DateChange.objects.open().filter(action=change.action, level=DateChange.Level.MANAGER)
    for row in waiting:
        row.action = change.action
        before = state_of(row)
        row.level = DateChange.Level.BOARD
        row.save(update_fields=["level"])
        append(
            actor=change.actor,
            ledger=change.ledger,
            at=change.at,
            verb="date_change.raised",
            target=row,
            before=before,
        )
