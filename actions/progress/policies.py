"""Who may report on an action."""

from collections.abc import Collection

from django.utils.translation import gettext

from actions.core.policies import OwnedAction, leads
from partners.policies import Rights, Role


def why_not_report(rights: Rights, action: OwnedAction, supporting_ids: Collection[int]) -> str:
    """Return why the user may not report progress on the action or add evidence; empty when they may.

    Args:
        supporting_ids: the organisations that support the action.
    """
    if leads(rights, action) or set(supporting_ids) & rights.organisations(Role.PARTNER_CONTACT):
        return ""
    return gettext(
        "Only the owner, the alternate, the lead organisation or a supporting partner "
        "can report on this action."
    )
