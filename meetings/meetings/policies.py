"""Who may view meetings and their minutes, and who may write, confirm and close: list rule and object rule together.

Each rule takes the rights a user has on the day (partners.policies.rights_of).
"""

from collections.abc import Collection
from typing import Any, Protocol

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from partners.policies import SEES_EVERYTHING, SEES_THE_WORK, Rights, Role
from standards.marking import Marking
from web.language import lazy_text

MANAGERS_ONLY = lazy_text("Only the programme manager can change meetings and minutes.")


class MeetingRow(Protocol):
    board_id: int
    marking: str

    @property
    def partnership_id(self) -> int: ...


class ItemRow(Protocol):
    is_private: bool
    marking: str

    @property
    def meeting(self) -> MeetingRow: ...


class ArisingRow(Protocol):
    owner_id: int | None
    organisation_id: int | None

    @property
    def partnership_id(self) -> int: ...


def visible_meetings(rights: Rights, seats: "QuerySet[Any]") -> Q:
    """List rule: all meetings for those who see everything, OFFICIAL ones for SPOCs; partners see the OFFICIAL ones
    of boards on which their organisation has a seat.

    Args:
        seats: the seats that are filled on the day.
    """
    rule = Q(board__partnership__in=rights.partnerships(*SEES_EVERYTHING))
    if partnerships := rights.partnerships(Role.SPOC):
        rule |= Q(board__partnership__in=partnerships, marking=Marking.OFFICIAL)
    if organisations := rights.organisations(Role.PARTNER_CONTACT):
        boards = seats.filter(organisation__in=organisations).values("board")
        rule |= Q(board__in=boards, marking=Marking.OFFICIAL)
    return rule


def expected_at(rights: Rights, seats: "QuerySet[Any]") -> Q:
    """List rule, within `visible_meetings`: the meetings at which the user is expected.

    The programme manager minutes every board; board members decide on the boards that decide on actions; others come
    where their organisation has a seat.

    Args:
        seats: the seats that are filled on the day.
    """
    seated = seats.filter(organisation__in=rights.organisations(*SEES_THE_WORK)).values("board")
    return (
        Q(board__in=seated)
        | Q(board__partnership__in=rights.partnerships(Role.PROGRAMME_MANAGER))
        | Q(board__partnership__in=rights.partnerships(Role.BOARD_MEMBER), board__decides_on_actions=True)
    )


def may_see(rights: Rights, meeting: MeetingRow, seated_boards: Collection[int]) -> bool:
    """Object rule of `visible_meetings`.

    Args:
        seated_boards: the boards on which an organisation that the user speaks for has a seat.
    """
    if meeting.partnership_id in rights.partnerships(*SEES_EVERYTHING):
        return True
    return meeting.marking == Marking.OFFICIAL and (
        rights.has(Role.SPOC, meeting.partnership_id) or meeting.board_id in seated_boards
    )


def visible_items(rights: Rights, meetings: "QuerySet[Any]", path: str = "") -> Q:
    """List rule: items of meetings that the user sees; private and sensitive ones only for those who see everything.

    Args:
        meetings: those that the user sees.
        path: how a row reaches its item, with two underscores at its end; empty for the item itself.
    """
    everything = Q(**{f"{path}meeting__board__partnership__in": rights.partnerships(*SEES_EVERYTHING)})
    open_ones = Q(**{f"{path}is_private": False, f"{path}marking": Marking.OFFICIAL})
    return Q(**{f"{path}meeting__in": meetings}) & (everything | open_ones)


def may_see_item(rights: Rights, item: ItemRow, seated_boards: Collection[int]) -> bool:
    """Object rule of `visible_items`."""
    if not may_see(rights, item.meeting, seated_boards):
        return False
    if item.meeting.partnership_id in rights.partnerships(*SEES_EVERYTHING):
        return True
    return not item.is_private and item.marking == Marking.OFFICIAL


def why_not_manage(rights: Rights, partnership_id: int) -> str:
    """Return why the user may not write meetings and minutes; empty when they may."""
    return "" if rights.has(Role.PROGRAMME_MANAGER, partnership_id) else MANAGERS_ONLY


def why_not_confirm(rights: Rights, partnership_id: int, writers: Collection[int]) -> str:
    """Return why the user may not confirm the minutes of a meeting; empty when they may.

    Args:
        writers: the users who wrote its minutes.
    """
    if not rights.has(Role.BOARD_MEMBER, partnership_id):
        return gettext("Only a board member can confirm minutes.")
    if rights.user_id in writers:
        return gettext("You wrote part of these minutes, so another board member must confirm them.")
    return ""


def why_not_cite(rights: Rights, partnership_id: int) -> str:
    """Return why the user may not cite a minute for a decision that they carry out; empty when they may."""
    if rights.has(Role.BOARD_MEMBER, partnership_id) or rights.has(Role.AUDITOR, partnership_id):
        return ""
    return gettext("Only a board member or an auditor can cite a minute for a decision.")


def why_not_report(rights: Rights, arising: ArisingRow) -> str:
    """Return why the user may not report on an action arising; empty when they may.

    Its owner, people of its organisation and the programme manager may.
    """
    organisations = rights.organisations(Role.SPOC, Role.PARTNER_CONTACT, Role.BOARD_MEMBER)
    if (
        (rights.user_id is not None and rights.user_id == arising.owner_id)
        or (arising.organisation_id is not None and arising.organisation_id in organisations)
        or rights.has(Role.PROGRAMME_MANAGER, arising.partnership_id)
    ):
        return ""
    return gettext(
        "Only the owner, the organisation responsible or the programme manager can report on this."
    )
