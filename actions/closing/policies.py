"""Who may decide on a proposal to withdraw or supersede an action."""

from collections.abc import Collection

from django.utils.translation import gettext

from actions.core.policies import PersonalRequest, decides_alone
from partners.policies import Rights, Role


def why_not_decide_closure(
    rights: Rights, proposal: PersonalRequest, part_people: Collection[int] = ()
) -> str:
    """Return why the user may not decide on the proposal; empty when they may.

    A board member may, unless they proposed it or own the action or one of its district actions.

    Args:
        part_people: the owners and alternates of the action's open district actions.
    """
    if not rights.has(Role.BOARD_MEMBER, proposal.action.partnership_id):
        return gettext("Only a board member can decide this.")
    if not decides_alone(rights, proposal):
        return gettext("You proposed this or own the action, so another board member must decide.")
    if rights.user_id in part_people:
        return gettext("You own one of its district actions, so another board member must decide.")
    return ""
