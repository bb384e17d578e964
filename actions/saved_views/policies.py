"""Who sees, saves and changes views of the action list."""

from typing import Protocol

from django.db.models import Q
from django.utils.translation import gettext

from actions.core.policies import why_not_manage
from audit.actors import Actor
from partners.policies import SEES_THE_WORK, Rights


class OwnedView(Protocol):
    """A saved view, as far as the rule about changing it reads it."""

    @property
    def owner_id(self) -> int: ...
    @property
    def partnership_id(self) -> int: ...
    @property
    def shared(self) -> bool: ...


class OwnedWatch(Protocol):
    """A watch, as far as the rule about marking its news reads it."""

    @property
    def user_id(self) -> int: ...


def visible_views(rights: Rights) -> Q:
    """List rule: the user's own views and shared ones, in partnerships whose work the user sees."""
    here = Q(partnership__in=rights.partnerships(*SEES_THE_WORK))
    return here & (Q(owner=rights.user_id) | Q(shared=True))


def why_not_save_view(rights: Rights, partnership_id: int | None = None) -> str:
    """Return why the user may not save views of the partnership's actions, or of any; empty when they may."""
    partnerships = rights.partnerships(*SEES_THE_WORK)
    if partnerships if partnership_id is None else partnership_id in partnerships:
        return ""
    return gettext("Only people who can see the partnership's actions can save views of them.")


def why_not_watch_view(rights: Rights, view: OwnedView) -> str:
    """Return why the user may not watch the view; empty for those who see it."""
    is_visible = view.shared or rights.user_id == view.owner_id
    if is_visible and view.partnership_id in rights.partnerships(*SEES_THE_WORK):
        return ""
    return gettext("You do not have access to this view.")


def why_not_mark_news(actor: Actor, watch: OwnedWatch) -> str:
    """Return why the actor may not mark the news of a watch as seen; empty for its user and the system."""
    if actor.actor_type == "system" or actor.pk == watch.user_id:
        return ""
    return gettext("You can only mark your own news as seen.")


def why_not_change_view(rights: Rights, view: OwnedView) -> str:
    """Return why the user may not rename, share or delete the view; empty when they may.

    Its owner may; if it is shared, the programme manager may too.
    """
    if rights.user_id == view.owner_id:
        return why_not_save_view(rights, view.partnership_id)
    if view.shared and not why_not_manage(rights, view.partnership_id):
        return ""
    return gettext(
        "Only the person who saved this view can change it, or the programme manager if it is shared."
    )
