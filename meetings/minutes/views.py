from datetime import date

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext

from audit import clock
from audit.actors import Reader
from audit.policies import forbid
from meetings.meetings import policies
from meetings.meetings import views as change
from meetings.meetings.models import Meeting
from meetings.meetings.states import MeetingState
from meetings.minutes.forms import ConfirmForm, MinuteForm
from meetings.minutes.models import Minute
from meetings.minutes.queries import next_reference, writers_of
from meetings.minutes.services import change_minute, confirm_minutes, later_meetings, write_minute
from partners.policies import Rights
from web.pages import PAGE_OR_FORM


@PAGE_OR_FORM
def minute_write(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a minute."""
    meeting = change.find_managed(request, pk)
    if refusal := change.why_not_held(request, meeting):
        return refusal
    if not meeting.items.exists() and request.method != "POST":
        text = gettext("Add the agenda item that the minute belongs to first.")
        return change.refused(request, meeting, heading=gettext("There is no agenda yet"), text=text)
    initial = {"version": meeting.version, "item": request.GET.get("item")}
    form = MinuteForm(
        request.POST or None,
        initial=initial,
        meeting=meeting,
        next_reference=next_reference(meeting.board, meeting.day),
    )
    return change.answer(
        request,
        form,
        meeting=meeting,
        service=write_minute,
        template="meetings/minutes/form.html",
        saves_itself=True,
        done=gettext("Minute saved."),
        heading=gettext("Write a minute"),
    )


@PAGE_OR_FORM
def minute_edit(request: HttpRequest, pk: int, minute_pk: int) -> HttpResponse:
    """Change a minute in draft."""
    meeting = change.find_managed(request, pk)
    minute = find_minute(meeting, minute_pk)
    if refusal := change.why_not_held(request, meeting):
        return refusal
    initial = {name: getattr(minute, name) for name in ("reference", "kind", "text", "corrects")}
    return change.answer(
        request,
        MinuteForm(request.POST or None, initial=initial | {"version": meeting.version}, meeting=meeting),
        meeting=meeting,
        service=lambda **values: change_minute(minute=minute, **values),
        template="meetings/minutes/form.html",
        saves_itself=True,
        done=gettext("Minute saved."),
        heading=gettext("Change minute {reference}").format(reference=minute.reference),
    )


@PAGE_OR_FORM
def minutes_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm the minutes of a meeting at a later one."""
    meeting = change.find(request, pk)
    forbid(policies.why_not_confirm(change.rights(request), meeting.partnership_id, writers_of(meeting)))
    meetings = later_meetings(meeting=meeting)
    if request.method != "POST" and (reason := _why_not_confirmable(meeting, meetings)):
        return change.refused(
            request, meeting, heading=gettext("These minutes cannot be confirmed"), text=reason
        )
    return change.answer(
        request,
        ConfirmForm(request.POST or None, initial={"version": meeting.version}, meetings=meetings),
        meeting=meeting,
        service=lambda **values: confirm_minutes(meeting=meeting, **values),
        template="meetings/minutes/confirm_form.html",
        done=gettext("Minutes confirmed."),
        minutes=section(meeting, user=request.user, on=clock.today()),
    )


def section(meeting: Meeting, *, user: Reader, on: date) -> list[Minute]:
    """Return the minutes of a meeting that the user may view, each with its decisions and what arose from it.

    A correction, and what is corrected, is left out where the user may not view it.
    """
    visible = Minute.objects.visible_to(user, on)
    corrections = Prefetch("corrections", visible.select_related("item__meeting__board"))
    minutes = visible.filter(item__meeting=meeting).select_related("item", "corrects__item__meeting__board")
    rows = list(
        minutes.prefetch_related("decisions", "arisings__organisation", "arisings__owner", corrections)
    )
    corrected = {row.corrects_id for row in rows if row.corrects_id}
    known = set(visible.filter(pk__in=corrected).values_list("pk", flat=True)) if corrected else set()
    for row in rows:
        row.item.meeting = meeting
        if row.corrects_id not in known:
            row.corrects = None
    return rows


def confirms(meeting: Meeting, rights: Rights) -> bool:
    """Return whether to offer the reader to confirm the minutes."""
    return (
        meeting.state == MeetingState.HELD
        and not policies.why_not_confirm(rights, meeting.partnership_id, writers_of(meeting))
        and bool(later_meetings(meeting=meeting))
    )


def find_minute(meeting: Meeting, pk: int) -> Minute:
    """Return a minute of the meeting, or answer 404."""
    minute = get_object_or_404(Minute.objects.filter(item__meeting=meeting).select_related("item"), pk=pk)
    minute.item.meeting = meeting
    return minute


def _why_not_confirmable(meeting: Meeting, meetings: list[Meeting]) -> str:
    if meeting.state != MeetingState.HELD:
        return gettext("This meeting is {get_state_display}.").format(
            get_state_display=meeting.get_state_display().lower()
        )
    return "" if meetings else gettext("No later meeting of this board was held yet.")
