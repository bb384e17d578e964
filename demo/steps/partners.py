"""Requests to partners, and district actions."""

from dataclasses import replace

from actions.districts.services import split_by_district, suggested_parts
from actions.models import Dependency
from actions.waits.services import answer_dependency, close_dependency, request_dependency
from audit.clock import london_date
from demo.steps.step import Step, Verb, day


def _request(step: Step) -> None:
    request_dependency(
        actor=step.actor,
        action=step.action,
        organisation=step.organisation,
        needed=step.row["title"],
        since=day(step.row["starts_on"]),
        needed_by=step.due,
        at=step.at,
    )


def _answer(step: Step) -> None:
    answer_dependency(
        actor=step.actor,
        dependency=_open_request(step),
        accept=step.row["state"] == "acknowledged",
        answer=step.row["note"],
        expected_on=step.due,
        at=step.at,
    )


def _close(step: Step) -> None:
    close_dependency(
        actor=step.actor, dependency=_open_request(step), met=True, ending=step.row["note"], at=step.at
    )


def _open_request(step: Step) -> Dependency:
    rows = Dependency.objects.open().select_related("action__partnership", "organisation")
    return rows.get(action=step.action, organisation=step.organisation)


def _deliver_by_districts(step: Step) -> None:
    """Make a part for each district, owned by its SPOC and due on the day the row gives."""
    action = step.action
    parts = suggested_parts(actor=step.actor, action=action, on=london_date(step.at))
    dated_parts = [replace(part, due=step.due) for part in parts]
    split_by_district(actor=step.actor, action=action, parts=dated_parts, at=step.at)


VERBS: dict[str, Verb] = {
    "request_from_partner": _request,
    "answer_partner": _answer,
    "close_partner_request": _close,
    "by_districts": _deliver_by_districts,
}
