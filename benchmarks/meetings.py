"""Measure the pages of a board that met for ten years, each compared with the list of meetings."""

from collections.abc import Callable
from datetime import date
from typing import Any

from benchmarks.stage import AT, Stage
from meetings.arisings.services import record_arising
from meetings.meetings.services import hold_meeting, save_item, save_meeting
from meetings.minutes.services import write_minute
from meetings.models import AgendaItem, Meeting
from partners.models import Board
from partners.organisations.services import save_reference

YEARS, MONTHS, ITEMS = 10, (1, 4, 7, 10), 5
Compare = Callable[[str, Callable[[], object], str, Callable[[], object]], None]


def run(compare: Compare) -> None:
    stage = Stage("Boards", 20)
    board = save_reference(
        actor=stage.manager,
        row=Board(partnership=stage.partnership, name="Gold board", tier="Gold", decides_on_actions=True),
        at=AT,
    )
    for year in range(AT.year - YEARS, AT.year):
        for month in MONTHS:
            meeting = _hold(stage, board, date(year, month, 1))
    number = YEARS * len(MONTHS)
    pages = {
        f"board with {number} meetings": f"/boards/{board.pk}/",
        f"meeting with {ITEMS} minutes": f"/meetings/{meeting.pk}/",
        f"action log of {number * ITEMS} open actions": f"/boards/{board.pk}/action-log/",
        "business waiting for the board": f"/boards/{board.pk}/business/",
    }
    for name, path in pages.items():
        compare(
            name,
            lambda path=path: stage.get(path),
            "the list of meetings",
            lambda: stage.get("/meetings/"),
        )


def _hold(stage: Stage, board: Board, day: date) -> Meeting:
    here: dict[str, Any] = {"actor": stage.manager, "at": AT}
    meeting = save_meeting(meeting=Meeting(board=board), day=day, **here)
    meeting = hold_meeting(meeting=meeting, **here)
    for number in range(1, ITEMS + 1):
        item = save_item(item=AgendaItem(meeting=meeting), title=f"Item {number}", **here)
        minute = write_minute(item=item, text="The board noted the progress of the plan. " * 5, **here)
        record_arising(minute=minute, text="Circulate the guide.", owner=stage.manager, **here)
    return meeting
