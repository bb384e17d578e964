"""Who may view and manage webhooks: the list rule and the object rules, side by side.

Each rule takes the rights a user has on the day (partners.policies.rights_of).
"""

from typing import TYPE_CHECKING

from django.db.models import Q

from partners.policies import Rights, Role

if TYPE_CHECKING:
    from exchange.webhooks.models import Webhook
    from partners.models import ApiClient


def visible_webhooks(rights: Rights, path: str = "") -> Q:
    """List rule: a client's own, and those of the partnerships that the user manages or audits.

    Args:
        path: lookup from a row to its webhook, ending in two underscores; empty for the webhook itself.
    """
    if rights.user_id is None:
        return Q(pk__in=[])
    partnerships = rights.partnerships(Role.PROGRAMME_MANAGER, Role.AUDITOR)
    return Q(**{f"{path}client__partnership__in": partnerships}) | Q(
        **{f"{path}client__user": rights.user_id, f"{path}client__partnership__in": rights.partnerships()}
    )


def may_see(rights: Rights, webhook: "Webhook") -> bool:
    """Object rule of `visible_webhooks`."""
    partnerships = rights.partnerships(Role.PROGRAMME_MANAGER, Role.AUDITOR)
    return webhook.client.partnership_id in partnerships or _is_own(rights, webhook.client)


def may_manage(rights: Rights, client: "ApiClient") -> bool:
    """Object rule: the programme manager and the client itself manage its webhooks."""
    return rights.has(Role.PROGRAMME_MANAGER, client.partnership_id) or _is_own(rights, client)


def _is_own(rights: Rights, client: "ApiClient") -> bool:
    return (
        rights.user_id is not None
        and client.user_id == rights.user_id
        and client.partnership_id in rights.partnerships()
    )
