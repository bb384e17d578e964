from typing import TYPE_CHECKING

from django.db.models import Q

from actions.core.policies import may_manage
from partners.policies import SEES_EVERYTHING, Rights, Role

if TYPE_CHECKING:
    from returns.models import Return


def visible_returns(rights: Rights) -> Q:
    """List rule: the returns of one's own organisation; all of them for those who see a partnership's work."""
    return Q(plan__partnership__in=rights.partnerships(*SEES_EVERYTHING)) | Q(
        organisation__in=rights.organisations(Role.SPOC, Role.PARTNER_CONTACT)
    )


# Returns ------------------------------------------------------------------------------------------------------


def may_fill(rights: Rights, report: "Return") -> bool:
    """An organisation speaks for itself: its SPOC, their alternate, or a partner's contact."""
    return report.organisation_id in rights.organisations(Role.SPOC, Role.PARTNER_CONTACT)


def may_question(rights: Rights, report: "Return") -> bool:
    """Say whether the user may give a submitted return, or a row of it, back with a question."""
    return may_manage(rights, report.plan.partnership_id)
