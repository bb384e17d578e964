from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q

from actions import policies
from actions.models import Action, ProgressUpdate
from actions.services.change import Change, changing
from actions.states import REPORTABLE, State

NOT_YOURS = (
    "Only the owner, the alternate, the lead organisation or a supporting partner can report on this action."
)


def report_progress(
    *,
    actor: Any,
    action: Action,
    narrative: str,
    at: datetime,
    state: str = State.IN_PROGRESS,
    rag: str = "",
    percent: int = 0,
    next_steps: str = "",
    reason: str = "",
    path_to_green: str = "",
    period: date | None = None,
    corrects: ProgressUpdate | None = None,
    version: int | None = None,
) -> ProgressUpdate:
    """Say where an action stands. The update is final; a mistake is put right by another that corrects it.

    A correction of an update that others have followed puts the record right and leaves where the action stands.

    Args:
        state: `not_started`, or `in_progress` with a RAG.
        percent: 0 to 100.
        period: first day of the reporting period; left out, the one that holds `at`, or that of the corrected update.

    Raises:
        PermissionDenied: unless the actor leads the action, or is a contact of a supporting partner.
        ValidationError: keyed by field: red or amber without reason and path to green, a RAG on work not started,
            a period still to come; code `state` when the action is not open for reports; code `conflict`.
    """
    with changing(actor=actor, action=action, at=at, verb="action.reported", version=version) as change:
        change.require(policies.may_report(change.rights, change.action, change.supporting_ids()), NOT_YOURS)
        change.require_state(*REPORTABLE, to="reported on")
        _require_sense(state, rag, percent, reason, path_to_green)
        update = ProgressUpdate(
            action=change.action,
            period=corrects.period if corrects and period is None else _period(change, period),
            state=state,
            narrative=narrative.strip(),
            next_steps=next_steps.strip(),
            rag=rag,
            reason=reason.strip(),
            path_to_green=path_to_green.strip(),
            percent=percent,
            author=actor,
            submitted_at=at,
            corrects=_corrected(change, corrects),
        )
        is_latest = corrects is None or not _is_followed(corrects)
        update.full_clean(exclude=["action", "author"])
        update.save(force_insert=True)
        change.record("progress.submitted", update)
        if is_latest:
            _stand(change, state, rag, percent)
    return update


def _stand(change: Change, state: str, rag: str, percent: int) -> None:
    """Keep on the action what lists read of its last update."""
    if change.action.state != state:
        change.verb = "action.started" if state == State.IN_PROGRESS else "action.paused"
        change.move_to(state)
    change.action.rag = rag
    change.action.percent = percent
    change.action.last_reported_on = change.on


def _is_followed(update: ProgressUpdate) -> bool:
    """Say whether a later update, itself no correction, took this one's place as the latest word."""
    first = update
    while first.corrects is not None:
        first = first.corrects
    later = Q(period__gt=first.period) | Q(period=first.period, submitted_at__gt=first.submitted_at)
    return ProgressUpdate.objects.filter(later, action=first.action_id, corrects=None).exists()


def _require_sense(state: str, rag: str, percent: int, reason: str, path_to_green: str) -> None:
    errors: dict[str, str] = {}
    if state not in REPORTABLE:
        errors["state"] = "Choose “Not started” or “In progress”."
    elif state == State.NOT_STARTED:
        if rag:
            errors["rag"] = "RAG is for work under way: leave it out while the action is not started."
        if percent:
            errors["percent"] = "Enter 0 while the action is not started."
    elif not rag:
        errors["rag"] = "Choose red, amber or green."
    if rag in ("red", "amber"):
        if not reason.strip():
            errors["reason"] = f"Say why the action is {rag}."
        if not path_to_green.strip():
            errors["path_to_green"] = "Say how the action gets back to green."
    if errors:
        raise ValidationError(errors)


def _period(change: Change, period: date | None) -> date:
    plan = change.action.plan
    current = plan.period_of(change.on)
    if period is None:
        return current
    if period != plan.period_of(period):
        raise ValidationError({"period": "Give the first day of a reporting period."})
    if period > current:
        raise ValidationError({"period": "This period has not begun."})
    if period < plan.period_of(plan.starts_on):
        raise ValidationError({"period": "This period is before the plan begins."})
    return period


def _corrected(change: Change, corrects: ProgressUpdate | None) -> ProgressUpdate | None:
    if corrects is None:
        return None
    if corrects.action_id != change.action.pk:
        raise ValidationError({"corrects": "That update is of another action."})
    if ProgressUpdate.objects.filter(corrects=corrects).exists():
        raise ValidationError({"corrects": "That update was corrected already."})
    return corrects
