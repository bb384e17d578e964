"""Actions that wait for somebody to answer for them."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from actions.models import Action
from desk.tasks.tasks import DECIDE, Task
from partners.policies import Rights, Role


def tasks(*, actor: Any, rights: Rights, on: date) -> Iterator[Task]:
    """What a programme manager has to give an owner and a date."""
    managed = rights.partnerships(Role.PROGRAMME_MANAGER)
    if not managed:
        return
    seen = Action.objects.visible_to(actor, on).filter(partnership__in=managed)
    for action in seen.awaiting_allocation().for_list():
        yield Task(action, "Allocate", "It has no owner yet", "actions:action-allocate", DECIDE, action.due)
