"""A return that is given, and given back with a question."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError

from actions.core.policies import MANAGERS_ONLY
from actions.core.services.change import Refused
from actions.core.states import State
from actions.models import ProgressUpdate
from actions.progress.queries import History
from actions.progress.services import ProgressReport, report_errors, report_on_many
from audit.clock import london_date
from audit.services import Item, append, append_many, writing
from audit.state import state_of, states_of
from partners.policies import rights_of
from returns import policies
from returns.models import Return, ReturnRow
from returns.services.contents import (
    CARRIED,
    NO_CHANGE,
    STALE,
    Held,
    Line,
    carried,
    filling,
    lines,
    locked_return,
    why_not_unchanged,
)
from returns.states import ReturnState

NOTHING_SAID = "Say what was done, or that nothing changed."
TWO_ANSWERS = "Either say what was done, or that nothing changed: not both."
ANSWER_FIRST = "Answer the question: change what the return says of this action."
SAID_ALREADY = "This return already said what was done, so put that right instead."
Recorded = dict[str, Any]


def submit_return(*, actor: Any, report: Return, version: int | None, at: datetime) -> Return:
    """Give a return: each of its rows becomes a progress update, all of them or none.

    Given again after a question, a row that was changed becomes an update that corrects the earlier one, and the
    other rows stay as they were given. The number of queries does not grow with the rows.

    Raises:
        PermissionDenied: unless the actor speaks for the organisation on the day.
        Refused: a ValidationError that holds what each action's row lacks, keyed `field_<action id>`.
        ValidationError: code `state` when the return was submitted already, or closed; code `conflict` when it
            changed since it was read through.
    """
    with filling(actor=actor, report=report, at=at) as held:
        report = held.report
        if version is not None and report.version != version:
            raise ValidationError(STALE, code="conflict", params={"version": report.version})
        shown = lines(report, held.on)
        said = _complete(report, [line for line in shown if line.takes_answer])
        updates = report_on_many(actor=actor, reports=said, at=at, period=report.period_start)
        by_action = {update.action_id: update for update in updates}
        before = state_of(report)
        rows = [line.row for line in shown if line.row is not None]
        was = states_of(rows)
        for row in rows:
            row.update = by_action.get(row.action_id, row.update)
            row.question = ""
        _write_rows(held, rows, was, "return_row.submitted")
        report.state, report.question = ReturnState.SUBMITTED, ""
        report.submitted_at, report.submitted_by = at, actor
        _write(held, before, "return.submitted")
    return report


def question_return(
    *, actor: Any, report: Return, question: str, rows: Mapping[int, str], at: datetime
) -> Return:
    """Give a submitted return back with a question about the whole, about some of its actions, or both.

    Args:
        rows: questions by the action's id; empty ones are none.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: keyed by field, `question` or `question_<action id>`, without any question, or about an action
            that the return says nothing of; code `state` when it is not submitted.
    """
    on = london_date(at)
    with writing(report.plan.partnership.ledger_id) as ledger:
        report = locked_return(report)
        held = Held(report, actor, at, ledger)
        if not policies.may_question(rights_of(actor, on), report):
            raise PermissionDenied(MANAGERS_ONLY)
        if report.state != ReturnState.SUBMITTED:
            raise ValidationError(
                f"This return is {report.get_state_display().lower()}, so it cannot be given back.",
                code="state",
            )
        before = state_of(report)
        asked, was = _asked(report, question, {pk: text.strip() for pk, text in rows.items() if text.strip()})
        _write_rows(held, asked, was, "return_row.questioned")
        report.state = ReturnState.RETURNED
        _write(held, before, "return.questioned")
    return report


def _asked(report: Return, question: str, rows: Mapping[int, str]) -> tuple[list[ReturnRow], list[Recorded]]:
    """Put the questions where they belong; return the rows asked about, and how they stood before."""
    if not question.strip() and not rows:
        raise ValidationError({"question": "Ask a question about the return, or about one of its actions."})
    given = report.rows.filter(action__in=rows, update__isnull=False).select_related("action")
    found = {row.action_id: row for row in given}
    was = states_of(list(found.values()))
    errors: dict[str, Any] = {
        f"question_{pk}": "The return says nothing of this action." for pk in rows if pk not in found
    }
    report.question = question.strip()
    errors |= _unfit_question(report, "question")
    for pk, text in rows.items():
        if pk in found:
            found[pk].question = text
            errors |= _unfit_question(found[pk], f"question_{pk}")
    if errors:
        raise ValidationError(errors)
    return list(found.values()), was


def _unfit_question(asked: Return | ReturnRow, key: str) -> dict[str, list[ValidationError]]:
    """Return what is wrong with a question: too long, or personal data in it."""
    others = {field.name for field in asked._meta.concrete_fields} - {"question"}
    try:
        asked.clean_fields(exclude=others)
    except ValidationError as error:
        return {key: error.error_dict["question"]}
    return {}


def _complete(report: Return, answers: Sequence[Line]) -> list[ProgressReport]:
    """Return what the rows say of their actions, or refuse with what each of them lacks."""
    again = report.state == ReturnState.RETURNED
    said: list[ProgressReport] = []
    lacking: dict[int, ValidationError] = {}
    for line in answers:
        lacks = _lacks_again(line) if again else _lacks(line)
        if lacks:
            lacking[line.action.pk] = ValidationError(dict(lacks))
        elif line.row is not None and not (again and _stays(line.row)):
            said.append(_said(line))
    if lacking:
        raise Refused(lacking)
    return _correcting(said) if again else said


def _correcting(said: Sequence[ProgressReport]) -> list[ProgressReport]:
    """Let each correct the newest update of its line: one may have been put right on the action's page meanwhile."""
    history = History.of([each.action.pk for each in said])
    newest = {each.action.pk: history.newest(each.corrects.pk) for each in said if each.corrects is not None}
    updates = ProgressUpdate.objects.in_bulk(newest.values())
    return [replace(each, corrects=updates[newest[each.action.pk]]) for each in said]


