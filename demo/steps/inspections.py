"""Inspections, their findings with their status, and the response to the report."""

from datetime import date
from typing import Any

from demo.reading import Row
from demo.steps.step import Step, Verb, day
from inspections.core.states import State
from inspections.findings.services.inspections import save_inspection
from inspections.findings.services.links import link_action
from inspections.findings.services.own_statuses import (
    answer_recommendation,
    judge_recommendation,
    propose_recommendation,
    start_recommendation,
)
from inspections.findings.services.recommendations import save_recommendation
from inspections.findings.services.register import record_register_status
from inspections.letters.services import approve_letter, draft_letter, publish_letter, record_despatch
from inspections.models import Inspection, PublishedResponse, Recommendation
from inspections.responses.services.responses import write_response
from inspections.responses.services.section55 import invite_comments, record_comments

INSPECTION = ("title", "short_title", "body", "body_kind", "kind", "marking", "handling_instruction")


def _add_inspection(step: Step) -> None:
    details: dict[str, Any] = {name: step.row[name] for name in INSPECTION}
    save_inspection(
        actor=step.actor,
        inspection=Inspection(partnership=step.partnership),
        fieldwork_from=day(step.row["fieldwork_from"]),
        fieldwork_to=day(step.row["fieldwork_to"]),
        at=step.at,
        **details,
    )


def _add_finding(step: Step) -> None:
    """Add a finding without number, deadline or the report's own words: none of them are in the sources."""
    save_recommendation(
        actor=step.actor,
        recommendation=Recommendation(inspection=_inspection(step, step.row["inspection"])),
        kind=step.row["kind"],
        text=step.row["text"],
        paraphrased=True,
        addressee=step.row["addressee"],
        lead=step.organisation_called(step.row["lead"]),
        at=step.at,
    )


def _publish_report(step: Step) -> None:
    save_inspection(actor=step.actor, inspection=_report(step), published_on=_on(step), at=step.at)


def _link(step: Step) -> None:
    link_action(
        actor=step.actor,
        recommendation=_finding(step),
        action=step.action,
        answers=step.row["text"],
        at=step.at,
    )


def _accept(step: Step) -> None:
    answer_recommendation(actor=step.actor, recommendation=_finding(step), answer=State.ACCEPTED, at=step.at)


def _partly_accept(step: Step) -> None:
    answer_recommendation(
        actor=step.actor,
        recommendation=_finding(step),
        answer=State.PARTLY_ACCEPTED,
        reason=step.row["note"],
        at=step.at,
    )


def _start(step: Step) -> None:
    start_recommendation(actor=step.actor, recommendation=_finding(step), at=step.at)


def _propose(step: Step) -> None:
    propose_recommendation(
        actor=step.actor, recommendation=_finding(step), reason=step.row["note"], at=step.at
    )


def _assess(step: Step) -> None:
    judge_recommendation(
        actor=step.actor,
        recommendation=_finding(step),
        outcome=step.row["state"],
        reason=step.row["note"],
        at=step.at,
    )


def _register(step: Step) -> None:
    record_register_status(
        actor=step.actor,
        recommendation=_finding(step),
        state=step.row["state"],
        as_at=_on(step),
        comment=step.row["text"],
        at=step.at,
    )


def _invite(step: Step) -> None:
    """Invite the chief officer's comments; their deadline is in `by`."""
    invite_comments(
        actor=step.actor,
        inspection=_report(step),
        invited_on=_on(step),
        due_on=date.fromisoformat(step.row["by"]),
        at=step.at,
    )


def _comments(step: Step) -> None:
    record_comments(
        actor=step.actor,
        inspection=_report(step),
        received_on=_on(step),
        comments=step.row["text"],
        at=step.at,
    )


def _respond(step: Step) -> None:
    write_response(
        actor=step.actor,
        recommendation=_finding(step),
        kind=step.row["state"],
        text=step.row["text"],
        at=step.at,
    )


def _draft_letter(step: Step) -> None:
    """Draft the letter: `by` signs it, `text` is its introduction and `note` its closing."""
    draft_letter(
        actor=step.actor,
        inspection=_report(step),
        dated=_on(step),
        signatory=step.row["by"],
        introduction=step.row["text"],
        closing=step.row["note"],
        at=step.at,
    )


def _approve_letter(step: Step) -> None:
    approve_letter(actor=step.actor, letter=_letter(step), at=step.at)


def _publish_letter(step: Step) -> None:
    publish_letter(
        actor=step.actor,
        letter=_letter(step),
        published_on=_on(step),
        publication_url=step.row["text"],
        at=step.at,
    )


def _despatch_letter(step: Step) -> None:
    record_despatch(
        actor=step.actor,
        letter=_letter(step),
        sent_to_secretary_of_state_on=_on(step),
        sent_to_inspectors_on=_on(step),
        at=step.at,
    )


def _inspection(step: Step, short_title: str) -> Inspection:
    return Inspection.objects.select_related("partnership").get(
        partnership=step.partnership, short_title=short_title
    )


def _report(step: Step) -> Inspection:
    return _inspection(step, step.row["finding"])


def _finding(step: Step) -> Recommendation:
    """Fetch the finding by its key in the table of recommendations: the reports' own numbers are unknown."""
    row = _recommendation_rows(step)[step.row["finding"]]
    recommendations = Recommendation.objects.select_related("inspection__partnership")
    return recommendations.get(inspection=_inspection(step, row["inspection"]), text=row["text"])


def _recommendation_rows(step: Step) -> dict[str, Row]:
    return {row["key"]: row for row in step.tables.rows("recommendations.csv")}


def _letter(step: Step) -> PublishedResponse:
    letters = PublishedResponse.objects.select_related("inspection__partnership")
    return letters.get(inspection=_report(step))


def _on(step: Step) -> date:
    return date.fromisoformat(step.row["on"])


VERBS: dict[str, Verb] = {
    "add_inspection": _add_inspection,
    "add_finding": _add_finding,
    "publish_report": _publish_report,
    "link_action": _link,
    "accept": _accept,
    "partly_accept": _partly_accept,
    "start": _start,
    "propose_finding": _propose,
    "assess_finding": _assess,
    "register": _register,
    "invite_comments": _invite,
    "record_comments": _comments,
    "respond": _respond,
    "draft_letter": _draft_letter,
    "approve_letter": _approve_letter,
    "publish_letter": _publish_letter,
    "despatch_letter": _despatch_letter,
}
