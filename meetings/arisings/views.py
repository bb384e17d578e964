from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from audit import clock
from audit.policies import forbid
from meetings.arisings.forms import ArisingForm, CloseForm, ReportForm
from meetings.arisings.models import Arising
from meetings.arisings.queries import JOINED, log_of, people_of
from meetings.arisings.services import (
    close_arising,
    closing_meetings,
    record_arising,
    remove_arising,
    report_arising,
)
from meetings.meetings import policies
from meetings.meetings import views as change
from meetings.meetings.states import MeetingState
from meetings.minutes.views import find_minute
from partners.models import Board
from standards.marking import Marking, highest
from web import pages
from web.exports import Control, csv_response, xlsx_response
from web.forms import GovukForm
from web.language import in_english
from web.pages import PAGE_OR_FORM

LOG_HEADER = (
    *(
        "Number",
        "Board",
        "Meeting",
        "Minute",
        "What is to be done",
        "Post responsible",
        "Organisation",
        "Owner",
    ),
    *("Due", "Status", "Overdue", "Progress", "Closed at the meeting of", "Action"),
)


@PAGE_OR_FORM
def arising_record(request: HttpRequest, pk: int, minute_pk: int) -> HttpResponse:
    """Record an action arising from a minute."""
    meeting = change.find_managed(request, pk)
    minute = find_minute(meeting, minute_pk)
    if refusal := change.why_not_held(request, meeting):
        return refusal
    form = ArisingForm(
        request.POST or None,
        initial={"version": meeting.version},
        people=people_of(meeting.partnership_id, clock.today()),
        partnership_id=meeting.partnership_id,
    )
    return change.answer(
        request,
        form,
        meeting=meeting,
        service=lambda **values: record_arising(minute=minute, **values),
        template="meetings/arisings/form.html",
        done=gettext("Action arising saved."),
        minute=minute,
    )


@PAGE_OR_FORM
def arising_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove an action arising from minutes in draft."""
    arising = find(request, pk)
    meeting = change.find_managed(request, arising.minute.item.meeting_id)
    if refusal := change.why_not_held(request, meeting):
        return refusal
    return change.removal(
        request,
        meeting,
        service=lambda **values: remove_arising(arising=arising, **values),
        heading=gettext("Remove action arising {number} from the minutes?").format(number=arising.number),
        removed=arising.text,
        noun=gettext("action arising"),
    )


@require_safe
def arising_log(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a board's action log by meeting: what is open, and on request what is not open any more."""
    on = clock.today()
    board, rows, with_closed = _log(request, pk)
    by_meeting: dict[Any, list[tuple[Arising, bool]]] = {}
    for row in rows:
        by_meeting.setdefault(row.minute.item.meeting, []).append((row, row.is_overdue(on)))
    context = {
        "board": board,
        "meetings": list(by_meeting.items()),
        "open": sum(row.is_open for row in rows),
        "with_closed": with_closed,
        "page_marking": _marking_of(rows),
    }
    return render(request, "meetings/arisings/log.html", context)


@require_safe
@in_english
def arising_export(request: HttpRequest, pk: int, file_type: str) -> HttpResponseBase:
    """Send a board's action log as CSV or XLSX, as the page shows it."""
    on = clock.today()
    board, rows, with_closed = _log(request, pk)
    make = {"csv": csv_response, "xlsx": xlsx_response}.get(file_type)
    if make is None:
        raise Http404
    return make(
        name=f"action log {board} {on.isoformat()}",
        control=Control(
            marking=_marking_of(rows),
            title=gettext("Action log: {board}").format(board=board),
            as_at=clock.now(),
            lines=(
                "Actions arising that are open and closed"
                if with_closed
                else "Actions arising that are open",
                f"Number of actions arising: {len(rows)}",
                f"Exported by: {request.user}",
            ),
        ),
        header=LOG_HEADER,
        rows=[_cells(row, on) for row in rows],
    )


