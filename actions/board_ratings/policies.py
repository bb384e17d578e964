"""Who may record a board's rating of an action."""

from django.utils.translation import gettext

from actions.core.policies import OwnedAction
from partners.policies import Rights, Role


def why_not_rate(rights: Rights, action: OwnedAction) -> str:
    """Return why the user may not record a board's rating of the action; empty when they may.

    A board member may, unless they own the action or are its alternate.
    """
    if not rights.has(Role.BOARD_MEMBER, action.partnership_id):
        return gettext("Only a board member can record a board's rating.")
    if rights.user_id in (action.owner_id, action.alternate_id):
        return gettext("You own this action, so another board member must record the board's rating.")
    return ""
