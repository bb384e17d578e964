from typing import TYPE_CHECKING

from django.db.models import Q

from actions.core.policies import may_manage
from partners.policies import SEES_EVERYTHING, Rights, Role

if TYPE_CHECKING:
    from returns.models import Return


def visible_returns(rights: Rights) -> Q:
    """List rule: returns of the user's own organisations, and all returns of partnerships they see in full."""
    return Q(plan__partnership__in=rights.partnerships(*SEES_EVERYTHING)) | Q(
        organisation__in=rights.organisations(Role.SPOC, Role.PARTNER_CONTACT)
    )


def may_fill(rights: Rights, report: "Return") -> bool:
    """Return whether the user may fill in a return: a SPOC or partner contact of its organisation."""
    return report.organisation_id in rights.organisations(Role.SPOC, Role.PARTNER_CONTACT)


def may_question(rights: Rights, report: "Return") -> bool:
    """Return whether the user may return a submitted return with a question."""
    return may_manage(rights, report.plan.partnership_id)


def fill_refusal(report: "Return") -> str:
    """Return the message for people who may not fill in a return."""
    return f"Only a SPOC or partner contact of {report.organisation} can fill in this return."
