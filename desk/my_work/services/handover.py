"""What somebody who left still answers for."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from actions.handover.services import departures
from actions.models import Action
from desk.tasks.tasks import DECIDE, Gathered
from partners.policies import Rights, Role


def tasks(*, actor: Any, rights: Rights, on: date) -> Iterator[Gathered]:
    """What a programme manager has to hand over: one line for each person who left, however much they owned."""
    managed = rights.partnerships(Role.PROGRAMME_MANAGER)
    if not managed:
        return
    orphans = Action.objects.visible_to(actor, on).filter(partnership__in=managed).orphaned(on)
    owned: dict[tuple[int, int], list[Action]] = {}
    for action in orphans.for_list().order_by("due", "ref"):
        assert action.owner_id is not None
        owned.setdefault((action.partnership_id, action.owner_id), []).append(action)
    left = departures(actions=[actions[0] for actions in owned.values()], on=on)
    for (partnership_id, owner_id), actions in owned.items():
        number = "1 action needs" if len(actions) == 1 else f"{len(actions)} actions need"
        yield Gathered(
            actions[0],
            "Hand over",
            f"{left[partnership_id, owner_id]}: {number} a new owner",
            "actions:hand-over",
            DECIDE,
            subject=f"the work of {actions[0].owner}",
            query=f"?outgoing={owner_id}",
        )
