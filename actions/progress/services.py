from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from actions.core.models import Action
from actions.core.services.change import Change, Denied, Refused, changing_many
from actions.core.states import REPORTABLE, State
from actions.progress import policies
from actions.progress.models import ProgressUpdate
from actions.progress.queries import History
from audit.services import writing

NOT_YOURS = (
    "Only the owner, the alternate, the lead organisation or a supporting partner can report on this action."
)


@dataclass(frozen=True, kw_only=True)
class ProgressReport:
    """What is said of one action; as `report_progress` takes it."""

    action: Action
    narrative: str
    state: str = State.IN_PROGRESS
    rag: str = ""
    percent: int = 0
    next_steps: str = ""
    reason: str = ""
    path_to_green: str = ""
    period: date | None = None
    corrects: ProgressUpdate | None = None
    version: int | None = None


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
    said = ProgressReport(
        action=action,
        narrative=narrative,
        state=state,
        rag=rag,
        percent=percent,
        next_steps=next_steps,
        reason=reason,
        path_to_green=path_to_green,
        period=period,
        corrects=corrects,
        version=version,
    )
    try:
        return report_on_many(actor=actor, said=[said], at=at)[0]
    except Refused as refused:
        raise refused.by_action[action.pk] from None


def report_on_many(
    *, actor: Any, said: Sequence[ProgressReport], at: datetime, period: date | None = None
) -> list[ProgressUpdate]:
    """Say where several actions of a partnership stand, each once: all of it is recorded, or nothing.

    The number of queries does not grow with them.

    Args:
        period: first day of the period that all of it is for, where the caller knows it to be one: the plan's cadence
            may have changed since. It stands before each one's own.

    Raises:
        PermissionDenied: as `report_progress` does, naming the actions.
        Refused: a ValidationError that holds what `report_progress` would say of each.
        ValueError: an action is named twice.
    """
    by_pk = {each.action.pk: each for each in said}
    if len(by_pk) != len(said):
        raise ValueError("Each action is reported on once.")
    if not said:
        return []
    ledger_id = said[0].action.partnership.ledger_id
    versions = {pk: each.version for pk, each in by_pk.items()}
    with changing_many(
        actor=actor, ledger_id=ledger_id, versions=versions, at=at, verb="action.reported"
    ) as changes:
        _require_may_report(changes)
        history = _corrections(said)
        updates: dict[int, ProgressUpdate] = {}
        refused: dict[int, ValidationError] = {}
        for change in changes:
            pk = change.action.pk
            try:
                updates[pk] = _said(change, by_pk[pk], history, period)
            except ValidationError as error:
                refused[pk] = error
        if refused:
            raise Refused(refused)
        ProgressUpdate.objects.bulk_create([updates[change.action.pk] for change in changes])
        for change in changes:
            change.record("progress.submitted", updates[change.action.pk])
    return [updates[each.action.pk] for each in said]


class OnError(Enum):
    """What is recorded where some of what is said is refused; NOTHING asks what would be refused."""

    EACH, ALL, NOTHING = range(3)


@dataclass(frozen=True)
class BatchResult:
    """What became of what was said of several actions, by their ids: the updates, and why there is none.

    Where anything was refused of what is recorded as a whole, there are no updates.
    """

    updates: dict[int, ProgressUpdate]
    refused: dict[int, ValidationError | PermissionDenied]


def report_on_each(*, actor: Any, said: Sequence[ProgressReport], at: datetime, keep: OnError) -> BatchResult:
    """Say where several actions stand, each once, and learn of each whether it was recorded, and why not.

    The number of queries grows with the partnerships and the kinds of refusals, not with the actions.

    Raises:
        ValueError: an action is named twice.
    """
    by_ledger: dict[int, list[ProgressReport]] = {}
    for each in said:
        by_ledger.setdefault(each.action.partnership.ledger_id, []).append(each)
    heard = BatchResult({}, {})
    with ExitStack() as stack:
        stack.enter_context(transaction.atomic())
        for ledger_id in sorted(by_ledger):
            stack.enter_context(writing(ledger_id))
        for group in by_ledger.values():
            _hear(actor, group, at, heard)
        if keep is OnError.NOTHING or (keep is OnError.ALL and heard.refused):
            heard.updates.clear()
            transaction.set_rollback(True)
    return heard


