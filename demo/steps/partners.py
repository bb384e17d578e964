"""What an action waits for from partners, and the parts its districts deliver."""

from dataclasses import replace

from actions.districts.services import split_by_district, suggested_parts
from actions.models import Dependency
from actions.waits.services import answer_dependency, close_dependency, request_dependency
from audit.clock import london_date
from demo.steps.step import Step, Verb, day


def _wait(step: Step) -> None:
    request_dependency(
        actor=step.actor,
        action=step.action,
        organisation=step.organisation,
        needed=step.row["title"],
        since=day(step.row["starts_on"]),
        wanted_by=step.due,
        at=step.at,
    )


def _answer(step: Step) -> None:
    answer_dependency(
        actor=step.actor,
        dependency=_waited_for(step),
        accept=step.row["state"] == "acknowledged",
        answer=step.row["note"],
        expected_on=step.due,
        at=step.at,
    )


def _received(step: Step) -> None:
    close_dependency(
        actor=step.actor, dependency=_waited_for(step), met=True, ending=step.row["note"], at=step.at
    )


def _waited_for(step: Step) -> Dependency:
    rows = Dependency.objects.open().select_related("action__partnership", "organisation")
    return rows.get(action=step.action, organisation=step.organisation)


def _by_districts(step: Step) -> None:
    """Make a part for each district, owned by its SPOC and due on the day the row gives."""
    action = step.action
    parts = suggested_parts(actor=step.actor, action=action, on=london_date(step.at))
    dated = [replace(part, due=step.due) for part in parts]
    split_by_district(actor=step.actor, action=action, parts=dated, at=step.at)


VERBS: dict[str, Verb] = {
    "wait": _wait,
    "answer": _answer,
    "received": _received,
    "by_districts": _by_districts,
}
