"""Deciding a request: it must be open and somebody else's; both reasons are stored."""

from typing import TypeVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from actions.core.models import Action
from actions.core.requests import Request
from actions.core.services.change import Change
from actions.core.states import RequestState
from audit.actors import account_of
from audit.services import append
from audit.state import model_of, state_of
from meetings.decisions.services import Matter, cite_minute
from meetings.models import Decision, Minute
from web.language import lazy_text, moment_text

NO_MINUTE = lazy_text("Choose the minute of the board's decision.")
RequestT = TypeVar("RequestT", bound=Request)


def open_request(change: Change, request: RequestT) -> RequestT:
    """Return the request as it is under the lock.

    Raises:
        ValidationError: code `conflict` when it is no longer open; the message says who closed it and when.
    """
    rows = model_of(request)._base_manager.select_related("requested_by", "taken_over_by", "decided_by")
    locked = rows.get(pk=request.pk, action=change.action)
    locked.action = change.action
    if not locked.is_open:
        raise ValidationError(closed_by(request=locked), code="conflict")
    return locked


def closed_by(*, request: Request) -> str:
    """Say who closed a request, how and when."""
    who = request.decided_by or gettext("the rule for earlier dates")
    return gettext("This request is no longer open: it was {get_state_display} by {who} on {moment}.").format(
        get_state_display=request.get_state_display().lower(), who=who, moment=moment_text(request.decided_at)
    )


def matter_of(*, action: Action, subject: str) -> Matter:
    """Return what a board is to decide about an action, as its minutes name it."""
    return Matter(subject, action.ref, action.partnership_id, action.area_id)


def cite(change: Change, minute: Minute, *, subject: str, approve: bool, wording: str) -> None:
    """Note the board's decision on the action in the minute that is cited.

    Raises:
        ValidationError: keyed by `minute`, when it is not one of a meeting that could decide this.
    """
    cite_minute(
        actor=change.actor,
        minute=minute,
        matter=matter_of(action=change.action, subject=subject),
        effect=Decision.Effect.APPROVE if approve else Decision.Effect.REJECT,
        wording=wording,
        at=change.at,
        on=change.on,
    )


def close_request(
    change: Change,
    request: Request,
    *,
    state: RequestState,
    reason: str,
    verb: str,
    minute: Minute | None = None,
) -> None:
    """Write a decision on a request and record it.

    Args:
        minute: of the board's decision, where a board decided.

    Raises:
        ValidationError: keyed by field, for a decision without a reason.
    """
    if state != RequestState.WITHDRAWN and not reason.strip():
        raise ValidationError({"decision_reason": gettext("Give the reason for your decision.")})
    before = state_of(request)
    request.state = state
    request.decided_by, request.decided_at = account_of(change.actor), change.at
    request.decision_reason = reason.strip()
    request.minute, request.reference = minute, minute.citation if minute is not None else ""
    request.full_clean(exclude=["action", "requested_by", "taken_over_by", "decided_by", "minute"])
    fields = ["state", "decided_by", "decided_at", "decision_reason", "minute", "reference"]
    request.save(update_fields=fields)
    append(actor=change.actor, ledger=change.ledger, at=change.at, verb=verb, target=request, before=before)
