"""Actions that need an owner."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from actions.models import Action
from audit.actors import Actor
from desk.tasks.subjects import of_action
from desk.tasks.task import DECIDE, Task
from partners.policies import Rights, Role

if TYPE_CHECKING:
    from django.db.models import QuerySet


def candidates(*, rights: Rights, on: date) -> "QuerySet[Any]":
    managed = rights.partnerships(Role.PROGRAMME_MANAGER)
    return Action.objects.filter(partnership__in=managed).awaiting_allocation()


def tasks(*, actor: Actor, rights: Rights, on: date) -> Iterator[Task]:
    """Yield the actions a programme manager has to allocate."""
    managed = rights.partnerships(Role.PROGRAMME_MANAGER)
    if not managed:
        return
    actions = Action.objects.visible_to(actor, on).filter(partnership__in=managed)
    for action in actions.awaiting_allocation().select_related("plan", "pillar").order_by():
        yield Task(
            of_action(action),
            gettext("Allocate"),
            gettext("It has no owner yet"),
            "actions:action-allocate",
            DECIDE,
            action.due,
        )
