"""What is asked for and decided: closing, dates, publication, marking, and who answers for what."""

from functools import partial

from actions.actions.services import edit_action
from actions.closing.services import decide_closure, propose_closure, retract_closure
from actions.dates.services import decide_date_change, request_date_change
from actions.disclosure.services import decide_publication
from actions.handover.services import hand_over
from actions.milestones.services import add_milestone, reach_milestone
from actions.models import ClosureProposal, DateChange, Milestone
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
        reference=step.row["reference"],
        at=step.at,
    )


def _retract_closure(step: Step) -> None:
    retract_closure(actor=step.actor, proposal=_open_proposal(step), reason=step.row["note"], at=step.at)


def _open_proposal(step: Step) -> ClosureProposal:
    return ClosureProposal.objects.open().select_related("action__partnership").get(action=step.action)


def _ask_for_date(step: Step) -> None:
    request_date_change(
        actor=step.actor,
        action=step.action,
        new_due=step.on,
        reason=step.row["note"],
        at=step.at,
    )


def _decide_date(step: Step, *, approve: bool) -> None:
    asked = DateChange.objects.open().select_related("action__partnership").get(action=step.action)
    decide_date_change(
        actor=step.actor,
        date_change=asked,
        approve=approve,
        reason=step.row["note"],
        reference=step.row["reference"],
        at=step.at,
    )


def _milestone(step: Step) -> None:
    add_milestone(actor=step.actor, action=step.action, title=step.row["title"], due=step.on, at=step.at)


def _reach(step: Step) -> None:
    milestone = Milestone.objects.select_related("action__partnership").get(
        action=step.action, title=step.row["title"]
    )
    reach_milestone(actor=step.actor, milestone=milestone, reached_on=step.on, at=step.at)


def _publication(step: Step) -> None:
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
    "refuse_closure": partial(_decide_closure, approve=False),
    "retract_closure": _retract_closure,
    "ask_for_date": _ask_for_date,
    "approve_date": partial(_decide_date, approve=True),
    "refuse_date": partial(_decide_date, approve=False),
    "milestone": _milestone,
    "reach": _reach,
    "publication": _publication,
    "mark": _mark,
    "hand_over": _hand_over,
}
