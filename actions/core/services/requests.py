"""Deciding a request: it must be open and somebody else's; both reasons are stored."""

from typing import TypeVar

from django.core.exceptions import ValidationError
from django.utils.timezone import localtime

from actions.core.requests import Request
from actions.core.services.change import Change
from actions.core.states import RequestState
from audit.actors import account_of
from audit.services import append
from audit.state import model_of, state_of

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
    when = localtime(request.decided_at)
    who = request.decided_by or "the rule for earlier dates"
    return (
        f"This request is no longer open: it was {request.get_state_display().lower()} by {who} "
        f"on {when:%-d %B %Y} at {when:%H:%M}."
    )


def close_request(
    change: Change, request: Request, *, state: RequestState, reason: str, reference: str, verb: str
) -> None:
    """Write a decision on a request and record it.

    Raises:
        ValidationError: keyed by field, for a decision without a reason.
    """
    if state != RequestState.WITHDRAWN and not reason.strip():
        raise ValidationError({"decision_reason": "Give the reason for your decision."})
    before = state_of(request)
    request.state = state
    request.decided_by, request.decided_at = account_of(change.actor), change.at
    request.decision_reason, request.reference = reason.strip(), reference.strip()
    request.full_clean(exclude=["action", "requested_by", "taken_over_by", "decided_by"])
    request.save(update_fields=["state", "decided_by", "decided_at", "decision_reason", "reference"])
    append(actor=change.actor, ledger=change.ledger, at=change.at, verb=verb, target=request, before=before)
