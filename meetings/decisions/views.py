from django.http import HttpRequest, HttpResponse

from meetings.attendance.queries import why_not_quorate
from meetings.decisions.forms import DecisionForm
from meetings.decisions.services import record_decision
from meetings.meetings import views as change
from meetings.minutes.views import find_minute
from web.pages import PAGE_OR_FORM


@PAGE_OR_FORM
def decision_record(request: HttpRequest, pk: int, minute_pk: int) -> HttpResponse:
    """Record a decision in a minute."""
    meeting = change.find_managed(request, pk)
    minute = find_minute(meeting, minute_pk)
    if refusal := change.why_not_held(request, meeting):
        return refusal
    if request.method != "POST" and (problem := why_not_quorate(meeting)):
        return change.refused(request, meeting, heading="This meeting cannot decide", text=problem)
    return change.answer(
        request,
        DecisionForm(request.POST or None, initial={"version": meeting.version}),
        meeting=meeting,
        service=lambda **values: record_decision(minute=minute, **values),
        template="meetings/decisions/form.html",
        done="Decision saved.",
        minute=minute,
    )