@require_safe
def arising_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an action arising, and what the reader may do about it."""
    arising = find(request, pk)
    rights, on = change.rights(request), clock.today()
    meeting = arising.minute.item.meeting
    context = {
        "arising": arising,
        "meeting": meeting,
        "overdue": arising.is_overdue(on),
        "reports": arising.is_open and not policies.why_not_report(rights, arising),
        "removes": meeting.state == MeetingState.HELD
        and arising.state == Arising.State.OPEN
        and not arising.progress,
        "manages": arising.is_open and not policies.why_not_manage(rights, meeting.partnership_id),
        **change.marking(meeting),
    }
    return render(request, "meetings/arisings/arising.html", context)


@PAGE_OR_FORM
def arising_report(request: HttpRequest, pk: int) -> HttpResponse:
    """Report on an action arising."""
    arising = find(request, pk)
    forbid(policies.why_not_report(change.rights(request), arising))
    return answer(
        request,
        arising,
        ReportForm(request.POST or None, initial={"version": arising.version, "progress": arising.progress}),
        service=lambda **values: report_arising(arising=arising, **values),
        template="meetings/arisings/report_form.html",
        done=gettext("Report saved."),
    )


@PAGE_OR_FORM
def arising_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the meeting that closed an action arising."""
    arising = find(request, pk)
    forbid(policies.why_not_manage(change.rights(request), arising.partnership_id))
    meetings = closing_meetings(arising=arising, user=request.user, on=clock.today())
    return answer(
        request,
        arising,
        CloseForm(request.POST or None, initial={"version": arising.version}, meetings=meetings),
        service=lambda **values: close_arising(arising=arising, **values),
        template="meetings/arisings/close_form.html",
        done=gettext("Action arising closed."),
    )


def address(arising: Arising) -> str:
    return reverse("meetings:arising", args=[arising.pk])


def _log(request: HttpRequest, pk: int) -> tuple[Board, list[Arising], bool]:
    """Return a board that the reader may view, its action log, and whether that has the closed ones too."""
    on = clock.today()
    board = get_object_or_404(Board.objects.visible_to(request.user, on), pk=pk)
    with_closed = request.GET.get("closed") == "yes"
    return board, list(log_of(board, user=request.user, on=on, with_closed=with_closed)), with_closed


def _marking_of(rows: list[Arising]) -> Marking:
    return highest(
        marking for row in rows for marking in (row.minute.item.marking, row.minute.item.meeting.marking)
    )


def _cells(row: Arising, on: date) -> list[Any]:
    meeting = row.minute.item.meeting
    return [
        *(row.number, meeting.board, meeting.day_in_words, row.minute.reference, row.text),
        *(row.post, row.organisation, row.owner, row.due, row.get_state_display(), row.is_overdue(on)),
        *(row.progress, row.closed_at.day_in_words if row.closed_at else "", row.action_ref),
    ]


def find(request: HttpRequest, pk: int) -> Arising:
    """Return an action arising that the user may view, or answer 404."""
    visible = Arising.objects.visible_to(request.user, clock.today()).select_related(*JOINED)
    return get_object_or_404(visible, pk=pk)


def answer(
    request: HttpRequest, arising: Arising, form: GovukForm, *, service: Callable[..., Any], **context: Any
) -> HttpResponse:
    """Answer as `web.pages.answer`, about an action arising, and lead back to its page."""
    meeting = arising.minute.item.meeting
    if request.method != "POST" and not arising.is_open:
        return pages.refused(
            request,
            caption=str(arising),
            heading=gettext("No longer open"),
            text=gettext("This action arising is {get_state_display}, so it cannot be changed.").format(
                get_state_display=arising.get_state_display().lower()
            ),
            back=address(arising),
            back_text=gettext("Go to the action arising"),
            **change.marking(meeting),
        )
    return pages.answer(
        request,
        form,
        row=arising,
        describe=lambda current: {"arising": current, "caption": str(current), **change.marking(meeting)},
        catch_up=lambda _: (find(request, arising.pk), []),
        service=service,
        leads_to=lambda _: address(arising),
        back=address(arising),
        back_text=gettext("Back to the action arising"),
        **context,
    )
