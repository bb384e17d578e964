"""Who may see an action and do what to it: the list rule and the object rule of each, side by side.

Each rule takes the rights a user has on the day (partners.policies.rights_of).
"""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from partners.policies import SEES_EVERYTHING, SEES_THE_WORK, Rights, Role
from standards.marking import Marking

if TYPE_CHECKING:
    from actions.models import Action, ClosureProposal, DateChange, Dependency, Return, SavedView
    from actions.models.requests import Request

REPORTING_ROLES = (Role.SPOC, Role.PARTNER_CONTACT, Role.PROGRAMME_MANAGER, Role.BOARD_MEMBER)


# Seeing -------------------------------------------------------------------------------------------------------


def visible(rights: Rights, supporting: "QuerySet[Any]") -> Q:
    """List rule: which actions the user sees.

    Args:
        supporting: rows of the table that joins actions to supporting organisations.
    """
    found = Q(partnership__in=rights.partnerships(*SEES_EVERYTHING))
    # What the user has no right for is left out of the question: every page asks it, most of them several times.
    if official := rights.partnerships(Role.SPOC):
        found |= Q(partnership__in=official, marking=Marking.OFFICIAL)
    if organisations := rights.organisations(Role.SPOC, Role.PARTNER_CONTACT):
        supported = supporting.filter(organisation__in=organisations).values("action")
        found |= Q(lead__in=organisations) | Q(pk__in=supported)
    return found


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
    found = Q(partnership__in=rights.partnerships(*SEES_EVERYTHING, Role.SPOC))
    if rights.organisations(Role.PARTNER_CONTACT):
        found |= Q(pk__in=with_visible_actions.values("plan"))
    return found


def visible_returns(rights: Rights) -> Q:
    """List rule: the returns of one's own organisation; all of them for those who see a partnership's work."""
    return Q(plan__partnership__in=rights.partnerships(*SEES_EVERYTHING)) | Q(
        organisation__in=rights.organisations(Role.SPOC, Role.PARTNER_CONTACT)
    )


# Saved views --------------------------------------------------------------------------------------------------


def visible_views(rights: Rights) -> Q:
    """List rule: one's own views, and those that others share, where one sees the work."""
    here = Q(partnership__in=rights.partnerships(*SEES_THE_WORK))
    return here & (Q(owner=rights.user_id) | Q(shared=True))


def may_save_view(rights: Rights, partnership_id: int) -> bool:
    """Who sees a partnership's work keeps views of it."""
    return partnership_id in rights.partnerships(*SEES_THE_WORK)


def may_change_view(rights: Rights, view: "SavedView") -> bool:
    """Who made a view renames, shares and deletes it; one that is shared, the programme manager too."""
    if rights.user_id == view.owner_id:
        return may_save_view(rights, view.partnership_id)
    return view.shared and may_manage(rights, view.partnership_id)


# Running the plan ---------------------------------------------------------------------------------------------


def may_manage(rights: Rights, partnership_id: int) -> bool:
    """Say whether the user runs this partnership's plans: creates, imports, allocates, edits."""
    return rights.has(Role.PROGRAMME_MANAGER, partnership_id)


# Reporting ----------------------------------------------------------------------------------------------------


def leads(rights: Rights, action: "Action") -> bool:
    """Say whether the user answers for the action: owner, alternate, or a contact of its lead organisation."""
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


def may_report(rights: Rights, action: "Action", supporting_ids: Collection[int]) -> bool:
    """Those who lead the action say where it stands, and so do contacts of the partners that support it."""
    return leads(rights, action) or bool(set(supporting_ids) & rights.organisations(Role.PARTNER_CONTACT))


# Asking and deciding ------------------------------------------------------------------------------------------


def decides_alone(rights: Rights, request: "Request") -> bool:
    """Say whether the request is not the user's own, nor about an action of theirs: no one decides on their own."""
    action = request.action
    return rights.user_id is not None and rights.user_id not in (
        *(request.requested_by_id, request.taken_over_by_id),
        *(action.owner_id, action.alternate_id),
    )


def may_schedule(rights: Rights, action: "Action") -> bool:
    """Say whether the user may set milestones and ask for another due date: who leads the action, and the manager."""
    return leads(rights, action) or may_manage(rights, action.partnership_id)


def may_decide_date(rights: Rights, change: "DateChange") -> bool:
    """The first later date is a programme manager's, the second and all under a cause of concern a board member's."""
    role = Role.BOARD_MEMBER if change.level == "board" else Role.PROGRAMME_MANAGER
    return rights.has(role, change.action.partnership_id) and decides_alone(rights, change)


def may_lift_concern(rights: Rights, action: "Action") -> bool:
    """A programme manager puts an action under a cause of concern; a board member who does not own it takes it off."""
    own = rights.user_id in (action.owner_id, action.alternate_id)
    return not own and rights.has(Role.BOARD_MEMBER, action.partnership_id)


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


def may_retract(rights: Rights, request: "Request") -> bool:
    """Say whether the user may take a request back: its author, and who leads or manages the action."""
    own = rights.user_id in (request.requested_by_id, request.taken_over_by_id)
    here = request.action.partnership_id in rights.partnerships(*REPORTING_ROLES)
    return (own and here) or may_schedule(rights, request.action)


# Waiting on a partner -----------------------------------------------------------------------------------------


def may_raise_dependency(rights: Rights, action: "Action") -> bool:
    """Say whether the user may name what the action waits for, and say that it came or is no longer needed."""
    return may_schedule(rights, action)


def may_answer_dependency(rights: Rights, dependency: "Dependency") -> bool:
    """The organisation that is waited on answers for itself."""
    return dependency.organisation_id in rights.organisations(*REPORTING_ROLES)


# Many at once -------------------------------------------------------------------------------------------------


def may_change_many(rights: Rights) -> bool:
    """Say whether there is anything the user may set out to do to many actions; each is asked about by its own rule."""
    return bool(rights.partnerships(*REPORTING_ROLES))


# Returns ------------------------------------------------------------------------------------------------------


def may_fill(rights: Rights, report: "Return") -> bool:
    """An organisation speaks for itself: its SPOC, their alternate, or a partner's contact."""
    return report.organisation_id in rights.organisations(Role.SPOC, Role.PARTNER_CONTACT)


def may_question(rights: Rights, report: "Return") -> bool:
    """Say whether the user may give a submitted return, or a row of it, back with a question."""
    return may_manage(rights, report.plan.partnership_id)


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
