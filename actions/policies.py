"""Who may see an action and do what to it: the list rule and the object rule of each, side by side.

Each rule takes the rights a user has on the day (partners.policies.rights_of).
"""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from partners.policies import SEES_EVERYTHING, Rights, Role
from standards.marking import Marking

if TYPE_CHECKING:
    from actions.models import Action

REPORTING_ROLES = (Role.SPOC, Role.PARTNER_CONTACT, Role.PROGRAMME_MANAGER, Role.BOARD_MEMBER)


# Seeing -------------------------------------------------------------------------------------------------------


def visible(rights: Rights, supporting: "QuerySet[Any]") -> Q:
    """List rule: which actions the user sees.

    Args:
        supporting: rows of the table that joins actions to supporting organisations.
    """
    organisations = rights.organisations(Role.SPOC, Role.PARTNER_CONTACT)
    involved = Q(lead__in=organisations) | Q(
        pk__in=supporting.filter(organisation__in=organisations).values("action")
    )
    return (
        Q(partnership__in=rights.partnerships(*SEES_EVERYTHING))
        | Q(partnership__in=rights.partnerships(Role.SPOC), marking=Marking.OFFICIAL)
        | involved
    )


def may_see(rights: Rights, action: "Action", supporting_ids: Collection[int]) -> bool:
    """Object rule of `visible`; `supporting_ids` are the organisations that support the action."""
    partnership_id = action.partnership_id
    if partnership_id in rights.partnerships(*SEES_EVERYTHING):
        return True
    if action.marking == Marking.OFFICIAL and rights.has(Role.SPOC, partnership_id):
        return True
    return bool({action.lead_id, *supporting_ids} & rights.organisations(Role.SPOC, Role.PARTNER_CONTACT))


def visible_plans(rights: Rights, with_visible_actions: "QuerySet[Any]") -> Q:
    """List rule: whole plans for those who see a partnership's work; partners see the plans they have a part in."""
    return Q(partnership__in=rights.partnerships(*SEES_EVERYTHING, Role.SPOC)) | Q(
        pk__in=with_visible_actions.values("plan")
    )


# Running the plan ---------------------------------------------------------------------------------------------


def may_manage(rights: Rights, partnership_id: int) -> bool:
    """Say whether the user runs this partnership's plans: creates, imports, allocates, edits."""
    return rights.has(Role.PROGRAMME_MANAGER, partnership_id)


def may_decide(rights: Rights, action: "Action") -> bool:
    """Withdrawal and supersession are a board's; no one decides on an action of their own."""
    if rights.user_id in (action.owner_id, action.alternate_id):
        return False
    return rights.has(Role.BOARD_MEMBER, action.partnership_id)


# Reporting ----------------------------------------------------------------------------------------------------


def leads(rights: Rights, action: "Action") -> bool:
    """Say whether the user answers for the action: owner, alternate, or a contact of its lead organisation."""
    if rights.user_id in (action.owner_id, action.alternate_id):
        return action.partnership_id in rights.partnerships(*REPORTING_ROLES)
    return action.lead_id in rights.organisations(Role.SPOC, Role.PARTNER_CONTACT)


def may_report(rights: Rights, action: "Action", supporting_ids: Collection[int]) -> bool:
    """Those who lead the action say where it stands, and so do contacts of the partners that support it."""
    return leads(rights, action) or bool(set(supporting_ids) & rights.organisations(Role.PARTNER_CONTACT))


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
