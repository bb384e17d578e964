"""Who may see an action and do what to it: the list rule and the object rule of each, side by side.

Each rule takes the rights a user has on the day (partners.policies.rights_of).
"""

from collections.abc import Collection
from typing import Any, Protocol

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from partners.policies import SEES_EVERYTHING, Rights, Role
from standards.marking import Marking


class OwnedAction(Protocol):
    """An action, as far as the rules about its people read it."""

    @property
    def partnership_id(self) -> int: ...
    @property
    def lead_id(self) -> int | None: ...
    @property
    def owner_id(self) -> int | None: ...
    @property
    def alternate_id(self) -> int | None: ...


class MarkedAction(OwnedAction, Protocol):
    """An action, as far as the rule about who sees it reads it."""

    @property
    def marking(self) -> str: ...


class PersonalRequest(Protocol):
    """A request about an action, as far as the rules about who decides it read it."""

    @property
    def action(self) -> OwnedAction: ...
    @property
    def requested_by_id(self) -> int: ...
    @property
    def taken_over_by_id(self) -> int | None: ...


REPORTING_ROLES = (Role.SPOC, Role.PARTNER_CONTACT, Role.PROGRAMME_MANAGER, Role.BOARD_MEMBER)


# Seeing -------------------------------------------------------------------------------------------------------


def visible(rights: Rights, supporting: "QuerySet[Any]") -> Q:
    """List rule: which actions the user sees.

    Args:
        supporting: rows of the table that joins actions to supporting organisations.
    """
    rule = Q(partnership__in=rights.partnerships(*SEES_EVERYTHING))
    # What the user has no right for is left out of the question: every page asks it, most of them several times.
    if official := rights.partnerships(Role.SPOC):
        rule |= Q(partnership__in=official, marking=Marking.OFFICIAL)
    if organisations := rights.organisations(Role.SPOC, Role.PARTNER_CONTACT):
        supported = supporting.filter(organisation__in=organisations).values("action")
        rule |= Q(lead__in=organisations) | Q(pk__in=supported)
    return rule


def may_see(rights: Rights, action: MarkedAction, supporting_ids: Collection[int]) -> bool:
    """Object rule of `visible`; `supporting_ids` are the organisations that support the action."""
    partnership_id = action.partnership_id
    if partnership_id in rights.partnerships(*SEES_EVERYTHING):
        return True
    if action.marking == Marking.OFFICIAL and rights.has(Role.SPOC, partnership_id):
        return True
    return bool({action.lead_id, *supporting_ids} & rights.organisations(Role.SPOC, Role.PARTNER_CONTACT))


# Running the plan ---------------------------------------------------------------------------------------------


def why_not_manage(rights: Rights, partnership_id: int, subject: str = "action") -> str:
    """Return why the user may not create, import, allocate or edit in this partnership's plans; empty when they may.

    Args:
        subject: what the user sees and would change.
    """
    if rights.has(Role.PROGRAMME_MANAGER, partnership_id):
        return ""
    return gettext("You can view this {subject} but not change it. Ask the programme manager.").format(
        subject=subject
    )


# Reporting ----------------------------------------------------------------------------------------------------


def leads(rights: Rights, action: OwnedAction) -> bool:
    """Return whether the user is responsible: owner, alternate, or a contact of the lead organisation."""
    if rights.user_id in (action.owner_id, action.alternate_id):
        return action.partnership_id in rights.partnerships(*REPORTING_ROLES)
    return action.lead_id in rights.organisations(Role.SPOC, Role.PARTNER_CONTACT)


def led(rights: Rights) -> Q:
    """List rule of `leads`."""
    own = Q(owner=rights.user_id) | Q(alternate=rights.user_id)
    if rights.user_id is None:
        return Q(pk__in=[])
    return own & Q(partnership__in=rights.partnerships(*REPORTING_ROLES)) | Q(
        lead__in=rights.organisations(Role.SPOC, Role.PARTNER_CONTACT)
    )


# Asking and deciding ------------------------------------------------------------------------------------------


def decides_alone(rights: Rights, request: PersonalRequest) -> bool:
    """Say whether the request is not the user's own, nor about an action of theirs: no one decides on their own."""
    action = request.action
    return rights.user_id is not None and rights.user_id not in (
        *(request.requested_by_id, request.taken_over_by_id),
        *(action.owner_id, action.alternate_id),
    )


def leads_or_manages(rights: Rights, action: OwnedAction) -> bool:
    """Say whether the user leads the action or is the partnership's programme manager."""
    return leads(rights, action) or rights.has(Role.PROGRAMME_MANAGER, action.partnership_id)


def requested(rights: Rights, request: PersonalRequest) -> bool:
    """Say whether the user made the request, or took it over, and still has a part in the partnership."""
    own = rights.user_id in (request.requested_by_id, request.taken_over_by_id)
    return own and request.action.partnership_id in rights.partnerships(*REPORTING_ROLES)


# Many at once -------------------------------------------------------------------------------------------------


def why_not_change_many(rights: Rights) -> str:
    """Return why the user may not change many actions at once; empty when they may.

    Each action is also checked by the rule of its own service.
    """
    if rights.partnerships(*REPORTING_ROLES):
        return ""
    return gettext("Your role does not let you change actions. Ask the programme manager.")
