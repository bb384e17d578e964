"""Pages that plan, hold and cancel a meeting and write its agenda; and the frame of every page about a meeting."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext

from audit import clock
from audit.policies import forbid
from meetings.meetings import policies
from meetings.meetings.forms import (
    CancelForm,
    HoldForm,
    ItemForm,
    MeetingForm,
    RemoveForm,
    item_initial,
    meeting_initial,
)
from meetings.meetings.models import AgendaItem, Meeting
from meetings.meetings.queries import timeline_of
from meetings.meetings.services import cancel_meeting, hold_meeting, remove_item, save_item, save_meeting
from meetings.meetings.states import MeetingState
from partners.models import Board
from partners.policies import Rights, Role, rights_of
from web import pages
from web.forms import GovukForm
from web.pages import PAGE_OR_FORM


def find(request: HttpRequest, pk: int) -> Meeting:
    """Return a meeting that the user may view, or answer 404."""
    rows = Meeting.objects.visible_to(request.user, clock.today())
    return get_object_or_404(rows.select_related("board__partnership", "confirmed_by_meeting"), pk=pk)


def find_managed(request: HttpRequest, pk: int) -> Meeting:
    """Return a meeting that the user may write, or answer 403 or 404."""
    meeting = find(request, pk)
    forbid(policies.why_not_manage(rights(request), meeting.partnership_id))
    return meeting


def rights(request: HttpRequest) -> Rights:
    return rights_of(request.user, clock.today())


def address(meeting: Meeting) -> str:
    return reverse("meetings:meeting", args=[meeting.pk])


def marking(meeting: Meeting) -> dict[str, Any]:
    return {"page_marking": meeting.marking, "page_handling": meeting.handling_instruction}


def refused(request: HttpRequest, meeting: Meeting, *, heading: str, text: str) -> HttpResponse:
    """Explain why a page about the meeting cannot be shown."""
    return pages.refused(
        request,
        caption=str(meeting),
        heading=heading,
        text=text,
        back=address(meeting),
        back_text=gettext("Go to the meeting"),
        **marking(meeting),
    )


def answer(
    request: HttpRequest,
    form: GovukForm,
    *,
    meeting: Meeting,
    service: Callable[..., Any],
    template: str,
    done: str,
    **context: Any,
) -> HttpResponse:
    """Answer as `web.pages.answer`, about a meeting, and lead back to its page."""

    def catch_up(version: int) -> tuple[Meeting, list[Any]]:
        current = find(request, meeting.pk)
        return current, timeline_of(current, version)

    return pages.answer(
        request,
        form,
        row=meeting,
        describe=lambda current: {"meeting": current, "caption": str(current), **marking(current)},
        catch_up=catch_up,
        service=service,
        template=template,
        done=done,
        leads_to=lambda _: address(meeting),
        back=address(meeting),
        back_text=gettext("Back to the meeting"),
        **context,
    )


@PAGE_OR_FORM
def meeting_create(request: HttpRequest) -> HttpResponse:
    """Add a meeting."""
    managed = rights(request).partnerships(Role.PROGRAMME_MANAGER)
    if not managed:
        raise PermissionDenied(policies.MANAGERS_ONLY)
    boards = Board.objects.visible_to(request.user, clock.today()).filter(partnership__in=managed)
    return pages.answer(
        request,
        MeetingForm(request.POST or None, boards=boards, initial={"board": request.GET.get("board")}),
        service=lambda board, **values: save_meeting(meeting=Meeting(board=board), **values),
        template="meetings/meetings/meeting_form.html",
        done=gettext("Meeting added. Add the agenda next."),
        leads_to=address,
        heading=gettext("Add a meeting"),
        back=reverse("meetings:meeting-list"),
        back_text=gettext("All meetings"),
    )


@PAGE_OR_FORM
def meeting_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the details of a meeting."""
    meeting = find_managed(request, pk)
    if refusal := why_not_open(request, meeting):
        return refusal
    return answer(
        request,
        MeetingForm(request.POST or None, initial=meeting_initial(meeting)),
        meeting=meeting,
        service=lambda **values: save_meeting(meeting=meeting, **values),
        template="meetings/meetings/meeting_form.html",
        done=gettext("Meeting saved."),
        heading=gettext("Change the meeting"),
    )


