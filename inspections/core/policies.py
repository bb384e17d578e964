"""Who may view an inspection and its recommendations, and what they may do: list rule and object rule side by side.

Each rule takes the rights a user has on the day (partners.policies.rights_of).
"""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, Protocol

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from inspections.core.states import LetterState
from partners.policies import SEES_EVERYTHING, Rights, Role
from standards.marking import Marking


class Inspection(Protocol):
    partnership_id: int
    marking: str
    published_on: date | None


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


# Who writes the responses, and who reads them and the letter before publication. The letter is the OPCC's alone.
RESPONDS = (Role.PROGRAMME_MANAGER, Role.BOARD_MEMBER, Role.OPCC_OFFICER)
SEES_RESPONSES = (*SEES_EVERYTHING, Role.OPCC_OFFICER)


# Seeing -------------------------------------------------------------------------------------------------------


def visible_recommendations(rights: Rights, linked: "QuerySet[Any]", on: date, path: str = "") -> Q:
    """List rule: managers, boards and auditors see all of a partnership's, OPCC officers those of published reports,
    SPOCs the OFFICIAL ones; partners see the OFFICIAL ones that their organisation leads and those that an action they
    see answers.

    Args:
        linked: rows that join recommendations to actions the user sees.
        path: how a row reaches its recommendation, with two underscores at its end; empty for the recommendation.
    """
    inspection = f"{path}inspection__"
    rule = Q(**{f"{inspection}partnership__in": rights.partnerships(*SEES_EVERYTHING)})
    rule |= _published(rights, on, inspection)
    # A user without a part sees no action of other partnerships either: no query is needed.
    if led := rights.organisations(Role.SPOC, Role.PARTNER_CONTACT):
        involved = Q(**{f"{path}lead__in": led}) | Q(**{f"{path}pk__in": linked.values("recommendation")})
        here = Q(**{f"{inspection}partnership__in": rights.partnerships(Role.SPOC)})
        rule |= Q(**{f"{inspection}marking": Marking.OFFICIAL}) & (here | involved)
    return rule


def visible_inspections(rights: Rights, recommendations: "QuerySet[Any]", on: date) -> Q:
    """List rule: users who see the work see all, OPCC officers the published ones; others see inspections with a
    recommendation they see."""
    rule = Q(partnership__in=rights.partnerships(*SEES_EVERYTHING)) | _published(rights, on)
    if rights.organisations(Role.SPOC, Role.PARTNER_CONTACT):
        here = Q(partnership__in=rights.partnerships(Role.SPOC), marking=Marking.OFFICIAL)
        rule |= here | Q(pk__in=recommendations.values("inspection"))
    return rule


def may_see(
    rights: Rights, recommendation: Recommendation, seen_action_ids: Collection[int], on: date
) -> bool:
    """Object rule of `visible_recommendations`.

    Args:
        seen_action_ids: those of the linked actions that the user sees.
    """
    inspection = recommendation.inspection
    if _sees_report(rights, inspection, on):
        return True
    if inspection.marking != Marking.OFFICIAL:
        return False
    led = rights.organisations(Role.SPOC, Role.PARTNER_CONTACT)
    return (
        rights.has(Role.SPOC, inspection.partnership_id)
        or recommendation.lead_id in led
        or bool(seen_action_ids)
    )


def may_see_inspection(rights: Rights, inspection: Inspection, on: date, *, has_part: bool) -> bool:
    """Object rule of `visible_inspections`.

    Args:
        has_part: the user's organisation leads a recommendation of it, or an action that the user sees answers one.
    """
    if _sees_report(rights, inspection, on):
        return True
    return inspection.marking == Marking.OFFICIAL and (
        has_part or rights.has(Role.SPOC, inspection.partnership_id)
    )


def visible_letters(rights: Rights, inspections: "QuerySet[Any]") -> Q:
    """List rule: users who see everything see all letters, OPCC officers all of visible inspections; others see the
    published ones of those.

    Args:
        inspections: the inspections the user sees.
    """
    rule = Q(inspection__partnership__in=rights.partnerships(*SEES_EVERYTHING))
    if responsible := rights.partnerships(Role.OPCC_OFFICER):
        rule |= Q(inspection__partnership__in=responsible, inspection__in=inspections)
    if rights.organisations(Role.SPOC, Role.PARTNER_CONTACT):
        rule |= Q(state=LetterState.PUBLISHED, inspection__in=inspections)
    return rule


def visible_responses(rights: Rights, on: date) -> Q:
    """List rule: users who see everything, and OPCC officers for published reports. A response draws on actions that
    others may not see: they read the published letter."""
    everywhere = Q(recommendation__inspection__partnership__in=rights.partnerships(*SEES_EVERYTHING))
    return everywhere | _published(rights, on, "recommendation__inspection__")


