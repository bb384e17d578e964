"""Who may view an inspection and its recommendations, and what they may do: list rule and object rule side by side.

Each rule takes the rights a user has on the day (partners.policies.rights_of).
"""

from collections.abc import Collection, Iterable
from typing import Any, Protocol

from django.db.models import Q, QuerySet

from inspections.core.states import LetterState
from partners.policies import SEES_EVERYTHING, Rights, Role
from standards.marking import Marking


class Inspection(Protocol):
    partnership_id: int
    marking: str


class Recommendation(Protocol):
    lead_id: int | None

    @property
    def inspection(self) -> Inspection: ...


class Letter(Protocol):
    drafted_by_id: int

    @property
    def inspection(self) -> Inspection: ...


class Action(Protocol):
    ref: str
    lead_id: int | None
    owner_id: int | None
    alternate_id: int | None


# Seeing -------------------------------------------------------------------------------------------------------


def visible_recommendations(rights: Rights, linked: "QuerySet[Any]", path: str = "") -> Q:
    """List rule: managers, boards and auditors see all of a partnership's, SPOCs the OFFICIAL ones; partners see the
    OFFICIAL ones that their organisation leads and those that an action they see answers.

    Args:
        linked: rows that join recommendations to actions the user sees.
        path: how a row reaches its recommendation, with two underscores at its end; empty for the recommendation.
    """
    inspection = f"{path}inspection__"
    rule = Q(**{f"{inspection}partnership__in": rights.partnerships(*SEES_EVERYTHING)})
    # A user without a part sees no action of other partnerships either: no query is needed.
    if led := rights.organisations(Role.SPOC, Role.PARTNER_CONTACT):
        involved = Q(**{f"{path}lead__in": led}) | Q(**{f"{path}pk__in": linked.values("recommendation")})
        here = Q(**{f"{inspection}partnership__in": rights.partnerships(Role.SPOC)})
        rule |= Q(**{f"{inspection}marking": Marking.OFFICIAL}) & (here | involved)
    return rule


def visible_inspections(rights: Rights, recommendations: "QuerySet[Any]") -> Q:
    """List rule: users who see the work see all; others see inspections with a recommendation they see."""
    rule = Q(partnership__in=rights.partnerships(*SEES_EVERYTHING))
    if rights.organisations(Role.SPOC, Role.PARTNER_CONTACT):
        here = Q(partnership__in=rights.partnerships(Role.SPOC), marking=Marking.OFFICIAL)
        rule |= here | Q(pk__in=recommendations.values("inspection"))
    return rule


def may_see(rights: Rights, recommendation: Recommendation, seen_action_ids: Collection[int]) -> bool:
    """Object rule of `visible_recommendations`.

    Args:
        seen_action_ids: those of the linked actions that the user sees.
    """
    inspection = recommendation.inspection
    if inspection.partnership_id in rights.partnerships(*SEES_EVERYTHING):
        return True
    if inspection.marking != Marking.OFFICIAL:
        return False
    led = rights.organisations(Role.SPOC, Role.PARTNER_CONTACT)
    return (
        rights.has(Role.SPOC, inspection.partnership_id)
        or recommendation.lead_id in led
        or bool(seen_action_ids)
    )


def may_see_inspection(rights: Rights, inspection: Inspection, *, has_part: bool) -> bool:
    """Object rule of `visible_inspections`.

    Args:
        has_part: the user's organisation leads a recommendation of it, or an action that the user sees answers one.
    """
    if inspection.partnership_id in rights.partnerships(*SEES_EVERYTHING):
        return True
    return inspection.marking == Marking.OFFICIAL and (
        has_part or rights.has(Role.SPOC, inspection.partnership_id)
    )


def visible_letters(rights: Rights, inspections: "QuerySet[Any]") -> Q:
    """List rule: users who see everything see all letters; others see published ones of visible inspections.

    Args:
        inspections: the inspections the user sees.
    """
    rule = Q(inspection__partnership__in=rights.partnerships(*SEES_EVERYTHING))
    if rights.organisations(Role.SPOC, Role.PARTNER_CONTACT):
        rule |= Q(state=LetterState.PUBLISHED, inspection__in=inspections)
    return rule


