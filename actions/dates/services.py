"""Requesting, deciding and withdrawing due date changes, and causes of concern, which send them to the board."""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from actions.core.models import Action
from actions.core.policies import why_not_manage
from actions.core.services.change import Change, changing
from actions.core.services.requests import NO_MINUTE, cite, close_request, open_request
from actions.core.states import OPEN, REPORTABLE, UNDER_WAY, RequestState
from actions.dates import policies
from actions.dates.models import DateChange
from actions.milestones.models import Milestone
from audit.actors import Actor, account_of
from audit.services import append
from audit.state import state_of
from meetings.models import Decision, Minute
from partners.policies import Role, rights_of
from web.language import day_text

LONGEST_YEARS = 5


@dataclass(frozen=True)
class Decider:
    """The level that decides a later due date, and the reason."""

    level: DateChange.Level
    why: str


def decider_of(*, actor: Actor, action: Action, on: date) -> Decider:
    """Return who would decide if the actor requested a later due date on the day."""
    board = DateChange.Level.BOARD
    if action.under_cause_of_concern:
        return Decider(
            board, gettext("This action is under a cause of concern, so the board decides every later date.")
        )
    if action.extensions:
        times = (
            "once"
            if action.extensions == 1
            else gettext("{extensions} times").format(extensions=action.extensions)
        )
        return Decider(
            board,
            gettext(
                "The due date has already moved later {times}, so the board decides the next change."
            ).format(times=times),
        )
    for user, manages in (
        (actor, gettext("You manage")),
        (action.owner, gettext("The owner manages")),
        (action.alternate, gettext("The alternate manages")),
    ):
        if user is not None and rights_of(user, on).has(Role.PROGRAMME_MANAGER, action.partnership_id):
            return Decider(
                board, gettext("{manages} this plan, so the board decides.").format(manages=manages)
            )
    return Decider(DateChange.Level.MANAGER, gettext("This would be the first later date for this action."))


def request_date_change(
    *,
    actor: Actor,
    action: Action,
    new_due: date,
    reason: str,
    at: datetime,
    version: int | None = None,
) -> DateChange:
    """Request a new due date. An earlier one applies at once; a later one waits for a decision (`decider_of`).

    Raises:
        PermissionDenied: unless the actor leads the action or runs the plan.
        ValidationError: keyed by field, for the same date, a date before the start, in the past or more than five
            years after the plan, or one before an open milestone; code `state` when the action is neither not started
            nor in progress, or another request is open; code `conflict` for a stale version.
    """
    with changing(actor=actor, action=action, at=at, verb="action.date_requested", version=version) as change:
        change.forbid(policies.why_not_schedule(change.rights, change.action))
        change.require_state(*REPORTABLE, to=gettext("given a new due date"))
        _require_none_open(change)
        _require_possible(change, new_due)
        _require_reason(reason, gettext("Give the reason for the new due date."))
        row = _build_request(change, new_due, reason.strip())
        row.full_clean(exclude=["action", "requested_by"])
        row.save(force_insert=True)
        if row.level == DateChange.Level.AT_ONCE:
            change.record("date_change.approved", row)
            _apply(change, row)
        else:
            change.record("date_change.requested", row)
    return row


def decide_date_change(
    *,
    actor: Actor,
    date_change: DateChange,
    approve: bool,
    reason: str,
    at: datetime,
    minute: Minute | None = None,
    version: int | None = None,
) -> DateChange:
    """Approve or reject a later due date.

    Args:
        reason: the decider's reason; the requester's is a field of its own.
        minute: of a meeting of a board that decides on the action; the board needs it to approve.

    Raises:
        PermissionDenied: unless the actor may decide the request (`policies.why_not_decide_date`).
        ValidationError: keyed by field, without a reason or a minute reference, or to approve a date that has
            passed; code `conflict`, naming who decided and when, when the request is no longer open.
    """
    verb = "action.rescheduled" if approve else "action.date_rejected"
    with changing(actor=actor, action=date_change.action, at=at, verb=verb, version=version) as change:
        change.forbid(policies.why_not_decide_date(change.rights, date_change))
        row = open_request(change, date_change)
        # Its level may have been raised since the caller read it.
        change.forbid(policies.why_not_decide_date(change.rights, row))
        change.require_state(*UNDER_WAY, to=gettext("given a new due date"))
        _require_reason(reason, gettext("Give the reason for your decision."))
        if approve:
            _require_approvable(change, row, minute)
        if row.level != DateChange.Level.BOARD:
            minute = None
        if minute is not None:
            cite(change, minute, subject=Decision.Subject.DUE_DATE, approve=approve, wording=reason)
        close_request(
            change,
            row,
            state=RequestState.APPROVED if approve else RequestState.REJECTED,
            reason=reason,
            minute=minute,
            verb="date_change.approved" if approve else "date_change.rejected",
        )
        if approve:
            _apply(change, row)
    return row


