"""The agenda and the minutes of a meeting: a page to read and print, and files."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from audit import clock
from audit.actors import Reader
from meetings.attendance import views as attendance
from meetings.documents.content import MeetingPart, agenda_paper, minutes_paper, part_of
from meetings.meetings import views as change
from meetings.meetings.models import Meeting
from meetings.minutes import views as minutes
from web.documents import Paper, Unprintable
from web.documents.response import WRITERS, paper_response
from web.language import lazy_text

PRIVATE = "part=private"
TITLES = {
    "agenda": (lazy_text("Agenda"), lazy_text("Agenda, private part")),
    "minutes": (lazy_text("Minutes"), lazy_text("Minutes, private part")),
}


@require_safe
def agenda(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show the agenda as it is printed."""
    return _page(request, pk, "agenda")


@require_safe
def agenda_file(request: HttpRequest, pk: int, file_type: str) -> HttpResponseBase:
    """Download the agenda."""
    return _file(request, pk, "agenda", file_type)


@require_safe
def minutes_page(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show the minutes as they are printed."""
    return _page(request, pk, "minutes")


@require_safe
def minutes_file(request: HttpRequest, pk: int, file_type: str) -> HttpResponseBase:
    """Download the minutes."""
    return _file(request, pk, "minutes", file_type)


def section(meeting: Meeting, *, user: Reader, on: date) -> list[dict[str, Any]]:
    """Return the documents of a meeting that the user may read: title, page and files of each."""
    kinds = ["agenda", "minutes"] if meeting.took_place else ["agenda"]
    parts = [part_of(meeting, user=user, on=on, is_private=is_private) for is_private in (False, True)]
    return [_document(meeting, kind, part) for kind in kinds for part in parts if part is not None]


def _document(meeting: Meeting, kind: str, part: MeetingPart) -> dict[str, Any]:
    query = f"?{PRIVATE}" if part.is_private else ""
    title, private = TITLES[kind]
    return {
        "title": private if part.is_private else title,
        "page": reverse(f"meetings:{kind}", args=[meeting.pk]) + query,
        "files": [
            (file_type.upper(), reverse(f"meetings:{kind}-file", args=[meeting.pk, file_type]) + query)
            for file_type in WRITERS
        ],
    }


def _page(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    meeting, part = _find(request, pk)
    if kind == "minutes" and not meeting.took_place:
        return _not_held(request, meeting)
    paper = _paper(request, kind, part)
    context = {
        "meeting": meeting,
        "paper": paper,
        "document": _document(meeting, kind, part),
        "page_marking": paper.marking,
        "page_handling": paper.handling,
    }
    return render(request, "meetings/documents/document.html", context)


def _file(request: HttpRequest, pk: int, kind: str, file_type: str) -> HttpResponseBase:
    meeting, part = _find(request, pk)
    if kind == "minutes" and not meeting.took_place:
        return _not_held(request, meeting)
    paper = _paper(request, kind, part)
    try:
        return paper_response(paper, name=f"{kind} {meeting}", file_type=file_type, stage=paper.notice)
    except Unprintable as error:
        heading = gettext("This document cannot be downloaded")
        return change.refused(request, meeting, heading=heading, text=str(error))


def _find(request: HttpRequest, pk: int) -> tuple[Meeting, MeetingPart]:
    """Return the meeting and the part asked for, or answer 404."""
    asked = request.GET.get("part", "")
    meeting = change.find(request, pk)
    part = part_of(meeting, user=request.user, on=clock.today(), is_private=asked == "private")
    if part is None or asked not in ("", "private"):
        raise Http404("No such part")
    return meeting, part


def _paper(request: HttpRequest, kind: str, part: MeetingPart) -> Paper:
    if kind == "agenda":
        return agenda_paper(part)
    rows = minutes.section(part.meeting, user=request.user, on=clock.today())
    own = {item.pk for item in part.items}
    came = attendance.section(part.meeting)
    return minutes_paper(
        part,
        minutes=[row for row in rows if row.item_id in own],
        attendances=came["rows"],
        problem=came["problem"],
    )


def _not_held(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    text = gettext("Minutes can be read when the meeting was held.")
    return change.refused(request, meeting, heading=gettext("There are no minutes"), text=text)
