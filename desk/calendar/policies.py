"""Who may view and revoke calendar links: each person their own, in any role."""

from typing import Protocol

from django.db.models import Q
from django.utils.translation import gettext

from partners.policies import Rights


class LinkRow(Protocol):
    """A calendar link, as far as the rule about revoking it reads it."""

    @property
    def user_id(self) -> int: ...


def visible_links(rights: Rights) -> Q:
    """List rule: a person's own links to their calendar."""
    return Q(user=rights.user_id) if rights.user_id is not None else Q(pk__in=[])


def why_not_revoke(rights: Rights, link: LinkRow) -> str:
    """Return why the user may not revoke the link; empty for the person it belongs to."""
    if rights.user_id is not None and link.user_id == rights.user_id:
        return ""
    return gettext("You can only revoke your own links.")