def withdraw_date_change(
    *, actor: Actor, date_change: DateChange, reason: str, at: datetime, version: int | None = None
) -> DateChange:
    """Withdraw a request before it is decided.

    Raises:
        PermissionDenied: unless the actor made the request, leads the action or runs the plan.
        ValidationError: keyed by field, without a reason; code `conflict`, naming who decided and when, when it is
            no longer open.
    """
    verb = "action.date_withdrawn"
    with changing(actor=actor, action=date_change.action, at=at, verb=verb, version=version) as change:
        change.forbid(policies.why_not_withdraw_date(change.rights, date_change))
        row = open_request(change, date_change)
        _require_reason(reason, gettext("Give the reason for withdrawing the request."))
        close_request(
            change,
            row,
            state=RequestState.WITHDRAWN,
            reason=reason,
            verb="date_change.withdrawn",
        )
    return row


def set_cause_of_concern(
    *, actor: Actor, action: Action, under: bool, reason: str, at: datetime, version: int | None = None
) -> Action:
    """Put an action under a cause of concern, or lift it. Under one, the board decides every later date.

    A request that waits for the programme manager goes to the board too, and stays there.

    Raises:
        PermissionDenied: unless the actor runs the plan (to set it), or sits on a board and does not own the
            action (to lift it).
        ValidationError: keyed by field, without a reason; code `state` when the action is closed or nothing changes.
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
        change.require_state(
            *OPEN,
            to=gettext("put under a cause of concern") if under else gettext("taken off a cause of concern"),
        )
        if row.under_cause_of_concern == under:
            raise ValidationError(
                (
                    gettext("This action is already under a cause of concern.")
                    if under
                    else gettext("This action is not under a cause of concern.")
                ),
                code="state",
            )
        _require_reason(reason, gettext("Give the reason."))
        row.under_cause_of_concern = under
        if under:
            _raise_to_board(change)
    return change.action


def start_of(action: Action) -> date:
    """Return the first day on which the action or a milestone of it can be due."""
    return action.starts_on or action.plan.starts_on


def why_not_request_twice(*, date_change: DateChange) -> str:
    """Return the message that an open request must be closed before another is made."""
    return gettext(
        "{requested_by} has already requested {new_due}. That request must be "
        "approved, rejected or withdrawn first."
    ).format(requested_by=date_change.requested_by, new_due=day_text(date_change.new_due))


def _require_none_open(change: Change) -> None:
    requests = DateChange.objects.open().filter(action=change.action).select_related("requested_by")
    if open_one := requests.first():
        raise ValidationError(why_not_request_twice(date_change=open_one), code="state")


def _require_possible(change: Change, new_due: date) -> None:
    action = change.action
    problem = (
        _why_impossible(action, new_due)
        or (
            gettext("{new_due} has passed. Enter today or a later date.").format(new_due=day_text(new_due))
            if new_due < change.on
            else ""
        )
        or _why_before_milestone(action, new_due)
    )
    if problem:
        raise ValidationError({"new_due": problem})


def _why_impossible(action: Action, new_due: date) -> str:
    start, end = start_of(action), action.plan.ends_on
    if new_due == action.due:
        return gettext("This is already the due date. Enter a different date.")
    if new_due < start:
        return gettext("The action starts on {start}. Enter that date or a later one.").format(
            start=day_text(start)
        )
    if (new_due.year - LONGEST_YEARS, new_due.month, new_due.day) > (end.year, end.month, end.day):
        return gettext("The plan ends on {end}. Enter a date no more than five years after that.").format(
            end=day_text(end)
        )
    return ""


def _why_before_milestone(action: Action, new_due: date) -> str:
    later = Milestone.objects.filter(action=action, reached_on=None, dropped_on=None, due__gt=new_due).first()
    if later is None:
        return ""
    return gettext("The milestone “{title}” is due on {due}, after this date. Move or drop it first.").format(
        title=later.title, due=day_text(later.due)
    )


def _require_reason(reason: str, message: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": message})


def _require_approvable(change: Change, row: DateChange, minute: Minute | None) -> None:
    errors = {}
    if row.new_due < change.on:
        errors["approve"] = gettext(
            "{new_due} has passed. Reject the request so that a new date can be requested."
        ).format(new_due=day_text(row.new_due))
    if row.level == DateChange.Level.BOARD and minute is None:
        errors["minute"] = NO_MINUTE
    if errors:
        raise ValidationError(errors)


def _build_request(change: Change, new_due: date, reason: str) -> DateChange:
    action = change.action
    assert action.due is not None  # an allocated action has one, by constraint
    row = DateChange(
        action=action,
        old_due=action.due,
        new_due=new_due,
        reason=reason,
        requested_by=account_of(change.actor),
        requested_at=change.at,
    )
    if new_due < action.due:
        row.level, row.state, row.decided_at = DateChange.Level.AT_ONCE, RequestState.APPROVED, change.at
    else:
        row.level = decider_of(actor=change.actor, action=action, on=change.on).level
    return row


def _apply(change: Change, row: DateChange) -> None:
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