def visible_responses(rights: Rights) -> Q:
    """List rule: only users who see everything. A response draws on actions that others may not see: they read the
    published letter."""
    return Q(recommendation__inspection__partnership__in=rights.partnerships(*SEES_EVERYTHING))


# Keeping the register -------------------------------------------------------------------------------------------


def why_not_manage(rights: Rights, partnership_id: int | None = None) -> str:
    """Return why the user may not add inspections and findings, link actions or change the force status.

    Empty for the programme manager of the partnership, or of any.
    """
    managed = rights.partnerships(Role.PROGRAMME_MANAGER)
    if managed if partnership_id is None else partnership_id in managed:
        return ""
    return "Only the programme manager can change inspections and findings."


def why_not_record_register(rights: Rights, recommendation: Recommendation) -> str:
    """Return why the user may not record the register status; empty for programme managers and auditors."""
    if {Role.PROGRAMME_MANAGER, Role.AUDITOR} & _roles(rights, recommendation.inspection.partnership_id):
        return ""
    return "Only the programme manager and auditors can record the register status."


def why_not_change_status(rights: Rights, recommendation: Recommendation) -> str:
    """Return why the user may not take any step of the force status; empty for programme managers and auditors.

    Which of the two depends on the step: `why_not_manage` or `why_not_judge`.
    """
    if {Role.PROGRAMME_MANAGER, Role.AUDITOR} & _roles(rights, recommendation.inspection.partnership_id):
        return ""
    return "Only the programme manager and auditors can change the force status."


def why_not_judge(
    rights: Rights,
    recommendation: Recommendation,
    actions: Iterable[Action],
    proposer_id: int | None = None,
) -> str:
    """Return why the user may not close or reopen the recommendation, or nothing when they may.

    It is an auditor's, who leads, owns or stands in for none of its actions, whose organisation does not lead it, and
    who did not propose it.

    Args:
        proposer_id: the user who proposed the closure.
    """
    if not rights.has(Role.AUDITOR, recommendation.inspection.partnership_id):
        return "Only an auditor can close or reopen a recommendation."
    if proposer_id is not None and rights.user_id == proposer_id:
        return "You proposed this closure, so another auditor must decide."
    organisations = rights.organisations()
    if recommendation.lead_id in organisations:
        return "Your organisation leads this recommendation, so another auditor must decide."
    for action in actions:
        if rights.user_id in (action.owner_id, action.alternate_id) or action.lead_id in organisations:
            return f"You or your organisation lead action {action.ref}, so another auditor must decide."
    return ""


# Responding -----------------------------------------------------------------------------------------------------


def why_not_open_responses(rights: Rights) -> str:
    """Return why the user may not open the list of reports that need a response; empty when they may."""
    if rights.partnerships(*SEES_EVERYTHING):
        return ""
    return "Only programme managers, board members and auditors can open this page."


def why_not_draft(rights: Rights, inspection: Inspection) -> str:
    """Return why the user may not write responses and the letter; empty for programme managers and board members."""
    if {Role.PROGRAMME_MANAGER, Role.BOARD_MEMBER} & _roles(rights, inspection.partnership_id):
        return ""
    return "Only programme managers and board members can respond to inspection reports."


def why_not_approve(rights: Rights, letter: Letter, author_ids: Collection[int]) -> str:
    """Return why the user may not approve the letter, or an empty string.

    Only a board member who wrote no part of it may.

    Args:
        author_ids: the users who wrote the letter or one of the responses in it.
    """
    if not rights.has(Role.BOARD_MEMBER, letter.inspection.partnership_id):
        return "Only a board member can approve the letter."
    if rights.user_id in (letter.drafted_by_id, *author_ids):
        return "You wrote part of this letter, so another board member must approve it."
    return ""


def _roles(rights: Rights, partnership_id: int) -> set[str]:
    return {grant.role for grant in rights.grants if grant.partnership_id == partnership_id}
