"""Open actions whose owner has left."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from actions.handover.services import departures
from actions.models import Action
from audit.actors import Actor
from desk.tasks.subjects import of_plan
from desk.tasks.task import DECIDE, Task
from partners.policies import Rights, Role

if TYPE_CHECKING:
    from django.db.models import QuerySet


def candidates(*, rights: Rights, on: date) -> "QuerySet[Any]":
    managed = rights.partnerships(Role.PROGRAMME_MANAGER)
    return Action.objects.filter(partnership__in=managed).orphaned(on)


def tasks(*, actor: Actor, rights: Rights, on: date) -> Iterator[Task]:
    """Yield one task for each person who left, however many actions they own."""
    managed = rights.partnerships(Role.PROGRAMME_MANAGER)
    if not managed:
        return
    visible = Action.objects.visible_to(actor, on).filter(partnership__in=managed)
    orphans = visible.orphaned(on).select_related("plan", "owner").order_by()
    owned: dict[tuple[int, int], list[Action]] = {}
    for action in sorted(orphans, key=lambda action: (action.due or date.max, action.ref)):
        assert action.owner_id is not None
        owned.setdefault((action.partnership_id, action.owner_id), []).append(action)
    reasons = departures(actions=[actions[0] for actions in owned.values()], on=on)
    for (partnership_id, owner_id), actions in owned.items():
        number = (
            gettext("1 action needs")
            if len(actions) == 1
            else gettext("{number} actions need").format(number=len(actions))
        )
        first = actions[0]
        yield Task(
            of_plan(first.plan, gettext("the work of {owner}").format(owner=first.owner), first.marking),
            gettext("Hand over"),
            gettext("{reasons}: {number} a new owner").format(
                reasons=reasons[partnership_id, owner_id], number=number
            ),
            "actions:hand-over",
            DECIDE,
            query=f"?outgoing={owner_id}",
        )
