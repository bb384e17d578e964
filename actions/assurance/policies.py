from collections.abc import Collection
from typing import TYPE_CHECKING

from partners.policies import Rights, Role

if TYPE_CHECKING:
    from actions.core.models import Action


# Assurance ----------------------------------------------------------------------------------------------------


def why_not_assure(rights: Rights, action: "Action", author_ids: Collection[int]) -> str:
    """Return why the user may not judge this action, or nothing when they may.

    Assurance is an auditor's who is neither owner, alternate nor author of an update, and whose organisation does
    not lead the action: nobody marks their own homework.

    Args:
        author_ids: the users who wrote updates of the action.
    """
    if not rights.has(Role.AUDITOR, action.partnership_id):
        return "Only an auditor can give assurance."
    if rights.user_id in (action.owner_id, action.alternate_id):
        return "You own this action, so another auditor must judge it."
    if rights.user_id in author_ids:
        return "You wrote an update on this action, so another auditor must judge it."
    if action.lead_id in rights.organisations():
        return "Your organisation leads this action, so an auditor of another organisation must judge it."
    return ""
