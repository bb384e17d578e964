"""Who may view and arrange the templates of papers."""

from django.db.models import Q

from partners.policies import SEES_EVERYTHING, Rights, Role
from web.language import lazy_text

MANAGERS_ONLY = lazy_text("Only the programme manager can arrange templates and prepare papers.")


def visible_templates(rights: Rights) -> Q:
    """List rule: templates are for those who see everything of the partnership."""
    return Q(board__partnership__in=rights.partnerships(*SEES_EVERYTHING))


def may_see(rights: Rights, partnership_id: int) -> bool:
    """Object rule of `visible_templates`."""
    return partnership_id in rights.partnerships(*SEES_EVERYTHING)


def why_not_manage(rights: Rights, partnership_id: int) -> str:
    """Return why the user may not arrange templates and prepare papers; empty when they may."""
    return "" if rights.has(Role.PROGRAMME_MANAGER, partnership_id) else MANAGERS_ONLY
