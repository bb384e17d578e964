"""History, one recorded step at a time: each row of a history table is one service called by the one who acted."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from actions.models import Action, ClosureProposal
from actions.services import (
    add_evidence,
    allocate_action,
    assure_action,
    decide_closure,
    propose_closure,
    reopen_action,
    report_progress,
    retract_closure,
    return_action,
    submit_action,
)
from audit.clock import london_date
from demo.reading import FILES, Row, moment
from partners.models import Partnership, User


class ReplayError(ValueError):
    """A row of the history cannot be replayed: the message names the row."""


@dataclass(frozen=True)
class Step:
    """One row of the history with the people and the action it names."""

    row: Row
    partnership: Partnership
    actor: User
    at: datetime

    def action(self, ref: str) -> Action:
        """Fetch an action as the actor sees it on that day: nobody acts on what they cannot see."""
        visible = Action.objects.visible_to(self.actor, london_date(self.at))
        return visible.select_related("lead", "partnership").get(partnership=self.partnership, ref=ref)


def replay(row: Row, partnership: Partnership) -> None:
    """Carry out one row of a history table.

    Raises:
        ReplayError: when the row names someone or something unknown, or the service refuses it.
    """
    try:
        step = Step(row, partnership, User.objects.get_by_natural_key(row["actor"]), moment(row["at"]))
        VERBS[row["verb"]](step)
    except (ValidationError, PermissionDenied, ObjectDoesNotExist, LookupError, ValueError) as error:
        raise ReplayError(f"{row['at']} {row['actor']} {row['verb']} {row['ref']}: {error!r}") from error


def _allocate(step: Step) -> None:
    action = step.action(step.row["ref"])
    if action.lead is None:
        raise ReplayError("The plan names no lead organisation.")
    allocate_action(
        actor=step.actor,
        action=action,
        lead=action.lead,
        owner=User.objects.get_by_natural_key(step.row["owner"]),
        due=_date(step.row["due"]),
        starts_on=_date(step.row["starts_on"]),
        at=step.at,
    )


def _progress(step: Step) -> None:
    row = step.row
    report_progress(
        actor=step.actor,
        action=step.action(row["ref"]),
        narrative=row["narrative"],
        next_steps=row["next_steps"],
        state=row["state"],
        rag=row["rag"],
        reason=row["reason"],
        path_to_green=row["path_to_green"],
        percent=int(row["percent"]),
        at=step.at,
    )


def _evidence_link(step: Step) -> None:
    action = step.action(step.row["ref"])
    add_evidence(actor=step.actor, action=action, title=step.row["title"], url=step.row["url"], at=step.at)


def _evidence_file(step: Step) -> None:
    name = step.row["file"]
    file = SimpleUploadedFile(name, (FILES / name).read_bytes())
    action = step.action(step.row["ref"])
    add_evidence(actor=step.actor, action=action, title=step.row["title"], file=file, at=step.at)


def _submit(step: Step) -> None:
    submit_action(actor=step.actor, action=step.action(step.row["ref"]), note=step.row["note"], at=step.at)


def _assure(step: Step) -> None:
    assure_action(actor=step.actor, action=step.action(step.row["ref"]), note=step.row["note"], at=step.at)


def _return(step: Step) -> None:
    return_action(actor=step.actor, action=step.action(step.row["ref"]), note=step.row["note"], at=step.at)


def _reopen(step: Step) -> None:
    reopen_action(actor=step.actor, action=step.action(step.row["ref"]), note=step.row["note"], at=step.at)


def _propose_withdrawal(step: Step) -> None:
    propose_closure(
        actor=step.actor,
        action=step.action(step.row["ref"]),
        kind=ClosureProposal.Kind.WITHDRAW,
        reason=step.row["note"],
        at=step.at,
    )


def _propose_supersession(step: Step) -> None:
    propose_closure(
        actor=step.actor,
        action=step.action(step.row["ref"]),
        kind=ClosureProposal.Kind.SUPERSEDE,
        superseded_by=step.action(step.row["by_ref"]),
        reason=step.row["note"],
        at=step.at,
    )


def _decide_closure(step: Step, *, approve: bool) -> None:
    decide_closure(
        actor=step.actor,
        proposal=_open_proposal(step),
        approve=approve,
        reason=step.row["note"],
        reference=step.row["reference"],
        at=step.at,
    )


def _retract_closure(step: Step) -> None:
    retract_closure(actor=step.actor, proposal=_open_proposal(step), reason=step.row["note"], at=step.at)


def _open_proposal(step: Step) -> ClosureProposal:
    action = step.action(step.row["ref"])
    return ClosureProposal.objects.open().select_related("action__partnership").get(action=action)


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


VERBS: dict[str, Callable[[Step], None]] = {
    "allocate": _allocate,
    "progress": _progress,
    "evidence_link": _evidence_link,
    "evidence_file": _evidence_file,
    "submit": _submit,
    "assure": _assure,
    "return": _return,
    "reopen": _reopen,
    "propose_withdrawal": _propose_withdrawal,
    "propose_supersession": _propose_supersession,
    "approve_closure": partial(_decide_closure, approve=True),
    "refuse_closure": partial(_decide_closure, approve=False),
    "retract_closure": _retract_closure,
}