def may_see_responses(rights: Rights, inspection: Inspection) -> bool:
    """Say whether the user reads the responses and the letter about a report they see before publication."""
    return inspection.partnership_id in rights.partnerships(*SEES_RESPONSES)


def _published(rights: Rights, on: date, path: str = "") -> Q:
    """Return the filter for reports that are published, for OPCC officers."""
    responsible = rights.partnerships(Role.OPCC_OFFICER)
    if not responsible:
        return Q(pk__in=[])
    return Q(**{f"{path}partnership__in": responsible, f"{path}published_on__lte": on})


def _sees_report(rights: Rights, inspection: Inspection, on: date) -> bool:
    """Say whether the user sees a report and all its findings, whatever its marking."""
    if inspection.partnership_id in rights.partnerships(*SEES_EVERYTHING):
        return True
    is_published = inspection.published_on is not None and inspection.published_on <= on
    return is_published and rights.has(Role.OPCC_OFFICER, inspection.partnership_id)


# Keeping the register -------------------------------------------------------------------------------------------


def why_not_manage(rights: Rights, partnership_id: int | None = None) -> str:
    """Return why the user may not add inspections and findings, link actions or change the force status.

    Empty for the programme manager of the partnership, or of any.
    """
    managed = rights.partnerships(Role.PROGRAMME_MANAGER)
    if managed if partnership_id is None else partnership_id in managed:
        return ""
    return gettext("Only the programme manager can change inspections and findings.")


def why_not_record_register(rights: Rights, recommendation: Recommendation) -> str:
    """Return why the user may not record the register status; empty for programme managers and auditors."""
    if {Role.PROGRAMME_MANAGER, Role.AUDITOR} & _roles(rights, recommendation.inspection.partnership_id):
        return ""
    return gettext("Only the programme manager and auditors can record the register status.")


def why_not_change_status(rights: Rights, recommendation: Recommendation) -> str:
    """Return why the user may not take any step of the force status; empty for programme managers and auditors.

    Which of the two depends on the step: `why_not_manage` or `why_not_judge`.
    """
    if {Role.PROGRAMME_MANAGER, Role.AUDITOR} & _roles(rights, recommendation.inspection.partnership_id):
        return ""
    return gettext("Only the programme manager and auditors can change the force status.")


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
        return gettext("Only an auditor can close or reopen a recommendation.")
    if proposer_id is not None and rights.user_id == proposer_id:
        return gettext("You proposed this closure, so another auditor must decide.")
    organisations = rights.organisations()
    if recommendation.lead_id in organisations:
        return gettext("Your organisation leads this recommendation, so another auditor must decide.")
    for action in actions:
        if rights.user_id in (action.owner_id, action.alternate_id) or action.lead_id in organisations:
            return gettext(
                "You or your organisation lead action {ref}, so another auditor must decide."
            ).format(ref=action.ref)
    return ""


# Responding -----------------------------------------------------------------------------------------------------


def why_not_open_responses(rights: Rights) -> str:
    """Return why the user may not open the list of reports that need a response; empty when they may."""
    if rights.partnerships(*SEES_RESPONSES):
        return ""
    return gettext("Only programme managers, board members, auditors and OPCC officers can open this page.")


def why_not_respond(rights: Rights, inspection: Inspection) -> str:
    """Return why the user may not write responses, record comments and decide whether section 55 asks for a response.

    Empty for programme managers, board members and OPCC officers.
    """
    if set(RESPONDS) & _roles(rights, inspection.partnership_id):
        return ""
    return gettext(
        "Only programme managers, board members and OPCC officers can respond to inspection reports."
    )


def why_not_draft(rights: Rights, inspection: Inspection) -> str:
    """Return why the user may not draft, publish, send and correct the letter; empty for OPCC officers.

    The letter is the local policing body's own (Police Act 1996 s.55(5)): nobody of the force signs it.
    """
    if rights.has(Role.OPCC_OFFICER, inspection.partnership_id):
        return ""
    return gettext("Only OPCC officers can draft, publish and send the letter.")


def why_not_approve(rights: Rights, letter: Letter, author_ids: Collection[int]) -> str:
    """Return why the user may not approve the letter, or an empty string.

    Only an OPCC officer who wrote no part of it may.

    Args:
        author_ids: the users who wrote the letter or one of the responses in it.
    """
    if not rights.has(Role.OPCC_OFFICER, letter.inspection.partnership_id):
        return gettext("Only an OPCC officer can approve the letter.")
    if rights.user_id in (letter.drafted_by_id, *author_ids):
        return gettext("You wrote part of this letter, so another OPCC officer must approve it.")
    return ""


def _roles(rights: Rights, partnership_id: int) -> set[str]:
    return {grant.role for grant in rights.grants if grant.partnership_id == partnership_id}
