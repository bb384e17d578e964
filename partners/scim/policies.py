"""Who manages accounts by SCIM, and who sees which accounts are managed so."""

from datetime import date

from django.utils.translation import gettext

from audit.actors import Reader
from partners.policies import Rights, Role, rights_of


def provisioned_partnerships(rights: Rights) -> set[int]:
    """List rule: the partnerships in which the user can see which accounts SCIM manages."""
    return rights.partnerships(Role.PROGRAMME_MANAGER, Role.AUDITOR)


def why_not_provision(user: Reader, partnership_id: int, on: date) -> str:
    """Return why the user may not manage accounts by SCIM; empty for an API client of the partnership."""
    is_client = getattr(user, "actor_type", "") == "client"
    if is_client and rights_of(user, on).has(Role.PARTNER_CONTACT, partnership_id):
        return ""
    return gettext("Only an API client with the scope scim:write can manage accounts by SCIM.")
