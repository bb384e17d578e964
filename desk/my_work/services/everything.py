"""What is wanted from a person, and by when. It reads; the work itself is done in the apps below."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import F

from actions.assurance.queries import with_returned
from actions.core.states import OPEN
from actions.models import Action
from desk.escalations.services import escalating as escalations
from desk.my_work.services import (
    allocation,
    assurance,
    closing,
    evidence,
    letters,
    progress,
    recommendations,
    returns,
    webhooks,
)
from desk.my_work.services import dates as schedule
from desk.my_work.services import handover as succession
from desk.my_work.services import waits as dependencies
from desk.tasks.tasks import OnFinding, OnReport, OnReturn, OnWebhook, Task
from partners.policies import reading_rights_once, rights_of

__all__ = ["OnFinding", "OnReport", "OnReturn", "OnWebhook", "Task", "Wanted", "my_actions", "my_work"]

Wanted = Task | OnFinding | OnReport | OnReturn | OnWebhook


def my_work(*, actor: Any, on: date, escalated: bool = True) -> list[Wanted]:
    """List what is wanted from the actor, the earliest date first and what has no date last.

    Only what the actor can do something about is listed. Of an action, a room lists its most pressing reason; the
    updates that an open return asks for are folded into the return's line.

    Args:
        escalated: whether what climbed to the actor is listed too.
    """
    rooms = (
        *(returns, progress, allocation, assurance, closing, dependencies, evidence, schedule, succession),
        *(recommendations, letters, webhooks),
        *((escalations,) if escalated else ()),
    )
    found: list[Wanted] = []
    with reading_rights_once():
        rights = rights_of(actor, on)
        for room in rooms:
            found += room.tasks(actor=actor, rights=rights, on=on)
    return sorted(found, key=lambda task: task.order())


def my_actions(*, actor: Any, on: date) -> Iterable[Action]:
    """List the open actions the actor owns or is the alternate for, the earliest due date first and those without one last."""
    actions = Action.objects.visible_to(actor, on).of_user(actor).filter(state__in=OPEN)
    return with_returned(actions.for_list()).order_by(F("due").asc(nulls_last=True), "ref")
