from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from audit.actors import Actor
from meetings.attendance.forms import AttendanceForm
from meetings.attendance.models import Attendance
from meetings.attendance.queries import present_at, why_not_quorate
from meetings.attendance.services import record_attendance
from meetings.meetings import views as change
from meetings.meetings.models import Meeting
from web.pages import PAGE_OR_FORM


@PAGE_OR_FORM
def attendance_record(request: HttpRequest, pk: int) -> HttpResponse:
    """Record who came to a meeting."""
    meeting = change.find_managed(request, pk)
    if refusal := change.why_not_held(request, meeting):
        return refusal
    form = AttendanceForm(request.POST or None, meeting=meeting, initial={"version": meeting.version})

    def service(*, actor: Actor, at: Any, **_: Any) -> Meeting:
        return record_attendance(actor=actor, meeting=meeting, at=at, **form.values())

    return change.answer(
        request,
        form,
        meeting=meeting,
        service=service,
        template="meetings/attendance/form.html",
        done=gettext("Attendance saved."),
    )


def section(meeting: Meeting) -> dict[str, Any]:
    """Return who came to a meeting, and whether it could decide."""
    rows = list(Attendance.objects.filter(meeting=meeting).select_related("organisation"))
    return {
        "rows": rows,
        "members": sum(row.kind != Attendance.Kind.IN_ATTENDANCE for row in rows),
        "present": present_at(meeting),
        "problem": why_not_quorate(meeting) if meeting.took_place else "",
    }
