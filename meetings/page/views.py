"""Pages that show meetings whole: the list, a meeting with its agenda and minutes, and a board."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from audit import clock
from meetings.attendance import views as attendance
from meetings.attendance.queries import rates_of, seats_on, unfilled
from meetings.documents import views as documents
from meetings.meetings import policies
from meetings.meetings import views as change
from meetings.meetings.models import AgendaItem, Meeting
from meetings.meetings.queries import timeline_of
from meetings.meetings.states import MeetingState
from meetings.minutes import views as minutes
from meetings.minutes.models import Minute
from partners.ledger.queries import readable_ledger
from partners.models import Board
from partners.organisations.forms import BoardListForm
from partners.policies import SEES_EVERYTHING, Role
from standards import marking
from web.filters import without_empty_parameters
from web.language import lazy_text
from web.paging import page_of
from web.quick import RowGroup, grouped_list

PAGE_SIZE = 25


GROUPS = (
    RowGroup("planned", lazy_text("Planned"), Q(state=MeetingState.PLANNED)),
    RowGroup("minutes", lazy_text("Minutes not confirmed"), Q(state=MeetingState.HELD)),
    RowGroup("confirmed", lazy_text("Minutes confirmed"), Q(state=MeetingState.CONFIRMED)),
)


@require_safe
@without_empty_parameters
def meeting_list(request: HttpRequest) -> HttpResponse:
    """List the meetings the user may view, newest first, and the boards that hold them."""
    on, rights = clock.today(), change.rights(request)
    boards = Board.objects.visible_to(request.user, on).select_related("succeeds")
    meetings = grouped_list(
        request.GET,
        rows=Meeting.objects.visible_to(request.user, on),
        groups=GROUPS,
        address=reverse("meetings:meeting-list"),
        form_type=BoardListForm,
        boards=boards,
    )
    pages = page_of(request, meetings.rows.select_related("board__partnership"), PAGE_SIZE)
    context = {
        **meetings.context,
        "pages": pages,
        "boards": boards,
        "on": on,
        "may_manage": bool(rights.partnerships(Role.PROGRAMME_MANAGER)),
        "page_marking": marking.highest(row.marking for row in pages),
    }
    return render(request, "meetings/page/meeting_list.html", context, status=meetings.status)


@dataclass(frozen=True)
class PaperLink:
    """A paper of a meeting, as an app above knows it."""

    title: str
    href: str
    state: str
    marking: str


@dataclass(frozen=True)
class Entry:
    """An item of the agenda that the reader may view, with its minutes and papers."""

    item: AgendaItem
    minutes: Sequence[Minute]
    papers: Sequence[PaperLink]


def meeting_context(
    request: HttpRequest, pk: int, papers_of: Callable[[Meeting], Mapping[int | None, Sequence[PaperLink]]]
) -> dict[str, Any]:
    """Return what the page of a meeting shows: its agenda, attendance, minutes and papers.

    Args:
        papers_of: returns the papers that the reader may view by the id of their agenda item; None for the meeting's.

    Raises:
        Http404: when the user sees no such meeting.
    """
    on, rights = clock.today(), change.rights(request)
    meeting = change.find(request, pk)
    items = AgendaItem.objects.visible_to(request.user, on).filter(meeting=meeting)
    rows = minutes.section(meeting, user=request.user, on=on)
    manages = not policies.why_not_manage(rights, meeting.partnership_id)
    papers = papers_of(meeting)
    return {
        "meeting": meeting,
        "agenda": [
            Entry(item, [row for row in rows if row.item_id == item.pk], papers.get(item.pk, ()))
            for item in items
        ],
        "papers": papers.get(None, ()),
        "private": meeting.items.count() - len(items),
        "documents": documents.section(meeting, user=request.user, on=on),
        "attendance": attendance.section(meeting),
        "minutes": rows,
        "plans": manages and meeting.state == MeetingState.PLANNED,
        "edits": manages and meeting.is_open,
        "writes": manages and meeting.state == MeetingState.HELD,
        "confirms": minutes.confirms(meeting, rights),
        "timeline": timeline_of(meeting) if _sees_everything(rights, meeting) else [],
        "ledger": readable_ledger(rights=rights, partnership_id=meeting.partnership_id),
        **change.marking(meeting),
        "page_marking": marking.highest(
            [meeting.marking, *(paper.marking for each in papers.values() for paper in each)]
        ),
    }


@require_safe
def minute_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one minute, which others cite, with its decisions and corrections."""
    on = clock.today()
    visible = Minute.objects.visible_to(request.user, on).select_related("item__meeting__board")
    minute = get_object_or_404(visible, pk=pk)
    meeting = minute.item.meeting
    row = next(each for each in minutes.section(meeting, user=request.user, on=on) if each.pk == minute.pk)
    return render(
        request, "meetings/page/minute.html", {"minute": row, "meeting": meeting, **change.marking(meeting)}
    )


@require_safe
def board_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a board: its seats, its meetings and how often each seat was filled."""
    on = clock.today()
    boards = Board.objects.visible_to(request.user, on)
    board = get_object_or_404(
        boards.select_related("parent", "succeeds", "successor", "area", "partnership"), pk=pk
    )
    seats = seats_on(board, on)
    context: dict[str, Any] = {
        "board": board,
        "seats": seats,
        "unfilled": unfilled(seats),
        "meetings": Meeting.objects.visible_to(request.user, on).filter(board=board).select_related("board"),
        "rates": rates_of(board, request.user, on),
    }
    days = [meeting.day for meeting in context["meetings"] if meeting.took_place]
    context["without"] = board.periods_without(days, on)
    context["page_marking"] = marking.highest(meeting.marking for meeting in context["meetings"])
    return render(request, "meetings/page/board.html", context)


def _sees_everything(rights: Any, meeting: Meeting) -> bool:
    return meeting.partnership_id in rights.partnerships(*SEES_EVERYTHING)
