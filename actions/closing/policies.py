from collections.abc import Collection
from typing import TYPE_CHECKING

from actions.core.policies import decides_alone, may_manage
from partners.policies import Rights, Role

if TYPE_CHECKING:
    from actions.closing.models import ClosureProposal
    from actions.core.models import Action


def may_propose_closure(rights: Rights, action: "Action") -> bool:
    """A programme manager proposes that an action be withdrawn or superseded."""
    return may_manage(rights, action.partnership_id)


def may_decide_closure(
    rights: Rights, proposal: "ClosureProposal", part_people: Collection[int] = ()
) -> bool:
    """A board member who neither proposed it nor owns the action, or a part of it, decides.

    Args:
        part_people: the owners and alternates of the action's open parts.
    """
    if rights.user_id in part_people:
        return False
    return rights.has(Role.BOARD_MEMBER, proposal.action.partnership_id) and decides_alone(rights, proposal)
