"""Actions that wait for assurance, and complete ones whose re-test is due."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext

from actions.assurance import policies
from actions.core.querysets import ActionQuerySet
from actions.core.states import State
from actions.models import Action, ProgressUpdate
from audit.actors import Actor, account_of
from desk.tasks.subjects import of_action
from desk.tasks.task import DECIDE, Task
from partners.policies import Rights, Role
from web.language import day_text

if TYPE_CHECKING:
    from django.db.models import QuerySet


def candidates(*, rights: Rights, on: date) -> "QuerySet[Any]":
    actions = Action.objects.filter(partnership__in=rights.partnerships(Role.AUDITOR))
    return actions.filter(Q(state=State.AWAITING_ASSURANCE) | Q(pk__in=actions.retest_due(on)))


def tasks(*, actor: Actor, rights: Rights, on: date) -> Iterator[Task]:
    """Yield what the actor may assure as an auditor, and nothing that only somebody else may."""
    audited = rights.partnerships(Role.AUDITOR)
    if not audited:
        return
    actions = Action.objects.visible_to(actor, on).filter(partnership__in=audited)
    for action in _assurable(actor, rights, actions.filter(state=State.AWAITING_ASSURANCE)):
        reason = gettext("{owner} submitted it for assurance").format(owner=action.owner)
        yield Task(of_action(action), gettext("Assure"), reason, "actions:assurance-give", DECIDE, action.due)
    for action in _assurable(actor, rights, actions.retest_due(on).filter(by_districts=False)):
        reason = _retest_reason(action, on)
        yield Task(
            of_action(action),
            "Re-test",
            reason,
            "actions:action-retest",
            DECIDE,
            action.retest_on,
            dated=gettext("Re-test due"),
        )


def _assurable(actor: Actor, rights: Rights, rows: ActionQuerySet) -> Iterator[Action]:
    actions = list(rows.for_list())
    own = set(
        ProgressUpdate.objects.filter(action__in=actions, author=account_of(actor)).values_list(
            "action", flat=True
        )
    )
    for action in actions:
        if not policies.why_not_assure(rights, action, {actor.pk} if action.pk in own else set()):
            yield action


def _retest_reason(action: Action, on: date) -> str:
    due = (
        gettext("is due today")
        if action.retest_on == on
        else gettext("was due on {retest_on}").format(retest_on=day_text(action.retest_on))
    )
    return gettext("Completed on {closed_on}, and its re-test {due}").format(
        closed_on=day_text(action.closed_on), due=due
    )
