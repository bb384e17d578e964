"""Who may view papers, prepare, approve and issue them: list rule and object rule together."""

from collections.abc import Collection
from typing import Any, Protocol

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from partners.policies import SEES_EVERYTHING, Rights, Role
from reports.papers.states import FROZEN
from reports.templates.policies import MANAGERS_ONLY, why_not_manage
from standards.marking import Marking

__all__ = [
    "MANAGERS_ONLY",
    "SEES_EVERYTHING",
    "may_see",
    "visible_papers",
    "why_not_approve",
    "why_not_issue",
    "why_not_manage",
    "why_not_write",
]

ALL_ISSUED = (Role.SPOC, Role.OBSERVER, Role.OPCC_OFFICER)


class PaperRow(Protocol):
    state: str
    marking: str

    @property
    def board_id(self) -> int: ...
    @property
    def partnership_id(self) -> int: ...
    @property
    def has_two_voices(self) -> bool: ...


def visible_papers(rights: Rights, seats: "QuerySet[Any]") -> Q:
    """List rule: all papers for those who see everything; issued OFFICIAL ones for SPOCs, observers and the
    commissioner's officers, who also see OFFICIAL ones that they write a part of; for partners the issued ones of boards
    on which their organisation has a seat.

    Args:
        seats: the seats that are filled on the day.
    """
    rule = Q(template__board__partnership__in=rights.partnerships(*SEES_EVERYTHING))
    issued = Q(state__in=FROZEN, marking=Marking.OFFICIAL)
    if partnerships := rights.partnerships(*ALL_ISSUED):
        rule |= Q(template__board__partnership__in=partnerships) & issued
    if partnerships := rights.partnerships(Role.OPCC_OFFICER):
        rule |= Q(
            template__board__partnership__in=partnerships,
            template__two_voices=True,
            marking=Marking.OFFICIAL,
        )
    if organisations := rights.organisations(Role.PARTNER_CONTACT):
        boards = seats.filter(organisation__in=organisations).values("board")
        rule |= Q(template__board__in=boards) & issued
    return rule


def may_see(rights: Rights, paper: PaperRow, seated_boards: Collection[int]) -> bool:
    """Object rule of `visible_papers`.

    Args:
        seated_boards: the boards on which an organisation that the user speaks for has a seat.
    """
    if paper.partnership_id in rights.partnerships(*SEES_EVERYTHING):
        return True
    if paper.marking != Marking.OFFICIAL:
        return False
    if paper.has_two_voices and rights.has(Role.OPCC_OFFICER, paper.partnership_id):
        return True
    if paper.state not in FROZEN:
        return False
    return paper.partnership_id in rights.partnerships(*ALL_ISSUED) or paper.board_id in seated_boards


def why_not_write(rights: Rights, partnership_id: int, *, voice: str = "chief") -> str:
    """Return why the user may not write a section; empty when they may.

    Args:
        voice: whose section it is; the commissioner's officers write their own.
    """
    if not why_not_manage(rights, partnership_id):
        return ""
    if voice == "opcc" and rights.has(Role.OPCC_OFFICER, partnership_id):
        return ""
    return gettext("You can view this paper but not change it. Ask the programme manager.")


def why_not_approve(rights: Rights, partnership_id: int, *, voice: str, writers: Collection[int]) -> str:
    """Return why the user may not approve one voice of a paper; empty when they may.

    A board member approves the police part, an officer of the commissioner theirs. Nobody approves what they wrote.
    """
    if voice == "opcc":
        if not rights.has(Role.OPCC_OFFICER, partnership_id):
            return gettext("Only an officer of the commissioner can approve this part.")
    elif not rights.has(Role.BOARD_MEMBER, partnership_id):
        return gettext("Only a board member can approve this part.")
    if rights.user_id in writers:
        return gettext("You wrote part of this, so somebody else must approve it.")
    return ""


def why_not_issue(rights: Rights, partnership_id: int, writers: Collection[int]) -> str:
    """Return why the user may not issue a paper; empty when they may.

    Args:
        writers: the author of the paper and of its sections.
    """
    if not rights.has(Role.BOARD_MEMBER, partnership_id):
        return gettext("Only a board member can issue papers.")
    if rights.user_id in writers:
        return gettext("You wrote part of this paper, so another board member must issue it.")
    return ""
