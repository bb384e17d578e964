"""Actions that need an owner."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext

from actions.models import Action
from audit.actors import Actor
from desk.tasks.subjects import of_action
from desk.tasks.task import DECIDE, Task
from partners.policies import Rights, Role


def tasks(*, actor: Actor, rights: Rights, on: date) -> Iterator[Task]:
    """Yield the actions a programme manager has to allocate."""
    managed = rights.partnerships(Role.PROGRAMME_MANAGER)
    if not managed:
        return
    actions = Action.objects.visible_to(actor, on).filter(partnership__in=managed)
    for action in actions.awaiting_allocation().for_list():
        yield Task(
            of_action(action),
            gettext("Allocate"),
            gettext("It has no owner yet"),
            "actions:action-allocate",
            DECIDE,
            action.due,
        )
