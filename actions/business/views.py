"""The business of a board: what waits for it, and the form that records its decision."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext

from actions.business.forms import ActionForm, BusinessDecisionForm
from actions.business.queries import open_business, uncarried_decisions
from actions.business.services import record_as_action, record_board_decision
from audit import clock
from audit.policies import forbid
from meetings.arisings import views as arisings
from meetings.arisings.models import Arising
from meetings.attendance.queries import why_not_quorate
from meetings.meetings import views as change
from meetings.meetings.models import Meeting
from meetings.meetings.policies import why_not_manage
from meetings.meetings.states import MeetingState
from meetings.minutes.views import find_minute
from partners.models import Board
from standards import marking
from web.pages import PAGE_OR_FORM


def business_context(request: HttpRequest, pk: int) -> dict[str, Any]:
    """Return what waits for a board: requests, decisions to carry out, actions arising to close, minutes to confirm.

    Raises:
        Http404: when the user sees no such board.
    """
    on = clock.today()
    board = get_object_or_404(Board.objects.visible_to(request.user, on), pk=pk)
    business = open_business(board=board, user=request.user, on=on)
    decisions = uncarried_decisions(board=board, user=request.user, on=on)
    proposed = Arising.objects.visible_to(request.user, on).filter(board=board, state=Arising.State.PROPOSED)
    meetings = Meeting.objects.visible_to(request.user, on).filter(board=board, state=MeetingState.HELD)
    to_confirm = [
        *meetings.filter(items__minutes__isnull=False).distinct().select_related("board").order_by("day")
    ]
    markings = [each.action.marking for each in business if each.action]
    markings += [each.meeting.marking for each in business if each.meeting]
    markings += [action.marking for _, action in decisions]
    return {
        "board": board,
        "business": business,
        "decisions": decisions,
        "arisings": proposed.select_related("organisation", "owner"),
        "to_confirm": to_confirm,
        "page_marking": marking.highest([*markings, *(row.marking for row in to_confirm)]),
    }


@PAGE_OR_FORM
def decision_record(request: HttpRequest, pk: int, minute_pk: int) -> HttpResponse:
    """Record a decision in a minute."""
    meeting = change.find_managed(request, pk)
    minute = find_minute(meeting, minute_pk)
    if refusal := change.why_not_held(request, meeting):
        return refusal
    if request.method != "POST" and (problem := why_not_quorate(meeting)):
        return change.refused(request, meeting, heading=gettext("This meeting cannot decide"), text=problem)
    business = open_business(board=meeting.board, user=request.user, on=clock.today())
    return change.answer(
        request,
        BusinessDecisionForm(request.POST or None, initial={"version": meeting.version}, business=business),
        meeting=meeting,
        service=lambda **values: record_board_decision(minute=minute, **values),
        template="actions/business/decision_form.html",
        done=gettext("Decision saved."),
        minute=minute,
        business=business,
    )


@PAGE_OR_FORM
def arising_action(request: HttpRequest, pk: int) -> HttpResponse:
    """Record which action of a plan an action arising became."""
    arising = arisings.find(request, pk)
    forbid(why_not_manage(change.rights(request), arising.partnership_id))
    return arisings.answer(
        request,
        arising,
        ActionForm(request.POST or None, initial={"version": arising.version}),
        service=lambda **values: record_as_action(arising=arising, **values),
        template="actions/business/arising_form.html",
        done=gettext("Recorded as an action."),
    )
