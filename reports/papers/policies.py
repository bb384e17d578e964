"""Who may view papers, prepare, approve and issue them: list rule and object rule together."""

from collections.abc import Collection
from typing import Any, Protocol

from django.db.models import Q, QuerySet

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

ALL_ISSUED = (Role.SPOC, Role.OBSERVER)


class PaperRow(Protocol):
    state: str
    marking: str

    @property
    def board_id(self) -> int: ...
    @property
    def partnership_id(self) -> int: ...


def visible_papers(rights: Rights, seats: "QuerySet[Any]") -> Q:
    """List rule: all papers for those who see everything; issued OFFICIAL ones for SPOCs and observers, and for partners
    those of boards on which their organisation has a seat.

    Args:
        seats: the seats that are filled on the day.
    """
    rule = Q(template__board__partnership__in=rights.partnerships(*SEES_EVERYTHING))
    issued = Q(state__in=FROZEN, marking=Marking.OFFICIAL)
    if partnerships := rights.partnerships(*ALL_ISSUED):
        rule |= Q(template__board__partnership__in=partnerships) & issued
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
    if paper.state not in FROZEN or paper.marking != Marking.OFFICIAL:
        return False
    return paper.partnership_id in rights.partnerships(*ALL_ISSUED) or paper.board_id in seated_boards


def why_not_write(
    rights: Rights, partnership_id: int, *, voice: str = "chief", opcc: Collection[int] = ()
) -> str:
    """Return why the user may not write a section; empty when they may.

    Args:
        voice: whose section it is.
        opcc: the organisations that are the local policing body.
    """
    if not why_not_manage(rights, partnership_id):
        return ""
    if voice == "opcc" and rights.organisations(Role.BOARD_MEMBER, Role.AUDITOR) & set(opcc):
        return ""
    return "You can view this paper but not change it. Ask the programme manager."


def why_not_approve(
    rights: Rights, partnership_id: int, *, voice: str, opcc: Collection[int], writers: Collection[int]
) -> str:
    """Return why the user may not approve one voice of a paper; empty when they may.

    A board member who is not of the commissioner's office approves the police part; a board member or auditor of
    that office approves the office's. Nobody approves a part that they wrote.
    """
    if voice == "opcc":
        if not rights.organisations(Role.BOARD_MEMBER, Role.AUDITOR) & set(opcc):
            return "Only a board member or auditor of the commissioner's office can approve this part."
    elif not rights.has(Role.BOARD_MEMBER, partnership_id) or rights.organisations(Role.BOARD_MEMBER) <= set(
        opcc
    ):
        return "Only a board member of the police or a partner can approve this part."
    if rights.user_id in writers:
        return "You wrote part of this, so somebody else must approve it."
    return ""


def why_not_issue(rights: Rights, partnership_id: int, writers: Collection[int]) -> str:
    """Return why the user may not issue a paper; empty when they may.

    Args:
        writers: the author of the paper and of its sections.
    """
    if not rights.has(Role.BOARD_MEMBER, partnership_id):
        return "Only a board member can issue papers."
    if rights.user_id in writers:
        return "You wrote part of this paper, so another board member must issue it."
    return ""
