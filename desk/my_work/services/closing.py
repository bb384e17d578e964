"""Proposals to withdraw or supersede an action that wait for a board."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from actions.closing import policies
from actions.core.states import OPEN
from actions.models import Action, ClosureProposal
from audit.actors import Actor
from desk.tasks.subjects import of_action
from desk.tasks.task import DECIDE, Task
from partners.policies import Rights, Role

if TYPE_CHECKING:
    from django.db.models import QuerySet


def candidates(*, rights: Rights, on: date) -> "QuerySet[Any]":
    boards = rights.partnerships(Role.BOARD_MEMBER)
    return ClosureProposal.objects.open().filter(action__partnership__in=boards)


def tasks(*, actor: Actor, rights: Rights, on: date) -> Iterator[Task]:
    """Yield the proposals a board member may decide: none of their own, and none about their own actions."""
    boards = rights.partnerships(Role.BOARD_MEMBER)
    if not boards:
        return
    proposals = list(
        ClosureProposal.objects.visible_to(actor, on)
        .open()
        .filter(action__partnership__in=boards)
        .select_related("action__plan", "action__pillar", "requested_by")
        .order_by("requested_at", "pk")
    )
    parents = [proposal.action for proposal in proposals if proposal.action.by_districts]
    own = set(
        Action.objects.of_user(actor)
        .filter(parent__in=parents, state__in=OPEN)
        .values_list("parent", flat=True)
    )
    for proposal in proposals:
        people = {actor.pk} if proposal.action_id in own else set()
        if not policies.why_not_decide_closure(rights, proposal, people):
            reason = gettext("{requested_by} proposes to {get_kind_display} it").format(
                requested_by=proposal.requested_by, get_kind_display=proposal.get_kind_display().lower()
            )
            yield Task(
                of_action(proposal.action),
                gettext("Decide on"),
                reason,
                "actions:closure-decide",
                DECIDE,
                proposal.action.due,
                ("closure-proposal", proposal.pk),
            )
