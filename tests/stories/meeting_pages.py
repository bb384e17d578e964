"""Every page of meetings, who opens it, and how it is reached; walked with those of tests/stories/pages.py."""

from collections.abc import Callable
from datetime import date

from audit.actors import SYSTEM
from meetings.arisings.services import record_arising
from meetings.attendance.services import Attendee, record_attendance
from meetings.decisions.services import record_decision
from meetings.meetings.services import save_item
from meetings.models import AgendaItem, Arising, Decision, Meeting, Minute
from partners.models import BoardSeat
from partners.organisations.services import save_reference
from tests.cast import AT
from tests.meetings.factories import MeetingFactory, MinuteFactory, held_meeting, steering_board
from tests.stories.pages import Visit, World, press

MEETING_FILES = {
    "meetings:agenda-file": "a file",
    "meetings:minutes-file": "a file",
    "meetings:arising-export": "a file",
}


def add_meetings(world: World) -> None:
    """A planned meeting, and a held one with a row of everything, before another that can confirm it."""
    cast = world.cast
    here = {"actor": cast.manager, "at": AT}
    board = steering_board(cast)
    seat = BoardSeat(board=board, organisation=cast.police, post="Chair", starts_on=date(2020, 1, 1))
    save_reference(actor=SYSTEM, row=seat, at=AT)
    planned = MeetingFactory(cast=cast, board=board, day=date(2020, 6, 24))
    item = AgendaItem(meeting=planned)
    save_item(item=item, title="Funding", is_private=True, private_reason="Contracts", **here)
    meeting = held_meeting(cast, board=board, day=date(2020, 6, 1))
    record_attendance(meeting=meeting, attendees=[Attendee(cast.police, "Chair", "present")], **here)
    minute = MinuteFactory(cast=cast, meeting=meeting, text="The board considered " + "neighbourhoods-" * 12)
    record_decision(
        minute=minute,
        effect="request",
        wording="Report back.",
        subject="action",
        subject_ref="WY20-02",
        **here,
    )
    record_arising(minute=minute, text="Circulate the guide.", owner=cast.bradford_spoc, **here)
    held_meeting(cast, board=board, day=date(2020, 6, 15))


def planned(world: World) -> tuple[int]:
    return (Meeting.objects.get(day=date(2020, 6, 24)).pk,)


def planned_item(world: World) -> tuple[int, int]:
    item = AgendaItem.objects.get(title="Funding")
    return item.meeting_id, item.pk


def held(world: World) -> tuple[int]:
    return (Meeting.objects.get(day=date(2020, 6, 1)).pk,)


def minuted(world: World) -> tuple[int, int]:
    return held(world)[0], Minute.objects.get().pk


def decided(world: World) -> tuple[int, int]:
    return held(world)[0], Decision.objects.get().pk


def minute(world: World) -> tuple[int]:
    return (Minute.objects.get().pk,)


def board(world: World) -> tuple[int]:
    return (steering_board(world.cast).pk,)


def arising(world: World) -> tuple[int]:
    return (Arising.objects.get().pk,)


def _changed(route: str, where: Callable[[World], tuple[int, ...]], *, button: str = "") -> list[Visit]:
    """Visit a form, and where a button is named, send it as it is."""
    visits = [Visit(f"meetings:{route}", "manager", where)]
    if button:
        name = f"{route} sent empty"
        visits.append(Visit(f"meetings:{route}", "manager", where, then=press(button), name=name, status=422))
    return visits


MEETING_VISITS = [
    Visit("meetings:meeting-list", "manager"),
    Visit("meetings:meeting-list", "stranger"),
    Visit("meetings:meeting-create", "manager"),
    Visit(
        *("meetings:meeting-create", "manager"),
        then=press("Save meeting"),
        name="a meeting that says nothing",
        status=422,
    ),
    Visit("meetings:meeting", "manager", planned),
    Visit("meetings:meeting", "bradford_spoc", planned, name="a private agenda"),
    Visit("meetings:meeting", "manager", held, name="a meeting with minutes"),
    Visit("meetings:meeting", "gold", held, name="minutes to confirm"),
    Visit("meetings:agenda", "manager", planned, query="?part=private"),
    Visit("meetings:minutes", "gold", held),
    Visit("meetings:minute", "bradford_spoc", minute),
    Visit("meetings:board", "bradford_spoc", board),
    Visit("meetings:arising-log", "manager", board, query="?closed=yes"),
    Visit("actions:board-business", "gold", board),
    Visit("meetings:arising", "bradford_spoc", arising),
    *_changed("meeting-edit", planned),
    *_changed("meeting-hold", planned),
    *_changed("meeting-cancel", planned, button="Cancel the meeting"),
    *_changed("item-add", planned, button="Save item"),
    *_changed("item-edit", planned_item),
    *_changed("item-remove", planned_item),
    *_changed("attendance-record", held),
    *_changed("minute-write", held, button="Save minute"),
    *_changed("minute-edit", minuted),
    *_changed("decision-record", minuted, button="Save decision"),
    *_changed("arising-record", minuted, button="Save action arising"),
    *_changed("arising-remove", arising),
    *_changed("decision-remove", decided, button="Remove decision"),
    Visit("meetings:minutes-confirm", "gold", held),
    Visit("meetings:arising-report", "bradford_spoc", arising),
    *_changed("arising-action", arising, button="Record as an action"),
    *_changed("arising-close", arising, button="Close action arising"),
    Visit("meetings:meeting-hold", "manager", held, name="a meeting held already", status=409),
]
