"""The lists of My work: a person's tasks, the decisions among them, and their actions."""

from datetime import date
from typing import Any

from django.db.models import F, QuerySet

from actions.assurance.queries import with_returned
from actions.core.states import OPEN
from actions.models import Action
from audit.actors import Actor
from desk.escalations import services as escalations
from desk.my_work.services import (
    access_reviews,
    allocation,
    approvals,
    arisings,
    assurance,
    closing,
    dates,
    editions,
    evidence,
    handover,
    letters,
    milestones,
    papers,
    progress,
    questions,
    recommendations,
    rejections,
    returns,
    waits,
    webhooks,
)
from desk.my_work.services.candidates import with_candidates
from desk.reminders.services import with_reminders
from desk.tasks.task import Task
from partners.policies import reading_rights_once, rights_of

# Where tasks come from. Each module has a function `tasks` that yields the tasks of its capability, and is only asked
# for them if a row of its `candidates` exists.
DECISIONS = (assurance, closing, waits, letters, recommendations, dates, papers, editions, approvals)
SOURCES = (
    *DECISIONS,
    questions,
    milestones,
    rejections,
    returns,
    progress,
    allocation,
    evidence,
    handover,
    arisings,
    webhooks,
    access_reviews,
)
# The pages on which somebody else's request is answered.
DECISION_ROUTES = frozenset(
    {
        *("actions:assurance-give", "actions:action-retest", "actions:closure-decide"),
        *("actions:date-change-decide", "actions:dependency-answer"),
        *("inspections:letter-approve", "inspections:recommendation-judge"),
        *("reports:paper-approve", "reports:paper-issue"),
        *("reports:edition-approve", "reports:edition-publish"),
        "partners:approval",
    }
)


def my_tasks(*, actor: Actor, on: date, escalated: bool = True) -> list[Task]:
    """List the actor's tasks, the earliest due date first and those without a date last.

    A task is listed only if the actor can do it. Each source lists the most urgent reason for an action; updates that an
    open return asks for are part of the return's task.

    Args:
        escalated: whether to include items escalated to the actor.
    """
    sources = (*SOURCES, escalations) if escalated else SOURCES
    with reading_rights_once():
        tasks = _sorted_tasks(sources, actor, on)
        return sorted(with_reminders(tasks=tasks, rights=rights_of(actor, on)), key=Task.order)


def my_decisions(*, actor: Actor, on: date) -> list[Task]:
    """List the tasks that decide on somebody else's request, the earliest due date first."""
    return [task for task in _sorted_tasks(DECISIONS, actor, on) if task.route in DECISION_ROUTES]


def my_actions(*, actor: Actor, on: date) -> QuerySet[Action]:
    """List the open actions the actor owns or is the alternate for, the earliest due date first and those without one last."""
    actions = Action.objects.visible_to(actor, on).of_user(actor).filter(state__in=OPEN)
    return with_returned(actions.for_list()).order_by(F("due").asc(nulls_last=True), "ref")


def _sorted_tasks(sources: Any, actor: Actor, on: date) -> list[Task]:
    rights = rights_of(actor, on)
    candidates = {source: source.candidates for source in sources}
    possible = with_candidates(rights=rights, on=on, candidates=candidates)
    rows = [
        task
        for source in sources
        if source in possible
        for task in source.tasks(actor=actor, rights=rights, on=on)
    ]
    return sorted(rows, key=Task.order)
