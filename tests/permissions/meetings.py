"""The rows of the permission matrix for meetings, and the meeting in play: one of 1 June with a later one behind it.

The council of `wakefield_contact` has no seat on the board, so it sees no meeting; every SPOC sees OFFICIAL ones.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from actions.models import Action
from meetings.arisings.services import record_arising
from meetings.decisions.services import record_decision
from meetings.meetings.services import save_item
from meetings.models import AgendaItem
from tests.cast import AT, Cast
from tests.meetings.factories import MeetingFactory, MinuteFactory, held_meeting, steering_board

PAGES = """
#                           an  st  ob  fs  ad  lm  wc : su  bs  ls  ma  go  au
meetings:meeting-list       GET   302 200
meetings:meeting-list       POST  302 405
meetings:meeting-list       OTHER 302 405
meetings:meeting-create     GET   302 403 403 403 403 200 403 : 403 403 403 200 403 403
meetings:meeting-create     POST  302 403 403 403 403 422 403 : 403 403 403 422 403 403
meetings:meeting-create     OTHER 302 405
meetings:meeting            GET   302 404 404 404 404 404 404 : 404 200 200 200 200 200
meetings:meeting            POST  302 405
meetings:meeting            OTHER 302 405
meetings:agenda             GET   302 404 404 404 404 404 404 : 404 200 200 200 200 200
meetings:agenda             POST  302 405
meetings:agenda             OTHER 302 405
meetings:agenda-file        GET   302 404 404 404 404 404 404 : 404 200 200 200 200 200
meetings:agenda-file        POST  302 405
meetings:agenda-file        OTHER 302 405
meetings:minutes            GET   302 404 404 404 404 404 404 : 404 200 200 200 200 200
meetings:minutes            POST  302 405
meetings:minutes            OTHER 302 405
meetings:minutes-file       GET   302 404 404 404 404 404 404 : 404 200 200 200 200 200
meetings:minutes-file       POST  302 405
meetings:minutes-file       OTHER 302 405
meetings:minute             GET   302 404 404 404 404 404 404 : 404 200 200 200 200 200
meetings:minute             POST  302 405
meetings:minute             OTHER 302 405
meetings:board              GET   302 404 404 404 404 404 200 : 200 200 200 200 200 200
meetings:board              POST  302 405
meetings:board              OTHER 302 405
actions:board-business            GET     302 404 404 404 404 404 200 : 200 200 200 200 200 200
actions:board-business            POST    302 405
actions:board-business            OTHER   302 405
actions:closure-decide            GET     302 404 404 404 404 404 404 : 403 403 403 403 200 403
actions:closure-decide            POST    302 404 404 404 404 404 404 : 403 403 403 403 422 403
actions:closure-decide            OTHER   302 405
actions:closure-retract           GET     302 404 404 404 404 404 404 : 403 403 403 200 403 403
actions:closure-retract           POST    302 404 404 404 404 404 404 : 403 403 403 422 403 403
actions:closure-retract           OTHER   302 405
actions:board-rating-record       GET     302 404 404 404 404 404 404 : 403 403 403 403 200 403
actions:board-rating-record       POST    302 404 404 404 404 404 404 : 403 403 403 403 422 403
actions:board-rating-record       OTHER   302 405
meetings:meeting-edit       GET   302 404 404 404 404 404 404 : 404 403 403 200 403 403
meetings:meeting-edit       POST  302 404 404 404 404 404 404 : 404 403 403 422 403 403
meetings:meeting-edit       OTHER 302 405
meetings:meeting-hold       GET   302 404 404 404 404 404 404 : 404 403 403 200 403 403
meetings:meeting-hold       POST  302 404 404 404 404 404 404 : 404 403 403 422 403 403
meetings:meeting-hold       OTHER 302 405
meetings:meeting-cancel     GET   302 404 404 404 404 404 404 : 404 403 403 200 403 403
meetings:meeting-cancel     POST  302 404 404 404 404 404 404 : 404 403 403 422 403 403
meetings:meeting-cancel     OTHER 302 405
meetings:item-add           GET   302 404 404 404 404 404 404 : 404 403 403 200 403 403
meetings:item-add           POST  302 404 404 404 404 404 404 : 404 403 403 422 403 403
meetings:item-add           OTHER 302 405
meetings:item-edit          GET   302 404 404 404 404 404 404 : 404 403 403 200 403 403
meetings:item-edit          POST  302 404 404 404 404 404 404 : 404 403 403 422 403 403
meetings:item-edit          OTHER 302 405
meetings:item-remove        GET   302 404 404 404 404 404 404 : 404 403 403 200 403 403
meetings:item-remove        POST  302 404 404 404 404 404 404 : 404 403 403 422 403 403
meetings:item-remove        OTHER 302 405
meetings:attendance-record  GET   302 404 404 404 404 404 404 : 404 403 403 200 403 403
meetings:attendance-record  POST  302 404 404 404 404 404 404 : 404 403 403 422 403 403
meetings:attendance-record  OTHER 302 405
meetings:minute-write       GET   302 404 404 404 404 404 404 : 404 403 403 200 403 403
meetings:minute-write       POST  302 404 404 404 404 404 404 : 404 403 403 422 403 403
meetings:minute-write       OTHER 302 405
meetings:minute-edit        GET   302 404 404 404 404 404 404 : 404 403 403 200 403 403
meetings:minute-edit        POST  302 404 404 404 404 404 404 : 404 403 403 422 403 403
meetings:minute-edit        OTHER 302 405
meetings:minutes-confirm    GET   302 404 404 404 404 404 404 : 404 403 403 403 200 403
meetings:minutes-confirm    POST  302 404 404 404 404 404 404 : 404 403 403 403 422 403
meetings:minutes-confirm    OTHER 302 405
meetings:decision-record    GET   302 404 404 404 404 404 404 : 404 403 403 200 403 403
meetings:decision-record    POST  302 404 404 404 404 404 404 : 404 403 403 422 403 403
meetings:decision-record    OTHER 302 405
meetings:arising-record     GET   302 404 404 404 404 404 404 : 404 403 403 200 403 403
meetings:arising-record     POST  302 404 404 404 404 404 404 : 404 403 403 422 403 403
meetings:arising-record     OTHER 302 405
meetings:arising-log        GET   302 404 404 404 404 404 200 : 200 200 200 200 200 200
meetings:arising-log        POST  302 405
meetings:arising-log        OTHER 302 405
meetings:arising-export     GET   302 404 404 404 404 404 200 : 200 200 200 200 200 200
meetings:arising-export     POST  302 405
meetings:arising-export     OTHER 302 405
meetings:arising            GET   302 404 404 404 404 404 404 : 404 200 200 200 200 200
meetings:arising            POST  302 405
meetings:arising            OTHER 302 405
meetings:arising-report     GET   302 404 404 404 404 404 404 : 404 200 403 200 403 403
meetings:arising-report     POST  302 404 404 404 404 404 404 : 404 422 403 422 403 403
meetings:arising-report     OTHER 302 405
meetings:arising-action     GET   302 404 404 404 404 404 404 : 404 403 403 200 403 403
meetings:arising-action     POST  302 404 404 404 404 404 404 : 404 403 403 422 403 403
meetings:arising-action     OTHER 302 405
meetings:arising-close      GET   302 404 404 404 404 404 404 : 404 403 403 200 403 403
meetings:arising-close      POST  302 404 404 404 404 404 404 : 404 403 403 422 403 403
meetings:arising-close      OTHER 302 405
meetings:arising-remove     GET   302 404 404 404 404 404 404 : 404 403 403 200 403 403
meetings:arising-remove     POST  302 404 404 404 404 404 404 : 404 403 403 422 403 403
meetings:arising-remove     OTHER 302 405
meetings:decision-remove    GET   302 404 404 404 404 404 404 : 404 403 403 200 403 403
meetings:decision-remove    POST  302 404 404 404 404 404 404 : 404 403 403 422 403 403
meetings:decision-remove    OTHER 302 405
"""

API = """
#                    an  st  ob  fs  ad  lm  wc : su  bs  ls  ma  go  au : reader writer reviewer foreign
api:board-list     GET   401 200 200 200 200 200 200 : 200 200 200 200 200 200 : 403 403 403 200
api:board-list     POST  401 405
api:board-list     OTHER 401 405
api:board          GET   401 404 404 404 404 404 200 : 200 200 200 200 200 200 : 403 403 403 404
api:board          POST  401 405
api:board          OTHER 401 405
api:meeting-list   GET   401 200 200 200 200 200 200 : 200 200 200 200 200 200 : 403 403 403 200
api:meeting-list   POST  401 403 403 403 403 400 403 : 403 403 403 400 403 403 : 403 403 403 403
api:meeting-list   OTHER 401 405
api:meeting        GET   401 404 404 404 404 404 404 : 404 200 200 200 200 200 : 403 403 403 404
api:meeting        POST  401 405
api:meeting        PATCH 401 404 404 404 404 404 404 : 404 403 403 200 403 403 : 403 403 403 404
api:meeting        PUT   401 405
api:meeting        DELETE 401 405
api:meeting-hold   GET   401 405
api:meeting-hold   POST  401 404 404 404 404 404 404 : 404 403 403 400 403 403 : 403 403 403 404
api:meeting-hold   OTHER 401 405
api:meeting-cancel GET   401 405
api:meeting-cancel POST  401 404 404 404 404 404 404 : 404 403 403 400 403 403 : 403 403 403 404
api:meeting-cancel OTHER 401 405
api:meeting-agenda GET   401 405
api:meeting-agenda POST  401 404 404 404 404 404 404 : 404 403 403 400 403 403 : 403 403 403 404
api:meeting-agenda OTHER 401 405
api:meeting-attendance GET   401 405
api:meeting-attendance POST  401 404 404 404 404 404 404 : 404 403 403 400 403 403 : 403 403 403 404
api:meeting-attendance OTHER 401 405
api:meeting-confirm GET   401 405
api:meeting-confirm POST  401 404 404 404 404 404 404 : 404 403 403 403 400 403 : 403 403 403 404
api:meeting-confirm OTHER 401 405
api:agenda-item    GET   401 404 404 404 404 404 404 : 404 200 200 200 200 200 : 403 403 403 404
api:agenda-item    POST  401 405
api:agenda-item    PATCH 401 404 404 404 404 404 404 : 404 403 403 200 403 403 : 403 403 403 404
api:agenda-item    PUT   401 405
api:agenda-item    DELETE 401 405
api:agenda-item-remove GET   401 405
api:agenda-item-remove POST  401 404 404 404 404 404 404 : 404 403 403 400 403 403 : 403 403 403 404
api:agenda-item-remove OTHER 401 405
api:minute-list    GET   401 404 404 404 404 404 404 : 404 200 200 200 200 200 : 403 403 403 404
api:minute-list    POST  401 404 404 404 404 404 404 : 404 403 403 400 403 403 : 403 403 403 404
api:minute-list    OTHER 401 405
api:minute         GET   401 404 404 404 404 404 404 : 404 200 200 200 200 200 : 403 403 403 404
api:minute         POST  401 405
api:minute         PATCH 401 404 404 404 404 404 404 : 404 403 403 200 403 403 : 403 403 403 404
api:minute         PUT   401 405
api:minute         DELETE 401 405
api:minute-decisions GET   401 405
api:minute-decisions POST  401 404 404 404 404 404 404 : 404 403 403 400 403 403 : 403 403 403 404
api:minute-decisions OTHER 401 405
api:arising-list   GET   401 200 200 200 200 200 200 : 200 200 200 200 200 200 : 403 403 403 200
api:arising-list   POST  401 405
api:arising-list   OTHER 401 405
api:arising        GET   401 404 404 404 404 404 404 : 404 200 200 200 200 200 : 403 403 403 404
api:arising        POST  401 405
api:arising        OTHER 401 405
api:arising-report GET   401 405
api:arising-report POST  401 404 404 404 404 404 404 : 404 400 403 400 403 403 : 403 403 403 404
api:arising-report OTHER 401 405
api:arising-close  GET   401 405
api:arising-close  POST  401 404 404 404 404 404 404 : 404 403 403 400 403 403 : 403 403 403 404
api:arising-close  OTHER 401 405
api:arising-action GET   401 405
api:arising-action POST  401 404 404 404 404 404 404 : 404 403 403 400 403 403 : 403 403 403 404
api:arising-action OTHER 401 405
api:minute-arisings GET   401 405
api:minute-arisings POST  401 404 404 404 404 404 404 : 404 403 403 400 403 403 : 403 403 403 404
api:minute-arisings OTHER 401 405
"""


def planned(cast: Cast, action: Action) -> dict[str, Any]:
    """A meeting that was not held yet."""
    meeting = MeetingFactory(cast=cast)
    item = save_item(actor=cast.manager, item=AgendaItem(meeting=meeting), title="Apologies", at=AT)
    return {"pk": meeting.pk, "item_pk": item.pk}


def held(cast: Cast, action: Action) -> dict[str, Any]:
    """A meeting with a minute, and a later one that can confirm it."""
    minute = MinuteFactory(cast=cast, meeting=held_meeting(cast, day=date(2020, 6, 1)))
    held_meeting(cast, board=minute.board)
    return {"pk": minute.item.meeting_id, "minute_pk": minute.pk}


def document(cast: Cast, action: Action) -> dict[str, Any]:
    """A document of a held meeting, in the format that is written fastest."""
    return {"pk": MinuteFactory(cast=cast).item.meeting_id, "file_type": "odt"}


def minute_itself(cast: Cast, action: Action) -> dict[str, Any]:
    return {"pk": MinuteFactory(cast=cast).pk}


def decision(cast: Cast, action: Action) -> dict[str, Any]:
    """A decision in minutes in draft."""
    row = record_decision(
        actor=cast.manager, minute=MinuteFactory(cast=cast), effect="note", wording="Noted.", at=AT
    )
    return {"pk": row.minute.item.meeting_id, "decision_pk": row.pk}


def item(cast: Cast, action: Action) -> dict[str, Any]:
    return {"pk": MinuteFactory(cast=cast).item_id}


def board(cast: Cast, action: Action) -> dict[str, Any]:
    return {"pk": steering_board(cast).pk}


def board_file(cast: Cast, action: Action) -> dict[str, Any]:
    return board(cast, action) | {"file_type": "csv"}


def arising(cast: Cast, action: Action | None) -> dict[str, Any]:
    """An action arising of Bradford's SPOC."""
    row = record_arising(
        actor=cast.manager,
        minute=MinuteFactory(cast=cast),
        text="Circulate the guide.",
        owner=cast.bradford_spoc,
        at=AT,
    )
    return {"pk": row.pk}


