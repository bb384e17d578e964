"""Who may view and manage webhooks: the list rule and the object rules, side by side.

Each rule takes the rights a user has on the day (partners.policies.rights_of).
"""

from typing import Protocol

from django.db.models import Q
from django.utils.translation import gettext

from partners.policies import Rights, Role


class ClientRow(Protocol):
    """An API client, as far as the rules about its webhooks read it."""

    @property
    def partnership_id(self) -> int: ...
    @property
    def user_id(self) -> int | None: ...


class WebhookRow(Protocol):
    """A webhook, as far as the rule about who sees it reads it."""

    @property
    def client(self) -> ClientRow: ...


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


def may_see(rights: Rights, webhook: WebhookRow) -> bool:
    """Object rule of `visible_webhooks`."""
    partnerships = rights.partnerships(Role.PROGRAMME_MANAGER, Role.AUDITOR)
    return webhook.client.partnership_id in partnerships or _is_own(rights, webhook.client)


def why_not_list(rights: Rights) -> str:
    """Return why the user may not open the list of webhooks; empty for programme managers and auditors."""
    if rights.partnerships(Role.PROGRAMME_MANAGER, Role.AUDITOR):
        return ""
    return gettext("You do not have access to webhooks. Ask the programme manager.")


def why_not_register(rights: Rights) -> str:
    """Return why the user may not register a webhook for any client; empty for a programme manager."""
    if rights.partnerships(Role.PROGRAMME_MANAGER):
        return ""
    return gettext("Only the programme manager can change webhooks.")


def why_not_manage(rights: Rights, client: ClientRow) -> str:
    """Return why the user may not manage the client's webhooks; empty for the programme manager and the client."""
    if rights.has(Role.PROGRAMME_MANAGER, client.partnership_id) or _is_own(rights, client):
        return ""
    return gettext("You can view this webhook but not change it. Ask the programme manager.")


def _is_own(rights: Rights, client: ClientRow) -> bool:
    return (
        rights.user_id is not None
        and client.user_id == rights.user_id
        and client.partnership_id in rights.partnerships()
    )
