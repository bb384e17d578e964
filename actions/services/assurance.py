from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from actions import policies
from actions.models import Action, Assurance
from actions.services.change import Change, changing
from actions.states import State


def submit_action(
    *, actor: Any, action: Action, note: str, at: datetime, version: int | None = None
) -> Action:
    """Say that an action is done and ask for assurance.

    Args:
        note: what was achieved against the success measure; the auditor reads it first.

    Raises:
        PermissionDenied: unless the actor owns the action, is its alternate or speaks for its lead organisation.
        ValidationError: keyed by field; when the action is not in progress or nothing was ever reported.
    """
    with changing(
        actor=actor, action=action, at=at, verb="action.submitted", version=version, note=note.strip()
    ) as change:
        allowed = policies.leads(change.rights, change.action)
        change.require(
            allowed, "Only the owner, the alternate or the lead organisation can submit this action."
        )
        change.require_state(State.IN_PROGRESS, to="submitted for assurance")
        _require_words(note, "Say what was achieved, for the auditor.")
        if not change.action.updates.exists():
            raise ValidationError("Report on the action before you submit it.", code="state")
        change.move_to(State.AWAITING_ASSURANCE)
    return change.action


def assure_action(
    *, actor: Any, action: Action, note: str, at: datetime, version: int | None = None
) -> Assurance:
    """Accept the evidence that an action is done; it is complete from this day.

    Raises:
        PermissionDenied: unless the actor is an auditor with no part in the action.
        ValidationError: keyed by field; when the action does not await assurance.
    """
    with changing(actor=actor, action=action, at=at, verb="action.assured", version=version) as change:
        _require_auditor(change)
        change.require_state(State.AWAITING_ASSURANCE, to="assured")
        assurance = _judge(change, Assurance.Opinion.ASSURED, note)
        change.move_to(State.COMPLETE)
        change.action.percent = 100
        change.action.closed_on = change.on
    return assurance


def return_action(
    *, actor: Any, action: Action, note: str, at: datetime, version: int | None = None
) -> Assurance:
    """Send an action back to its owner with the reason; it is in progress again.

    Raises:
        PermissionDenied: unless the actor is an auditor with no part in the action.
        ValidationError: keyed by field; when the action does not await assurance.
    """
    with changing(
        actor=actor, action=action, at=at, verb="action.returned", version=version, note=note.strip()
    ) as change:
        _require_auditor(change)
        change.require_state(State.AWAITING_ASSURANCE, to="returned")
        assurance = _judge(change, Assurance.Opinion.RETURNED, note)
        change.move_to(State.IN_PROGRESS)
    return assurance


def reopen_action(
    *, actor: Any, action: Action, note: str, at: datetime, version: int | None = None
) -> Assurance:
    """Take back the completion of an action, with the reason; it is in progress again.

    Raises:
        PermissionDenied: unless the actor is an auditor with no part in the action.
        ValidationError: keyed by field; when the action is not complete.
    """
    with changing(
        actor=actor, action=action, at=at, verb="action.reopened", version=version, note=note.strip()
    ) as change:
        _require_auditor(change)
        change.require_state(State.COMPLETE, to="reopened")
        assurance = _judge(change, Assurance.Opinion.REOPENED, note)
        change.move_to(State.IN_PROGRESS)
        change.action.closed_on = None
    return assurance


def _judge(change: Change, opinion: str, note: str) -> Assurance:
    _require_words(note, "Give the reason for your decision.")
    assurance = Assurance(
        action=change.action,
        opinion=opinion,
        note=note.strip(),
        action_version=change.action.version,
        given_by=change.actor,
        given_at=change.at,
    )
    assurance.full_clean(exclude=["action", "given_by"])
    assurance.save(force_insert=True)
    change.record("assurance.given", assurance)
    return assurance


def _require_auditor(change: Change) -> None:
    reason = policies.why_not_assure(change.rights, change.action, change.author_ids())
    change.require(not reason, reason)


def _require_words(note: str, message: str) -> None:
    if not note.strip():
        raise ValidationError({"note": message})
