"""Quorum, and how often each seat of a board was filled."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from audit.actors import Reader
from meetings.attendance.models import Attendance
from meetings.meetings.models import Meeting
from partners.models import Board, BoardSeat, Organisation
from standards.rates import percent_of


@dataclass(frozen=True)
class Rate:
    """How often a post came: itself or by a substitute, of the meetings at which its attendance was recorded."""

    organisation: Organisation
    post: str
    came: int
    meetings: int

    @property
    def percent(self) -> int | None:
        return percent_of(self.came, self.meetings)


def seats_of(meeting: Meeting) -> dict[tuple[int, str], BoardSeat]:
    """Return the seats of the meeting's board on its day, by organisation and post."""
    seats = BoardSeat.objects.filter(board=meeting.board_id).running_on(meeting.day)
    return {(seat.organisation_id, seat.post): seat for seat in seats.select_related("organisation")}


@dataclass(frozen=True)
class SeatStatus:
    """A seat, and whether it is filled on a day."""

    seat: BoardSeat
    status: str


def seats_on(board: Board, day: date) -> list[SeatStatus]:
    """Return the seats of a board by sector, with their status on the day."""
    seats = BoardSeat.objects.filter(board=board).select_related("organisation", "succeeds__organisation")
    by_sector = sorted(seats, key=lambda seat: seat.sector)
    return [SeatStatus(seat, seat.status_on(day)) for seat in by_sector]


def unfilled(seats: Iterable[SeatStatus]) -> list[str]:
    """Return the names of the organisations that have seats, none of which is filled."""
    by_name: dict[str, set[str]] = {}
    for each in seats:
        by_name.setdefault(each.seat.organisation.name, set()).add(each.status)
    return [name for name, statuses in by_name.items() if gettext("Filled") not in statuses]


def present_at(meeting: Meeting) -> int:
    """Return how many members were present, or had a substitute."""
    return Attendance.objects.filter(meeting=meeting).counted().count()


def why_not_quorate(meeting: Meeting) -> str:
    """Return why a meeting could not decide; empty when it could, or its board has no quorum."""
    if not meeting.quorum:
        return ""
    present = present_at(meeting)
    if present >= meeting.quorum:
        return ""
    if not Attendance.objects.filter(meeting=meeting).exists():
        return gettext(
            "Record the attendance of {day_in_words} first. That meeting needs a quorum of "
            "{quorum} to decide."
        ).format(day_in_words=meeting.day_in_words, quorum=meeting.quorum)
    return gettext(
        "The meeting of {day_in_words} was not quorate: {present} present, and {quorum} are needed to decide."
    ).format(day_in_words=meeting.day_in_words, present=present, quorum=meeting.quorum)


def rates_of(board: Board, user: Reader, on: date) -> list[Rate]:
    """Return the rates of each post of a board. Cancelled and planned meetings are left out."""
    meetings = Meeting.objects.visible_to(user, on).filter(board=board).took_place()
    rows = (
        Attendance.objects.filter(meeting__in=meetings)
        .exclude(kind=Attendance.Kind.IN_ATTENDANCE)
        .select_related("organisation")
        .order_by("organisation__name", "post", "pk")
    )
    return _rates(rows)


def _rates(rows: Iterable[Attendance]) -> list[Rate]:
    by_post: dict[tuple[Organisation, str], list[bool]] = {}
    for row in rows:
        by_post.setdefault((row.organisation, row.post), []).append(row.kind in Attendance.COUNTED)
    return [
        Rate(organisation, post, came=sum(came), meetings=len(came))
        for (organisation, post), came in by_post.items()
    ]
