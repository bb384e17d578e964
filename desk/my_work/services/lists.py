"""The lists of My work: a person's tasks, the decisions among them, and their actions."""

from collections.abc import Callable, Iterator, Sequence
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
    evidence,
    handover,
    letters,
    papers,
    progress,
    questions,
    recommendations,
    returns,
    waits,
    webhooks,
)
from desk.my_work.services.candidates import with_candidates
from desk.reminders.services import with_reminders
from desk.tasks.task import Task
from partners.policies import reading_rights_once, rights_of

Source = Callable[..., Iterator[Task]]
# Where tasks come from: functions that yield the tasks of a capability.
DECISIONS: tuple[Source, ...] = (
    *(assurance.tasks, closing.tasks, waits.tasks, letters.tasks),
    *(recommendations.tasks, dates.to_decide, dates.milestones, dates.rejected),
    *(papers.tasks, approvals.tasks),
)
SOURCES: tuple[Source, ...] = (
    *DECISIONS,
    *(questions.tasks, returns.tasks, progress.tasks, allocation.tasks, evidence.tasks),
    *(handover.tasks, arisings.tasks, webhooks.tasks, access_reviews.tasks),
)
# Rows without which a source has no tasks. Where there are none, it is not asked.
CANDIDATES: dict[Source, Callable[..., QuerySet[Any]]] = {
    closing.tasks: closing.candidates,
    waits.tasks: waits.candidates,
    dates.to_decide: dates.open_requests,
    dates.milestones: dates.late_milestones,
    dates.rejected: dates.rejections,
    questions.tasks: questions.candidates,
    progress.tasks: progress.candidates,
    evidence.tasks: evidence.candidates,
    arisings.tasks: arisings.candidates,
    webhooks.tasks: webhooks.candidates,
    escalations.tasks: escalations.candidates,
}
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
    sources = (*SOURCES, escalations.tasks) if escalated else SOURCES
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


def _sorted_tasks(sources: Sequence[Source], actor: Actor, on: date) -> list[Task]:
    rights = rights_of(actor, on)
    candidates = {
        source: CANDIDATES[source](rights=rights, on=on) for source in sources if source in CANDIDATES
    }
    empty = candidates.keys() - with_candidates(rights=rights, candidates=candidates)
    rows = [
        task
        for source in sources
        if source not in empty
        for task in source(actor=actor, rights=rights, on=on)
    ]
    return sorted(rows, key=Task.order)
