"""Late milestones of the actions that the person leads."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from actions.core.states import REPORTABLE
from actions.models import Milestone
from audit.actors import Actor
from desk.my_work.services.candidates import may_lead
from desk.my_work.services.led import led_actions
from desk.tasks.subjects import of_action
from desk.tasks.task import OVERDUE, Task
from partners.policies import Rights

if TYPE_CHECKING:
    from django.db.models import QuerySet


def candidates(*, rights: Rights, on: date) -> "QuerySet[Any]":
    return _late(on).filter(may_lead(rights), action__state__in=REPORTABLE)


def tasks(*, actor: Actor, rights: Rights, on: date) -> Iterator[Task]:
    """Yield for each action its first late milestone."""
    late = _late(on).filter(action__in=led_actions(actor=actor, on=on))
    listed: set[int] = set()
    for row in late.select_related("action__plan", "action__pillar"):
        if row.action_id not in listed:
            listed.add(row.action_id)
            reason = gettext("Its milestone “{title}” has not been reached yet").format(title=row.title)
            yield Task(
                of_action(row.action),
                gettext("Update a milestone of"),
                reason,
                "actions:milestone-edit",
                OVERDUE,
                row.due,
                ("milestone", row.pk),
                dated=gettext("Milestone due"),
            )


def _late(on: date) -> "QuerySet[Milestone]":
    return Milestone.objects.filter(reached_on=None, dropped_on=None, due__lt=on)
