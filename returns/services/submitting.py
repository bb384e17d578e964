"""Submitting a return, and returning it with a question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from actions.core.services.change import Refused
from actions.core.states import State
from actions.models import ProgressUpdate
from actions.progress.queries import History
from actions.progress.services import ProgressReport, report_errors, report_on_many
from audit.actors import Actor, account_of
from audit.clock import london_date
from audit.policies import forbid
from audit.services import Item, append, append_many, writing
from audit.state import state_of, states_of
from audit.versions import stale
from partners.policies import rights_of
from returns import policies
from returns.models import Return, ReturnRow
from returns.services.contents import (
    NO_CHANGE,
    REPEATED_FIELDS,
    Line,
    ReturnChange,
    change_return,
    lines_of,
    lock_return,
    repeat_update,
    unchanged_refusal,
)
from returns.services.figures import carry_figures
from returns.states import ReturnState
from web.language import lazy_text

NO_ANSWER = lazy_text("Enter what was done")
NO_ANSWER_OR_CHANGE = lazy_text("Enter what was done, or select no change")
TWO_ANSWERS = lazy_text("Enter what was done or select no change, not both")
QUESTION_OPEN = lazy_text("Answer the question: change your update on this action")
ALREADY_SUBMITTED = lazy_text(
    "You submitted an update on this action in this return. Correct that update instead"
)
FieldValues = dict[str, Any]


def submit_return(*, actor: Actor, report: Return, version: int | None, at: datetime) -> Return:
    """Submit a return: each of its rows becomes a progress update, and its figures records of the programme; all or none.

    When it is submitted again after a question, a changed row becomes an update that corrects the earlier one; other
    rows do not change. The number of queries does not grow with the rows.

    Args:
        version: of the return when the actor read it; None to skip the check for changes.

    Raises:
        PermissionDenied: unless the actor may fill in the return.
        Refused: a ValidationError with what is missing from each action's row, keyed `field_<action id>`.
        ValidationError: code `state` when the return was submitted already, or has closed; code `conflict` when it
            is no longer at that version.
    """
    with change_return(actor=actor, report=report, at=at) as change:
        report = change.report
        if (refusal := stale(report, version)) is not None:
            raise refusal
        lines = lines_of(report, change.on)
        reports = _complete_reports(report, [line for line in lines if line.is_editable])
        updates = report_on_many(actor=actor, reports=reports, at=at, period=report.period_start)
        by_action = {update.action_id: update for update in updates}
        before = state_of(report)
        rows = [line.row for line in lines if line.row is not None]
        rows_before = states_of(rows)
        for row in rows:
            row.update = by_action.get(row.action_id, row.update)
            row.question = ""
        _write_rows(change, rows, rows_before, "return_row.submitted")
        carry_figures(actor=actor, change=change)
        report.state, report.question = ReturnState.SUBMITTED, ""
        report.submitted_at, report.submitted_by = at, account_of(actor)
        _write(change, before, "return.submitted")
    return report


@dataclass(frozen=True)
class AnswerStatus:
    """How far the answer on one action is.

    Attributes:
        errors: what it lacks, by field; nothing when it can be submitted.
        is_begun: whether there is an answer, complete or not.
        is_unchanged: whether the answer is that nothing changed.
    """

    errors: Mapping[str, str]
    is_begun: bool
    is_unchanged: bool

    @property
    def is_done(self) -> bool:
        return not self.errors


def answer_status(*, line: Line) -> AnswerStatus:
    """Return how far the saved answer on one action of a return is."""
    row = line.row
    submitted_before = row is not None and row.update_id is not None
    errors = _resubmission_errors(line) if submitted_before else _submission_errors(line)
    is_unchanged = row is not None and row.unchanged
    is_begun = row is not None and bool(is_unchanged or row.narrative or row.rag or row.reason)
    return AnswerStatus(errors, is_begun, is_unchanged)


def question_return(
    *, actor: Actor, report: Return, question: str, rows: Mapping[int, str], at: datetime
) -> Return:
    """Return a submitted return with a question about the whole, about some of its actions, or both.

    Args:
        rows: questions by the action's id; empty ones do not count.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: keyed by field, `question` or `question_<action id>`, without any question, or for an action
            without an answer in the return; code `state` when it is not submitted.
    """
    on = london_date(at)
    with writing(report.plan.partnership.ledger_id) as ledger:
        report = lock_return(report)
        change = ReturnChange(report, actor, at, ledger)
        forbid(policies.why_not_question(rights_of(actor, on), report))
        if report.state != ReturnState.SUBMITTED:
            raise ValidationError(
                gettext(
                    "This return is {get_state_display}, so you cannot return it with a question."
                ).format(get_state_display=report.get_state_display().lower()),
                code="state",
            )
        before = state_of(report)
        questions = {pk: text.strip() for pk, text in rows.items() if text.strip()}
        question_rows, rows_before = _set_questions(report, question, questions)
        _write_rows(change, question_rows, rows_before, "return_row.questioned")
        report.state = ReturnState.RETURNED
        _write(change, before, "return.questioned")
    return report


def _set_questions(
    report: Return, question: str, questions: Mapping[int, str]
) -> tuple[list[ReturnRow], list[FieldValues]]:
    """Set the questions on the return and its rows; return these rows, and their states before."""
    if not question.strip() and not questions:
        raise ValidationError(
            {"question": gettext("Enter a question about the return or one of its actions")}
        )
    submitted = report.rows.filter(action__in=questions, update__isnull=False).select_related("action")
    rows = {row.action_id: row for row in submitted}
    rows_before = states_of(list(rows.values()))
    errors: dict[str, Any] = {
        f"question_{pk}": gettext("The return has no update on this action")
        for pk in questions
        if pk not in rows
    }
    report.question = question.strip()
    errors |= _question_errors(report, "question")
    for pk, text in questions.items():
        if pk in rows:
            rows[pk].question = text
            errors |= _question_errors(rows[pk], f"question_{pk}")
    if errors:
        raise ValidationError(errors)
    return list(rows.values()), rows_before


def _question_errors(record: Return | ReturnRow, key: str) -> dict[str, list[ValidationError]]:
    """Return what is wrong with a question: too long, or personal data in it."""
    other_fields = {field.name for field in record._meta.concrete_fields} - {"question"}
    try:
        record.clean_fields(exclude=other_fields)
    except ValidationError as error:
        return {key: error.error_dict["question"]}
    return {}


def _complete_reports(report: Return, lines: Sequence[Line]) -> list[ProgressReport]:
    """Return the progress reports of the lines, or refuse with what is missing from each."""
    is_resubmitted = report.state == ReturnState.RETURNED
    reports: list[ProgressReport] = []
    errors: dict[int, ValidationError] = {}
    for line in lines:
        line_errors = _resubmission_errors(line) if is_resubmitted else _submission_errors(line)
        if line_errors:
            errors[line.action.pk] = ValidationError(dict(line_errors))
        elif line.row is not None and not (is_resubmitted and _is_as_submitted(line.row)):
            reports.append(_progress_report(line))
    if errors:
        raise Refused(errors)
    return _with_newest_corrected(reports) if is_resubmitted else reports


def _with_newest_corrected(reports: Sequence[ProgressReport]) -> list[ProgressReport]:
    """Let each report correct the newest update: one may have been corrected on the action's page meanwhile."""
    history = History.of([each.action.pk for each in reports])
    newest = {
        each.action.pk: history.newest(each.corrects.pk) for each in reports if each.corrects is not None
    }
    updates = ProgressUpdate.objects.in_bulk(newest.values())
    return [replace(each, corrects=updates[newest[each.action.pk]]) for each in reports]