@PAGE_OR_FORM
def meeting_hold(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that a meeting took place."""
    meeting = find_managed(request, pk)
    if refusal := _why_not_planned(request, meeting, gettext("recorded as held")):
        return refusal
    return answer(
        request,
        HoldForm(request.POST or None, initial={"version": meeting.version}),
        meeting=meeting,
        service=lambda **values: hold_meeting(meeting=meeting, **values),
        template="meetings/meetings/hold_form.html",
        done=gettext("Meeting recorded as held. Record the attendance next."),
    )


@PAGE_OR_FORM
def meeting_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel a planned meeting."""
    meeting = find_managed(request, pk)
    if refusal := _why_not_planned(request, meeting, gettext("cancelled")):
        return refusal
    return answer(
        request,
        CancelForm(request.POST or None, initial={"version": meeting.version}),
        meeting=meeting,
        service=lambda **values: cancel_meeting(meeting=meeting, **values),
        template="meetings/meetings/cancel_form.html",
        done=gettext("Meeting cancelled."),
    )


@PAGE_OR_FORM
def item_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add an item to the agenda."""
    meeting = find_managed(request, pk)
    if refusal := why_not_open(request, meeting):
        return refusal
    return answer(
        request,
        ItemForm(request.POST or None, initial={"version": meeting.version, "marking": meeting.marking}),
        meeting=meeting,
        service=lambda **values: save_item(item=AgendaItem(meeting=meeting), **values),
        template="meetings/meetings/item_form.html",
        done=gettext("Agenda item added."),
        heading=gettext("Add an agenda item"),
    )


@PAGE_OR_FORM
def item_edit(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    """Change an item of the agenda."""
    meeting, item = _find_item(request, pk, item_pk)
    if refusal := why_not_open(request, meeting):
        return refusal
    return answer(
        request,
        ItemForm(request.POST or None, initial=item_initial(item)),
        meeting=meeting,
        service=lambda **values: save_item(item=item, **values),
        template="meetings/meetings/item_form.html",
        done=gettext("Agenda item saved."),
        heading=gettext("Change the agenda item"),
    )


@PAGE_OR_FORM
def item_remove(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    """Take an item off the agenda."""
    meeting, item = _find_item(request, pk, item_pk)
    if refusal := why_not_open(request, meeting):
        return refusal
    return removal(
        request,
        meeting,
        service=lambda **values: remove_item(item=item, **values),
        heading=gettext("Remove item {number} from the agenda?").format(number=item.number),
        removed=item.title,
        noun=gettext("agenda item"),
    )


def removal(
    request: HttpRequest,
    meeting: Meeting,
    *,
    service: Callable[..., Any],
    heading: str,
    removed: str,
    noun: str,
) -> HttpResponse:
    """Ask why something is removed from the record of a meeting, and remove it.

    Args:
        removed: the text of what is removed.
        noun: what it is, in small letters.
    """
    return answer(
        request,
        RemoveForm(request.POST or None, initial={"version": meeting.version}),
        meeting=meeting,
        service=service,
        template="meetings/meetings/remove_form.html",
        done=gettext("{noun} removed.").format(noun=noun.capitalize()),
        heading=heading,
        removed=removed,
        noun=noun,
    )


def _find_item(request: HttpRequest, pk: int, item_pk: int) -> tuple[Meeting, AgendaItem]:
    """Return a meeting that the user may write and an item of its agenda, or answer 403 or 404."""
    meeting = find_managed(request, pk)
    item = get_object_or_404(AgendaItem.objects.filter(meeting=meeting), pk=item_pk)
    item.meeting = meeting
    return meeting, item


def why_not_open(request: HttpRequest, meeting: Meeting) -> HttpResponse | None:
    """Return the page that says why the meeting's record is closed; None while it may change."""
    if request.method == "POST" or meeting.is_open:
        return None
    if meeting.state == MeetingState.CANCELLED:
        text = gettext("This meeting was cancelled, so it cannot be changed.")
    else:
        text = gettext("These minutes are confirmed. Add a correction to the minutes of the next meeting.")
    return refused(request, meeting, heading=gettext("This meeting cannot be changed"), text=text)


def why_not_held(request: HttpRequest, meeting: Meeting) -> HttpResponse | None:
    """Return the page that says why nothing can be minuted; None where it can."""
    if request.method != "POST" and meeting.state == MeetingState.PLANNED:
        text = gettext("Record that the meeting was held first.")
        return refused(request, meeting, heading=gettext("This meeting has not been held yet"), text=text)
    return why_not_open(request, meeting)


def _why_not_planned(request: HttpRequest, meeting: Meeting, to: str) -> HttpResponse | None:
    if request.method == "POST" or meeting.state == MeetingState.PLANNED:
        return None
    text = gettext("Only a planned meeting can be {to}.").format(to=to)
    return refused(request, meeting, heading=gettext("Not in this state"), text=text)
