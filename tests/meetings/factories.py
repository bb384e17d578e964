"""Factories for boards, their meetings and minutes; see tests/factories.py."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from factory import LazyAttribute, SelfAttribute

from audit.actors import SYSTEM
from meetings.meetings.services import hold_meeting, save_item, save_meeting
from meetings.minutes.services import write_minute
from meetings.models import AgendaItem, Meeting, Minute
from partners.models import Board
from partners.organisations.services import save_reference
from tests.support.clock import AT, EARLIER
from tests.support.service_factory import ServiceFactory

if TYPE_CHECKING:
    from tests.cast import Cast


class BoardFactory(ServiceFactory):
    """A board that decides on actions; `partnership` must be given."""

    class Meta:
        model = Board

    actor = SYSTEM
    at = EARLIER
    name = "CONTEST Strategic Steering Board"
    tier = "Gold"
    decides_on_actions = True

    @staticmethod
    def service(*, actor: Any, at: datetime, **fields: Any) -> Board:
        return save_reference(actor=actor, row=Board(**fields), at=at)


class MeetingFactory(ServiceFactory):
    """A planned meeting of 12 June 2020; give `cast`, and `board` where it is not the Steering Board."""

    class Meta:
        model = Meeting

    class Params:
        cast = None

    actor = SelfAttribute("cast.manager")
    at = AT
    board = LazyAttribute(lambda fields: steering_board(fields.cast))
    day = date(2020, 6, 12)

    @staticmethod
    def service(*, actor: Any, at: datetime, board: Board, **fields: Any) -> Meeting:
        return save_meeting(actor=actor, meeting=Meeting(board=board), at=at, **fields)


class MinuteFactory(ServiceFactory):
    """A minute of a held meeting, with an agenda item of its own; give `cast`, and `meeting` where there is one."""

    class Meta:
        model = Minute

    class Params:
        cast = None

    actor = SelfAttribute("cast.manager")
    at = AT
    meeting = LazyAttribute(lambda fields: held_meeting(fields.cast))
    title = "Actions proposed for withdrawal"
    text = "The board considered the proposals."

    @staticmethod
    def service(*, actor: Any, at: datetime, meeting: Meeting, title: str, **fields: Any) -> Minute:
        item = save_item(actor=actor, item=AgendaItem(meeting=meeting), title=title, at=at)
        return write_minute(actor=actor, item=item, at=at, **fields)


def steering_board(cast: Cast) -> Board:
    """Return the board that decides on West Yorkshire's actions."""
    return Board.objects.filter(name="CONTEST Strategic Steering Board").first() or BoardFactory(
        partnership=cast.yorkshire
    )


def held_meeting(cast: Cast, **fields: Any) -> Meeting:
    """Return a meeting that was held, whose minutes are a draft."""
    meeting = MeetingFactory(cast=cast, **fields)
    return hold_meeting(actor=cast.manager, meeting=meeting, at=AT)


CITED = "CONTEST Strategic Steering Board, 1 April 2020, minute CSB 12/20"
"""How the minute of `board_minute` is cited."""


def board_minute(cast: Cast) -> Minute:
    """Return a minute of a meeting of the Steering Board, which any decision on an action can cite."""
    board = steering_board(cast)
    known = Minute.objects.filter(board=board, reference="CSB 12/20").first()
    if known is not None:
        return known
    here: dict[str, Any] = {"cast": cast, "at": EARLIER}
    meeting = MeetingFactory(board=board, day=EARLIER.date(), **here)
    meeting = hold_meeting(actor=cast.manager, meeting=meeting, at=EARLIER)
    return MinuteFactory(meeting=meeting, reference="CSB 12/20", **here)
