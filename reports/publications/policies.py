"""Who may view, prepare, approve and publish public editions: list rule and object rule together."""

from collections.abc import Collection
from typing import Protocol

from django.db.models import Q
from django.utils.translation import gettext, gettext_lazy

from partners.policies import SEES_EVERYTHING, Rights, Role
from reports.templates.policies import why_not_manage

__all__ = [
    "may_see",
    "visible_editions",
    "visible_wordings",
    "why_not_approve",
    "why_not_manage",
    "why_not_publish",
    "why_not_withdraw",
]

DECIDES = (Role.BOARD_MEMBER, Role.OPCC_OFFICER)
SEES = (*SEES_EVERYTHING, Role.OPCC_OFFICER)
DECIDERS_ONLY = gettext_lazy(
    "Only a board member or an officer of the commissioner can decide on public editions."
)


class EditionRow(Protocol):
    @property
    def partnership_id(self) -> int: ...


def visible_editions(rights: Rights) -> Q:
    """List rule: those who see everything of the partnership, and the commissioner's officers."""
    return Q(paper__template__board__partnership__in=rights.partnerships(*SEES))


def visible_wordings(rights: Rights) -> Q:
    """List rule for public wordings: whoever views editions views what they say."""
    return Q(partnership__in=rights.partnerships(*SEES))


def may_see(rights: Rights, edition: EditionRow) -> bool:
    """Object rule of `visible_editions`."""
    return edition.partnership_id in rights.partnerships(*SEES)


def why_not_approve(rights: Rights, partnership_id: int, *, authors: Collection[int]) -> str:
    """Return why the user may not approve an edition; empty when they may.

    Args:
        authors: who prepared the edition, and who wrote the paper.
    """
    if partnership_id not in rights.partnerships(*DECIDES):
        return str(DECIDERS_ONLY)
    if rights.user_id in authors:
        return gettext(
            "You prepared this edition or wrote part of the paper, so somebody else must approve it."
        )
    return ""


def why_not_publish(
    rights: Rights, partnership_id: int, *, authors: Collection[int], approver_id: int | None
) -> str:
    """Return why the user may not publish an edition; empty when they may: neither author nor approver."""
    if partnership_id not in rights.partnerships(*DECIDES):
        return str(DECIDERS_ONLY)
    if rights.user_id in authors:
        return gettext(
            "You prepared this edition or wrote part of the paper, so somebody else must publish it."
        )
    if rights.user_id == approver_id:
        return gettext("You approved this edition, so somebody else must publish it.")
    return ""


def why_not_withdraw(rights: Rights, partnership_id: int) -> str:
    """Return why the user may not withdraw an edition; empty when they may. In doubt it is withdrawn at once."""
    if partnership_id in rights.partnerships(*DECIDES, Role.PROGRAMME_MANAGER):
        return ""
    return gettext("You can view this edition but not withdraw it. Ask the programme manager.")
