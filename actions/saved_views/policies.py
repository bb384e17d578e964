from typing import TYPE_CHECKING

from django.db.models import Q

from actions.core.policies import may_manage
from partners.policies import SEES_THE_WORK, Rights

if TYPE_CHECKING:
    from actions.saved_views.models import SavedView


# Saved views --------------------------------------------------------------------------------------------------


def visible_views(rights: Rights) -> Q:
    """List rule: one's own views, and those that others share, where one sees the work."""
    here = Q(partnership__in=rights.partnerships(*SEES_THE_WORK))
    return here & (Q(owner=rights.user_id) | Q(shared=True))


def may_save_view(rights: Rights, partnership_id: int) -> bool:
    """Who sees a partnership's work keeps views of it."""
    return partnership_id in rights.partnerships(*SEES_THE_WORK)


def may_change_view(rights: Rights, view: "SavedView") -> bool:
    """Who made a view renames, shares and deletes it; one that is shared, the programme manager too."""
    if rights.user_id == view.owner_id:
        return may_save_view(rights, view.partnership_id)
    return view.shared and may_manage(rights, view.partnership_id)
