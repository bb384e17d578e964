"""Actions that wait for an auditor's judgement, and complete ones whose re-test is due."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from actions.assurance import policies
from actions.core.querysets import ActionQuerySet
from actions.core.states import State
from actions.models import Action, ProgressUpdate
from desk.tasks.tasks import DECIDE, Task
from partners.policies import Rights, Role


def tasks(*, actor: Any, rights: Rights, on: date) -> Iterator[Task]:
    """What an auditor may judge; what somebody else has to judge is left out."""
    audited = rights.partnerships(Role.AUDITOR)
    if not audited:
        return
    seen = Action.objects.visible_to(actor, on).filter(partnership__in=audited)
    for action in _judged_by(actor, rights, seen.filter(state=State.AWAITING_ASSURANCE)):
        reason = f"{action.owner} says it is done"
        yield Task(action, "Judge", reason, "actions:assurance-give", DECIDE, action.due)
    for action in _judged_by(actor, rights, seen.retest_due(on).filter(by_districts=False)):
        yield Task(action, "Re-test", _since(action, on), "actions:action-retest", DECIDE, action.retest_on)


def _judged_by(actor: Any, rights: Rights, rows: ActionQuerySet) -> Iterator[Action]:
    actions = list(rows.for_list())
    own = set(
        ProgressUpdate.objects.filter(action__in=actions, author=actor).values_list("action", flat=True)
    )
    for action in actions:
        if not policies.why_not_assure(rights, action, {actor.pk} if action.pk in own else set()):
            yield action


def _since(action: Action, on: date) -> str:
    due = "today" if action.retest_on == on else f"since {action.retest_on:%-d %B %Y}"
    return f"Complete on {action.closed_on:%-d %B %Y}, its re-test is due {due}"