def _submission_errors(line: Line) -> Mapping[str, str]:
    row = line.row
    refusal = unchanged_refusal(update=line.last_update)
    if row is None or not (row.unchanged or row.narrative):
        # A rating that was changed shows at once what it needs as well.
        others = _row_errors(line.action, row) if row is not None and row.rag else {}
        return {**others, "narrative": NO_ANSWER if refusal else NO_ANSWER_OR_CHANGE}
    if not row.unchanged:
        return _row_errors(line.action, row)
    if refusal:
        return {"unchanged": refusal}
    names = [name for name in REPEATED_FIELDS if getattr(row, name) not in ("", None)]
    if row.narrative or any(getattr(row, name) != getattr(line.last_update, name) for name in names):
        return {"unchanged": TWO_ANSWERS}
    return {}


def _resubmission_errors(line: Line) -> Mapping[str, str]:
    row = line.row
    # A return is returned with the lines that were submitted, and no others.
    assert row is not None
    assert row.update is not None
    if _is_as_submitted(row):
        return {"narrative": QUESTION_OPEN} if row.question else {}
    if row.unchanged:
        return {"unchanged": ALREADY_SUBMITTED if not row.narrative else TWO_ANSWERS}
    return _row_errors(line.action, row) if row.narrative else {"narrative": NO_ANSWER}


def _row_errors(action: Any, row: ReturnRow) -> Mapping[str, str]:
    errors = report_errors(report=_row_report(action, row))
    if row.state == State.IN_PROGRESS and row.percent is None:
        return {**errors, "percent": gettext("Enter the percent done, from 0 to 100")}
    return errors


def _is_as_submitted(row: ReturnRow) -> bool:
    """Return whether a row has not changed since it was submitted."""
    assert row.update is not None
    if row.unchanged:
        return not row.narrative and row.update.narrative.startswith(NO_CHANGE)
    values = {"narrative": row.narrative, **_repeated_values(row)}
    return all(getattr(row.update, name) == value for name, value in values.items())


def _progress_report(line: Line) -> ProgressReport:
    row = line.row
    assert row is not None
    if row.unchanged:
        assert line.last_update is not None
        return repeat_update(line.action, line.last_update)
    return _row_report(line.action, row)


def _row_report(action: Any, row: ReturnRow) -> ProgressReport:
    return ProgressReport(
        action=action, narrative=row.narrative, **_repeated_values(row), corrects=row.update
    )


def _repeated_values(row: ReturnRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in REPEATED_FIELDS} | {"percent": row.percent or 0}


def _write_rows(
    change: ReturnChange, rows: Sequence[ReturnRow], before: Sequence[FieldValues], verb: str
) -> None:
    """Save the rows that differ from their states before."""
    changed = [(row, old) for row, old, new in zip(rows, before, states_of(rows), strict=True) if new != old]
    if not changed:
        return
    for row, _ in changed:
        row.version += 1
    ReturnRow.objects.bulk_update([row for row, _ in changed], ["update", "question", "version"])
    items = [Item(verb=verb, target=row, before=old) for row, old in changed]
    append_many(actor=change.actor, ledger=change.ledger, at=change.at, items=items)


def _write(change: ReturnChange, before: FieldValues, verb: str) -> None:
    report = change.report
    report.version += 1
    report.save(update_fields=["state", "question", "submitted_at", "submitted_by", "version"])
    append(actor=change.actor, ledger=change.ledger, at=change.at, verb=verb, target=report, before=before)
