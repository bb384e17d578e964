from collections.abc import Collection
from typing import TYPE_CHECKING

from actions.core.policies import leads
from partners.policies import Rights, Role

if TYPE_CHECKING:
    from actions.core.models import Action

NOT_YOURS = (
    "Only the owner, the alternate, the lead organisation or a supporting partner can report on this action."
)


def may_report(rights: Rights, action: "Action", supporting_ids: Collection[int]) -> bool:
    """The action's leads and contacts of its supporting partners may report progress."""
    return leads(rights, action) or bool(set(supporting_ids) & rights.organisations(Role.PARTNER_CONTACT))
