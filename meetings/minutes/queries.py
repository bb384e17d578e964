"""The next reference of a board's minutes, and who wrote those of a meeting."""

import re
from datetime import date

from meetings.meetings.models import Meeting
from meetings.minutes.models import Minute
from partners.models import Board

RUNNING = re.compile(r"[0-9]{1,9}\Z")


def next_reference(board: Board, day: date) -> str:
    """Return the reference that the board's numbering gives to its next minute.

    Boards that took over from one another share one numbering.

    Args:
        day: of the meeting; a yearly numbering begins anew in each calendar year.
    """
    references = Minute.objects.filter(board__in=board.with_line()).values_list("reference", flat=True)
    yearly = board.minute_numbering == Board.Numbering.YEARLY
    suffix = f"/{day.year}" if yearly else ""
    numbers = [reference.removesuffix(suffix) for reference in references if reference.endswith(suffix)]
    last = max((int(number) for number in numbers if RUNNING.match(number)), default=0)
    return f"{last + 1}{suffix}"


def writers_of(meeting: Meeting) -> set[int]:
    """Return the users who wrote minutes of the meeting."""
    return set(Minute.objects.filter(item__meeting=meeting).values_list("written_by", flat=True))
