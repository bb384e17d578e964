"""Actions that wait for an auditor's judgement."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from actions import policies
from actions.models import Action, ProgressUpdate
from actions.states import State
from desk.services.tasks import DECIDE, Task
from partners.policies import Rights, Role


def tasks(*, actor: Any, rights: Rights, on: date) -> Iterator[Task]:
    """What an auditor may judge; what somebody else has to judge is left out."""
    audited = rights.partnerships(Role.AUDITOR)
    if not audited:
        return
    waiting = list(
        Action.objects.visible_to(actor, on)
        .filter(partnership__in=audited, state=State.AWAITING_ASSURANCE)
        .for_list()
    )
    own = set(
        ProgressUpdate.objects.filter(action__in=waiting, author=actor).values_list("action", flat=True)
    )
    for action in waiting:
        authors = {actor.pk} if action.pk in own else set()
        if not policies.why_not_assure(rights, action, authors):
            reason = f"{action.owner} says it is done"
            yield Task(action, "Judge", reason, "actions:assurance-give", DECIDE, action.due)
