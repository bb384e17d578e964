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
    """Those who lead the action say where it stands, and so do contacts of the partners that support it."""
    return leads(rights, action) or bool(set(supporting_ids) & rights.organisations(Role.PARTNER_CONTACT))
