from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import TypeVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext

from actions.core.models import Action
from actions.core.services.change import Change, Denied, Refused, changing_many
from actions.core.states import REPORTABLE, State
from actions.evidence.models import Evidence
from actions.evidence.services import NewEvidence, attach
from actions.progress import policies
from actions.progress.models import ProgressUpdate
from actions.progress.queries import History
from audit.actors import Actor, account_of
from audit.services import writing

Row = TypeVar("Row")


@dataclass(frozen=True, kw_only=True)
class ProgressReport:
    """An update to an action, before it is recorded."""

    action: Action
    narrative: str
    state: str = State.IN_PROGRESS
    """`not_started`, or `in_progress` with a RAG."""
    rag: str = ""
    percent: int = 0
    next_steps: str = ""
    reason: str = ""
    path_to_green: str = ""
    period: date | None = None
    """First day of the reporting period; None for the present one, or that of the corrected update."""
    corrects: ProgressUpdate | None = None
    evidence: NewEvidence | None = None
    version: int | None = None
    """The action's version that the author saw; None where nothing seen can go stale."""


def report_progress(*, actor: Actor, report: ProgressReport, at: datetime) -> ProgressUpdate:
    """Record an update and its evidence. The update is final; a mistake is put right by another that corrects it.

    A correction of an update that others have followed corrects the record and leaves the action as it is.

    Raises:
        PermissionDenied: unless the actor leads the action, or is a contact of a supporting partner.
        ValidationError: keyed by field: red or amber without reason and path to green, a RAG on work not started,
            a future period, and what `add_evidence` refuses; code `state` when the action is not open for
            reports; code `conflict`.
    """
    try:
        return report_on_many(actor=actor, reports=[report], at=at)[0]
    except Refused as refused:
        raise refused.by_action[report.action.pk] from None


def report_on_many(
    *, actor: Actor, reports: Sequence[ProgressReport], at: datetime, period: date | None = None
) -> list[ProgressUpdate]:
    """Record updates to several actions of a partnership, one for each: all of them, or none.

    The number of queries does not grow with the updates; each piece of evidence takes some of its own.

    Args:
        period: first day of the period that all are for, where the caller knows it to be one: the plan's cadence may
            have changed since. It overrides the period of each report.

    Raises:
        PermissionDenied: as `report_progress` does, naming the actions.
        Refused: a ValidationError with the error that `report_progress` would raise for each.
        ValueError: an action is named twice.
    """
    by_pk = {report.action.pk: report for report in reports}
    if len(by_pk) != len(reports):
        raise ValueError("Each action is reported on once.")
    if not reports:
        return []
    ledger_id = reports[0].action.partnership.ledger_id
    versions = {pk: report.version for pk, report in by_pk.items()}
    with changing_many(
        actor=actor, ledger_id=ledger_id, versions=versions, at=at, verb="action.reported"
    ) as changes:
        _forbid_reports(changes)
        history = _history_of_corrected(reports)
        updates = _for_each(changes, lambda change: _update(change, by_pk[change.action.pk], history, period))
        ProgressUpdate.objects.bulk_create([updates[change.action.pk] for change in changes])
        for change in changes:
            change.record("progress.submitted", updates[change.action.pk])
        _for_each(changes, lambda change: _attach(change, by_pk[change.action.pk], updates[change.action.pk]))
    return [updates[report.action.pk] for report in reports]


def _for_each(changes: Sequence[Change], step: Callable[[Change], Row]) -> dict[int, Row]:
    """Return what a step makes for each action, by its id; raise `Refused` with the errors of all that it refuses."""
    rows: dict[int, Row] = {}
    errors: dict[int, ValidationError] = {}
    for change in changes:
        try:
            rows[change.action.pk] = step(change)
        except ValidationError as error:
            errors[change.action.pk] = error
    if errors:
        raise Refused(errors)
    return rows


class OnError(Enum):
    """What to record when some updates are refused. NOTHING only checks them."""

    EACH, ALL, NOTHING = range(3)


@dataclass(frozen=True)
class BatchResult:
    """The recorded updates and the errors of the refused ones, by the actions' ids.

    With `OnError.ALL`, one error means that there are no updates.
    """

    updates: dict[int, ProgressUpdate]
    errors: dict[int, ValidationError | PermissionDenied]


def report_on_each(
    *, actor: Actor, reports: Sequence[ProgressReport], at: datetime, on_error: OnError
) -> BatchResult:
    """Record updates to several actions, one for each, and return for each the update or its error.

    The number of queries grows with the partnerships and the kinds of errors, not with the actions.

    Raises:
        ValueError: an action is named twice.
    """
    by_ledger: dict[int, list[ProgressReport]] = {}
    for report in reports:
        by_ledger.setdefault(report.action.partnership.ledger_id, []).append(report)
    result = BatchResult({}, {})
    with ExitStack() as stack:
        stack.enter_context(transaction.atomic())
        for ledger_id in sorted(by_ledger):
            stack.enter_context(writing(ledger_id))
        for group in by_ledger.values():
            _record_valid(actor, group, at, result)
        if on_error is OnError.NOTHING or (on_error is OnError.ALL and result.errors):
            result.updates.clear()
            transaction.set_rollback(True)
    return result