def _lacks(line: Line) -> Mapping[str, str]:
    row = line.row
    if row is None or not (row.unchanged or row.narrative):
        return {"narrative": NOTHING_SAID}
    if not row.unchanged:
        return _unfit(line.action, row)
    if reason := why_not_unchanged(update=line.last):
        return {"unchanged": reason}
    given = [name for name in CARRIED if getattr(row, name) not in ("", None)]
    if row.narrative or any(getattr(row, name) != getattr(line.last, name) for name in given):
        return {"unchanged": TWO_ANSWERS}
    return {}


def _lacks_again(line: Line) -> Mapping[str, str]:
    row = line.row
    assert row is not None  # only what was submitted is asked again
    assert row.update is not None
    if _stays(row):
        return {"narrative": ANSWER_FIRST} if row.question else {}
    if row.unchanged:
        return {"unchanged": SAID_ALREADY if not row.narrative else TWO_ANSWERS}
    return _unfit(line.action, row) if row.narrative else {"narrative": NOTHING_SAID}


def _unfit(action: Any, row: ReturnRow) -> Mapping[str, str]:
    if row.state == State.IN_PROGRESS and row.percent is None:
        return {
            **report_errors(report=_words(action, row)),
            "percent": "Enter how much is done, from 0 to 100.",
        }
    return report_errors(report=_words(action, row))


def _stays(row: ReturnRow) -> bool:
    """Say whether a row says what it said when it was submitted."""
    assert row.update is not None
    if row.unchanged:
        return not row.narrative and row.update.narrative.startswith(NO_CHANGE)
    said = {"narrative": row.narrative, **_standing(row)}
    return all(getattr(row.update, name) == value for name, value in said.items())


def _said(line: Line) -> ProgressReport:
    row = line.row
    assert row is not None
    if row.unchanged:
        assert line.last is not None
        return carried(line.action, line.last)
    return _words(line.action, row)


def _words(action: Any, row: ReturnRow) -> ProgressReport:
    return ProgressReport(action=action, narrative=row.narrative, **_standing(row), corrects=row.update)


def _standing(row: ReturnRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in CARRIED} | {"percent": row.percent or 0}


def _write_rows(held: Held, rows: Sequence[ReturnRow], was: Sequence[Recorded], verb: str) -> None:
    """Write the rows that differ from how they were."""
    moved = [(row, old) for row, old, new in zip(rows, was, states_of(rows), strict=True) if new != old]
    if not moved:
        return
    for row, _ in moved:
        row.version += 1
    ReturnRow.objects.bulk_update([row for row, _ in moved], ["update", "question", "version"])
    items = [Item(verb=verb, target=row, before=old) for row, old in moved]
    append_many(actor=held.actor, ledger=held.ledger, at=held.at, items=items)


def _write(held: Held, before: Recorded, verb: str) -> None:
    report = held.report
    report.version += 1
    report.save(update_fields=["state", "question", "submitted_at", "submitted_by", "version"])
    append(actor=held.actor, ledger=held.ledger, at=held.at, verb=verb, target=report, before=before)