def _hear(actor: Any, said: Sequence[ProgressReport], at: datetime, heard: BatchResult) -> None:
    """Record what can be; what is refused at one step is left out, and the rest goes through all of them again."""
    while True:
        try:
            updates = report_on_many(actor=actor, said=said, at=at)
        except Refused as refusal:
            heard.refused.update(refusal.by_action)
        except Denied as denial:
            heard.refused.update(dict.fromkeys(denial.actions, PermissionDenied(NOT_YOURS)))
        else:
            heard.updates.update({update.action_id: update for update in updates})
            return
        said = [each for each in said if each.action.pk not in heard.refused]


def _require_may_report(changes: Sequence[Change]) -> None:
    denied = {
        change.action.pk: change.action.ref
        for change in changes
        if not policies.may_report(change.rights, change.action, change.supporting_ids())
    }
    if denied:
        alone = len(changes) == 1
        raise Denied(NOT_YOURS if alone else f"{NOT_YOURS} ({', '.join(denied.values())})", denied)


def _corrections(said: Sequence[ProgressReport]) -> History:
    corrected = [each.action.pk for each in said if each.corrects is not None]
    return History.of(corrected)


def _said(change: Change, said: ProgressReport, history: History, period: date | None) -> ProgressUpdate:
    """Check what is said of an action, and set on it where it stands by that."""
    change.require_state(*REPORTABLE, to="reported on")
    if errors := report_errors(report=said):
        raise ValidationError(errors)
    corrects = said.corrects
    if period is None:
        period = corrects.period if corrects and not said.period else _period(change, said.period)
    update = ProgressUpdate(
        action=change.action,
        period=period,
        state=said.state,
        narrative=said.narrative.strip(),
        next_steps=said.next_steps.strip(),
        rag=said.rag,
        reason=said.reason.strip(),
        path_to_green=said.path_to_green.strip(),
        percent=said.percent,
        author=change.actor,
        submitted_at=change.at,
        corrects=_corrected(change, corrects, history),
    )
    # Its relations were checked above, and of its constraints nothing is left that could fail.
    update.clean_fields(exclude=["action", "author", "corrects"])
    if corrects is None or not history.is_followed(corrects.pk):
        _stand(change, said)
    return update


def _stand(change: Change, said: ProgressReport) -> None:
    """Keep on the action what lists read of its last update."""
    if change.action.state != said.state:
        change.verb = "action.started" if said.state == State.IN_PROGRESS else "action.paused"
        change.move_to(said.state)
    change.action.rag = said.rag
    change.action.percent = said.percent
    change.action.last_reported_on = change.on


def report_errors(*, report: ProgressReport) -> dict[str, str]:
    """Return what of an update's status, RAG and percent does not go together, by field; nothing when all does."""
    errors: dict[str, str] = {}
    if report.state not in REPORTABLE:
        errors["state"] = "Choose “Not started” or “In progress”."
    elif report.state == State.NOT_STARTED:
        if report.rag:
            errors["rag"] = "RAG is for work under way: leave it out while the action is not started."
        if report.percent:
            errors["percent"] = "Enter 0 while the action is not started."
    elif not report.rag:
        errors["rag"] = "Choose red, amber or green."
    if report.rag in ("red", "amber"):
        if not report.reason.strip():
            errors["reason"] = f"Say why the action is {report.rag}."
        if not report.path_to_green.strip():
            errors["path_to_green"] = "Say how the action gets back to green."
    return errors


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


def _corrected(change: Change, corrects: ProgressUpdate | None, history: History) -> ProgressUpdate | None:
    if corrects is None:
        return None
    if corrects.action_id != change.action.pk:
        raise ValidationError({"corrects": "That update is of another action."})
    if history.is_corrected(corrects.pk):
        raise ValidationError({"corrects": "That update was corrected already."})
    return corrects
