"""Decisions: closure, due dates, publication, marking and handing over."""

from functools import partial

from actions.actions.services import edit_action
from actions.closing.services import decide_closure, propose_closure, retract_closure
from actions.dates.services import decide_date_change, request_date_change
from actions.disclosure.services import decide_publication
from actions.handover.services import hand_over
from actions.milestones.services import add_milestone, reach_milestone
from actions.models import ClosureProposal, DateChange, Milestone
from demo.steps.meetings import minute_called
from demo.steps.step import Step, Verb
from partners.models import User


def _propose_withdrawal(step: Step) -> None:
    propose_closure(
        actor=step.actor,
        action=step.action,
        kind=ClosureProposal.Kind.WITHDRAW,
        reason=step.row["note"],
        at=step.at,
    )


def _propose_supersession(step: Step) -> None:
    propose_closure(
        actor=step.actor,
        action=step.action,
        kind=ClosureProposal.Kind.SUPERSEDE,
        superseded_by=step.other_action,
        reason=step.row["note"],
        at=step.at,
    )


def _decide_closure(step: Step, *, approve: bool) -> None:
    decide_closure(
        actor=step.actor,
        proposal=_open_proposal(step),
        approve=approve,
        reason=step.row["note"],
        minute=minute_called(step, step.row["reference"]),
        at=step.at,
    )


def _withdraw_closure(step: Step) -> None:
    retract_closure(actor=step.actor, proposal=_open_proposal(step), reason=step.row["note"], at=step.at)


def _open_proposal(step: Step) -> ClosureProposal:
    return ClosureProposal.objects.open().select_related("action__partnership").get(action=step.action)


def _request_due_date(step: Step) -> None:
    request_date_change(
        actor=step.actor,
        action=step.action,
        new_due=step.on,
        reason=step.row["note"],
        at=step.at,
    )


def _decide_due_date(step: Step, *, approve: bool) -> None:
    date_change = DateChange.objects.open().select_related("action__partnership").get(action=step.action)
    decide_date_change(
        actor=step.actor,
        date_change=date_change,
        approve=approve,
        reason=step.row["note"],
        minute=minute_called(step, step.row["reference"]),
        at=step.at,
    )


def _add_milestone(step: Step) -> None:
    add_milestone(actor=step.actor, action=step.action, title=step.row["title"], due=step.on, at=step.at)


def _reach_milestone(step: Step) -> None:
    milestone = Milestone.objects.select_related("action__partnership").get(
        action=step.action, title=step.row["title"]
    )
    reach_milestone(actor=step.actor, milestone=milestone, reached_on=step.on, at=step.at)


def _decide_publication(step: Step) -> None:
    decision, _, exemption = step.row["state"].partition(" ")
    decide_publication(
        actor=step.actor,
        action=step.action,
        publication=decision,
        exemption=exemption,
        reason=step.row["note"],
        at=step.at,
    )


def _mark(step: Step) -> None:
    edit_action(
        actor=step.actor,
        action=step.action,
        marking=step.row["state"],
        handling_instruction=step.row["note"],
        at=step.at,
    )


def _hand_over(step: Step) -> None:
    hand_over(
        actor=step.actor,
        partnership=step.partnership,
        outgoing=User.objects.get_by_natural_key(step.row["by_ref"]),
        successor=step.person,
        note=step.row["note"],
        at=step.at,
    )


VERBS: dict[str, Verb] = {
    "propose_withdrawal": _propose_withdrawal,
    "propose_supersession": _propose_supersession,
    "approve_closure": partial(_decide_closure, approve=True),
    "reject_closure": partial(_decide_closure, approve=False),
    "withdraw_closure": _withdraw_closure,
    "request_due_date": _request_due_date,
    "approve_due_date": partial(_decide_due_date, approve=True),
    "reject_due_date": partial(_decide_due_date, approve=False),
    "milestone": _add_milestone,
    "reach": _reach_milestone,
    "publication": _decide_publication,
    "mark": _mark,
    "hand_over": _hand_over,
}