FOUND: dict[str, Callable[[Cast, Action], dict[str, Any]]] = {
    **dict.fromkeys(
        (
            *("meetings:meeting-edit", "meetings:meeting-hold", "meetings:meeting-cancel"),
            *("meetings:item-add", "meetings:item-edit", "meetings:item-remove"),
        ),
        planned,
    ),
    **dict.fromkeys(
        (
            *("meetings:meeting", "meetings:attendance-record", "meetings:minute-write"),
            *("meetings:minute-edit", "meetings:minutes-confirm", "meetings:decision-record"),
            *("meetings:arising-record", "meetings:agenda", "meetings:minutes"),
            *("api:meeting", "api:minute-list", "api:meeting-hold"),
            *("api:meeting-cancel", "api:meeting-agenda", "api:meeting-attendance", "api:meeting-confirm"),
        ),
        held,
    ),
    "meetings:decision-remove": decision,
    **dict.fromkeys(("meetings:agenda-file", "meetings:minutes-file"), document),
    **dict.fromkeys(
        ("meetings:minute", "api:minute", "api:minute-decisions", "api:minute-arisings"), minute_itself
    ),
    **dict.fromkeys(("api:agenda-item", "api:agenda-item-remove"), item),
    "meetings:arising-export": board_file,
    **dict.fromkeys(("meetings:board", "meetings:arising-log", "actions:board-business", "api:board"), board),
    **dict.fromkeys(
        (
            *("meetings:arising", "meetings:arising-report", "meetings:arising-close"),
            *("meetings:arising-remove", "meetings:arising-action", "api:arising", "api:arising-report"),
            *("api:arising-close", "api:arising-action"),
        ),
        arising,
    ),
}
