"""Allocation, progress, evidence and assurance."""

from django.core.files.uploadedfile import SimpleUploadedFile

from actions.actions.services import allocate_action
from actions.assurance.services import (
    assure_action,
    reopen_action,
    retest_action,
    return_action,
    submit_action,
)
from actions.evidence.services import add_evidence
from actions.models import Evidence, Question
from actions.progress.services import ProgressReport, report_progress
from actions.questions.services import answer_question, ask_question
from demo.reading import FILES
from demo.steps.step import ReplayError, Step, Verb, day


def _allocate(step: Step) -> None:
    action = step.action
    if action.lead is None:
        raise ReplayError("The plan names no lead organisation.")
    allocate_action(
        actor=step.actor,
        action=action,
        lead=action.lead,
        owner=step.person,
        due=step.due,
        starts_on=day(step.row["starts_on"]),
        note=step.row["note"],
        at=step.at,
    )


def _report(step: Step) -> None:
    row = step.row
    report = ProgressReport(
        action=step.action,
        narrative=row["narrative"],
        next_steps=row["next_steps"],
        state=row["state"],
        rag=row["rag"],
        reason=row["reason"],
        path_to_green=row["path_to_green"],
        percent=int(row["percent"]),
    )
    report_progress(actor=step.actor, report=report, at=step.at)


def _add_evidence(step: Step) -> None:
    """Add evidence, a file or a link; a title in `by_ref` makes it the next version of that evidence."""
    row, action = step.row, step.action
    earlier = row["by_ref"] and Evidence.objects.get(action=action, title=row["by_ref"], superseded_by=None)
    name = row["file"]
    add_evidence(
        actor=step.actor,
        action=action,
        title=row["title"],
        url=row["url"],
        file=SimpleUploadedFile(name, (FILES / name).read_bytes()) if name else None,
        expires_on=step.due,
        supersedes=earlier or None,
        at=step.at,
    )


def _submit(step: Step) -> None:
    submit_action(actor=step.actor, action=step.action, note=step.row["note"], at=step.at)


def _assure(step: Step) -> None:
    assure_action(actor=step.actor, action=step.action, note=step.row["note"], retest_on=step.due, at=step.at)


def _return(step: Step) -> None:
    return_action(actor=step.actor, action=step.action, note=step.row["note"], at=step.at)


def _retest(step: Step) -> None:
    retest_action(actor=step.actor, action=step.action, note=step.row["note"], retest_on=step.due, at=step.at)


def _reopen(step: Step) -> None:
    reopen_action(actor=step.actor, action=step.action, note=step.row["note"], at=step.at)


def _ask(step: Step) -> None:
    """Ask the organisation that the row names; without one, the owner."""
    organisation = step.organisation if step.row["organisation"] else None
    addressee = Question.Addressee.ORGANISATION if organisation else Question.Addressee.OWNER
    ask_question(
        actor=step.actor,
        action=step.action,
        addressee=addressee,
        organisation=organisation,
        text=step.row["note"],
        at=step.at,
    )


def _answer(step: Step) -> None:
    question = Question.objects.open().get(action=step.action)
    answer_question(actor=step.actor, question=question, answer=step.row["note"], at=step.at)


VERBS: dict[str, Verb] = {
    "allocate": _allocate,
    "progress": _report,
    "evidence_link": _add_evidence,
    "evidence_file": _add_evidence,
    "submit": _submit,
    "assure": _assure,
    "return": _return,
    "retest": _retest,
    "reopen": _reopen,
    "ask": _ask,
    "answer": _answer,
}