def _record_valid(actor: Actor, reports: Sequence[ProgressReport], at: datetime, result: BatchResult) -> None:
    """Record what is valid: leave out what one check refuses, and put the rest through all checks again."""
    while True:
        try:
            updates = report_on_many(actor=actor, reports=reports, at=at)
        except Refused as refusal:
            result.errors.update(refusal.by_action)
        except Denied as denial:
            result.errors.update(dict.fromkeys(denial.actions, PermissionDenied(denial.reason)))
        else:
            result.updates.update({update.action_id: update for update in updates})
            return
        reports = [report for report in reports if report.action.pk not in result.errors]


def _forbid_reports(changes: Sequence[Change]) -> None:
    """Raise Denied with the reason, naming the actions where there are several."""
    reasons = {
        change.action: reason
        for change in changes
        if (reason := policies.why_not_report(change.rights, change.action, change.supporting_ids()))
    }
    if reasons:
        reason, refs = next(iter(reasons.values())), ", ".join(action.ref for action in reasons)
        message = reason if len(changes) == 1 else f"{reason} ({refs})"
        raise Denied(message, reason=reason, actions=[action.pk for action in reasons])


def _history_of_corrected(reports: Sequence[ProgressReport]) -> History:
    return History.of([report.action.pk for report in reports if report.corrects is not None])


def _update(change: Change, report: ProgressReport, history: History, period: date | None) -> ProgressUpdate:
    """Check a report, set on the action what follows from it, and return the update to save."""
    change.require_state(*REPORTABLE, to=gettext("reported on"))
    if errors := report_errors(report=report):
        raise ValidationError(errors)
    corrects = report.corrects
    if period is None:
        period = corrects.period if corrects and not report.period else _period(change, report.period)
    update = ProgressUpdate(
        action=change.action,
        period=period,
        state=report.state,
        narrative=report.narrative.strip(),
        next_steps=report.next_steps.strip(),
        rag=report.rag,
        reason=report.reason.strip(),
        path_to_green=report.path_to_green.strip(),
        percent=report.percent,
        author=account_of(change.actor),
        submitted_at=change.at,
        corrects=_corrected(change, corrects, history),
    )
    # Its relations were checked above, and of its constraints nothing is left that could fail.
    update.clean_fields(exclude=["action", "author", "corrects"])
    if corrects is None or not history.is_followed(corrects.pk):
        _set_on_action(change, report)
    return update


def _attach(change: Change, report: ProgressReport, update: ProgressUpdate) -> Evidence | None:
    return attach(change, report.evidence, update=update) if report.evidence else None


def _set_on_action(change: Change, report: ProgressReport) -> None:
    """Copy to the action what lists read of its last update."""
    if change.action.state != report.state:
        change.verb = "action.started" if report.state == State.IN_PROGRESS else "action.paused"
        change.move_to(report.state)
    change.action.rag = report.rag
    change.action.percent = report.percent
    change.action.last_reported_on = change.on


def report_errors(*, report: ProgressReport) -> dict[str, str]:
    """Return what of an update's status, RAG and percent does not go together, by field; nothing when all does."""
    errors: dict[str, str] = {}
    if report.state not in REPORTABLE:
        errors["state"] = gettext("Choose “Not started” or “In progress”.")
    elif report.state == State.NOT_STARTED:
        if report.rag:
            errors["rag"] = gettext("Remove the RAG, or change the status to in progress.")
        if report.percent:
            errors["percent"] = gettext("Enter 0, or change the status to in progress.")
    elif not report.rag:
        errors["rag"] = gettext("Choose red, amber or green.")
    if report.rag in ("red", "amber"):
        if not report.reason.strip():
            errors["reason"] = gettext("Enter why the action is {rag}.").format(rag=report.rag)
        if not report.path_to_green.strip():
            errors["path_to_green"] = gettext("Enter how the action will get back to green.")
    return errors


def _period(change: Change, period: date | None) -> date:
    plan = change.action.plan
    current = plan.period_of(change.on)
    if period is None:
        return current
    if period != plan.period_of(period):
        raise ValidationError({"period": gettext("Enter the first day of a reporting period.")})
    if period > current:
        raise ValidationError({"period": gettext("Enter a period that has started.")})
    if period < plan.period_of(plan.starts_on):
        raise ValidationError({"period": gettext("Enter a period within the plan.")})
    return period


def _corrected(change: Change, corrects: ProgressUpdate | None, history: History) -> ProgressUpdate | None:
    if corrects is None:
        return None
    if corrects.action_id != change.action.pk:
        raise ValidationError({"corrects": gettext("That update belongs to another action.")})
    if history.is_corrected(corrects.pk):
        raise ValidationError({"corrects": gettext("That update has already been corrected.")})
    return corrects
