"""Who may request, decide and withdraw a due date change, and who may lift a cause of concern."""

from collections.abc import Collection
from typing import Protocol

from django.utils.translation import gettext

from actions.core.policies import OwnedAction, PersonalRequest, decides_alone, leads_or_manages, requested
from partners.policies import Rights, Role


class LevelledRequest(PersonalRequest, Protocol):
    """A request for a new due date, with the level that decides it."""

    @property
    def level(self) -> str: ...
    @property
    def secret_holders(self) -> Collection[int]: ...


def why_not_schedule(rights: Rights, action: OwnedAction) -> str:
    """Return why the user may not set milestones or request a new due date; empty when they may."""
    if leads_or_manages(rights, action):
        return ""
    return gettext(
        "Only the owner, the alternate, the lead organisation or the programme manager can do this."
    )


def why_not_decide_date(rights: Rights, request: LevelledRequest) -> str:
    """Return why the user may not approve or reject the request; empty when they may.

    A programme manager decides the first later date. A board member decides the second, and every later date under a
    cause of concern. Nobody decides on their own request or action, nor on one of a system whose secret they have seen.
    """
    by_board = request.level == "board"
    role, who = (
        (Role.BOARD_MEMBER, gettext("board member"))
        if by_board
        else (Role.PROGRAMME_MANAGER, gettext("programme manager"))
    )
    if not rights.has(role, request.action.partnership_id):
        return gettext("Only a {who} can decide this.").format(who=who)
    if rights.user_id in request.secret_holders:
        return gettext(
            "You have seen, or may have seen, a secret of the system that asks, so another {who} must decide."
        ).format(who=who)
    if not decides_alone(rights, request):
        return gettext("You made this request or own the action, so another {who} must decide.").format(
            who=who
        )
    return ""


def why_not_withdraw_date(rights: Rights, request: PersonalRequest) -> str:
    """Return why the user may not withdraw the request; empty when they may."""
    if requested(rights, request) or leads_or_manages(rights, request.action):
        return ""
    return gettext(
        "Only the person who made this request, the action's lead or the programme manager can withdraw it."
    )


def why_not_lift_concern(rights: Rights, action: OwnedAction) -> str:
    """Return why the user may not lift the action's cause of concern; empty when they may.

    A board member who does not own the action may.
    """
    if not rights.has(Role.BOARD_MEMBER, action.partnership_id):
        return gettext("Only a board member can lift a cause of concern.")
    if rights.user_id in (action.owner_id, action.alternate_id):
        return gettext("You own this action, so another board member must lift its cause of concern.")
    return ""
