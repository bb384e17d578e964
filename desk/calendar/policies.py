"""Who may view and revoke calendar links: each person their own, in any role."""

from typing import TYPE_CHECKING

from django.db.models import Q

from partners.policies import Rights

if TYPE_CHECKING:
    from desk.calendar.models import CalendarLink


def visible_links(rights: Rights) -> Q:
    """List rule: a person's own links to their calendar."""
    return Q(user=rights.user_id) if rights.user_id is not None else Q(pk__in=[])


def may_revoke(rights: Rights, link: "CalendarLink") -> bool:
    """Object rule: people revoke their own links."""
    return rights.user_id is not None and link.user_id == rights.user_id
