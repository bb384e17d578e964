"""Who reads access reviews, and who decides in them. Whom they may decide on is `why_not_review` of the app's policies."""

from datetime import date

from django.db.models import Q
from django.utils.translation import gettext

from audit.actors import Reader
from partners.policies import Role, rights_of, why_not_administer, why_not_edit_reference


def visible_access_reviews(user: Reader, on: date) -> Q:
    """List rule: the reviews of the partnerships that the user manages or audits; all for administrators."""
    if not why_not_administer(user):
        return Q()
    return Q(partnership__in=rights_of(user, on).partnerships(Role.PROGRAMME_MANAGER, Role.AUDITOR))


def why_not_list_access_reviews(user: Reader, on: date) -> str:
    """Return why the user may not open access reviews; empty for administrators, programme managers and auditors."""
    rights = rights_of(user, on)
    if not why_not_administer(user) or rights.partnerships(Role.PROGRAMME_MANAGER, Role.AUDITOR):
        return ""
    return gettext(
        "You do not have access to access reviews. Only administrators, the programme manager and the auditor do."
    )


def why_not_decide_review(user: Reader, partnership_id: int, on: date) -> str:
    """Return why the user may not confirm or end access in a review; empty as for reference rows."""
    if not why_not_edit_reference(user, partnership_id, on):
        return ""
    return gettext("You can view this access review but not change it. Ask the programme manager.")
