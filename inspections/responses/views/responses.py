"""The list of section 55 responses, and the response to one recommendation."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from audit import clock
from audit.actors import Reader
from audit.policies import forbid
from inspections.core import policies
from inspections.findings.models.inspections import Inspection
from inspections.findings.models.recommendations import Recommendation
from inspections.history import views as change
from inspections.responses.forms.responses import ResponseForm, response_initial
from inspections.responses.models import Response
from inspections.responses.queries import with_answer
from inspections.responses.services.next_step import ResponseProgress, Who, response_progress
from inspections.responses.services.responses import ANSWERABLE, draft_text, findings_of, write_response
from inspections.responses.services.section55 import clock_of
from partners.policies import Rights, rights_to_act
from standards.marking import highest
from standards.section55 import DAYS_AFTER_PUBLICATION, Clock
from web.callers import actor_of
from web.filters import without_empty_parameters
from web.pages import PAGE_OR_FORM
from web.paging import page_of
from web.quick import RowGroup, grouped_list


@dataclass(frozen=True)
class Line:
    """A report in the list; `href` is the page of its next step if the user may take it."""

    progress: ResponseProgress
    clock: Clock | None
    drafts: bool
    href: str


@require_safe
@without_empty_parameters
def response_desk(request: HttpRequest) -> HttpResponse:
    """List the reports that need a response, with their deadlines, progress and next steps."""
    rights, on = change.rights(request), clock.today()
    forbid(policies.why_not_open_responses(rights))
    everywhere = rights.partnerships(*policies.SEES_RESPONSES)
    owed = Inspection.objects.visible_to(request.user, on).filter(partnership__in=everywhere).owing()
    late = Q(answered_on=None, published_on__lt=on - DAYS_AFTER_PUBLICATION)
    reports = grouped_list(
        request.GET,
        rows=with_answer(owed.filter(published_on__lte=on)),
        groups=[
            RowGroup("unanswered", gettext("Not answered"), Q(answered_on=None)),
            RowGroup("late", gettext("Late"), late),
            RowGroup("answered", gettext("Answered"), Q(answered_on__isnull=False)),
        ],
        address=reverse("inspections:response-desk"),
    )
    rows = reports.rows.select_related("partnership")
    pages = page_of(request, rows.order_by(F("answered_on").desc(nulls_first=True), "published_on", "pk"))
    lines = list(_lines(on, list(pages), rights))
    context = {
        **reports.context,
        "pages": pages,
        "lines": lines,
        "page_marking": highest(line.progress.inspection.marking for line in lines),
    }
    return render(request, "inspections/responses/desk.html", context, status=reports.status)


@PAGE_OR_FORM
def response_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the response to a recommendation, starting from its linked actions."""
    row: Recommendation = change.find(request, Recommendation, pk)
    forbid(policies.why_not_respond(change.rights(request), row.inspection))
    back = reverse("inspections:recommendation", args=[row.pk])
    if request.method != "POST" and (why := _why_not_answered(row)):
        return change.refused(
            request,
            row,
            heading=gettext("No response is needed"),
            text=why,
            back=back,
            back_text=gettext("Go to the recommendation"),
        )
    response = Response.objects.filter(recommendation=row).select_related("written_by").first()
    draft = draft_text(actor=actor_of(request), recommendation=row, on=clock.today())
    form = ResponseForm(request.POST or None, initial=response_initial(response, draft))
    return change.answer(
        request,
        form,
        row=response or row,
        service=lambda **values: write_response(recommendation=row, **values),
        template="inspections/responses/form.html",
        done=gettext("Response saved."),
        back=back,
        back_text=gettext("Back to the recommendation"),
        leads_to=lambda _: reverse("inspections:response-desk"),
        caption=f"{row.inspection}: {_name_of(row)}",
        recommendation=row,
        response=response,
        draft=draft,
        page_marking=row.inspection.marking,
        page_handling=row.inspection.handling_instruction,
    )


def _name_of(row: Recommendation) -> str:
    findings = findings_of(inspections=[row.inspection])[row.inspection_id]
    return next((finding.name for finding in findings if finding.row.pk == row.pk), row.get_kind_display())


def _why_not_answered(row: Recommendation) -> str:
    if not row.inspection.owes_response:
        return gettext("No response is needed for this inspection.")
    if row.kind not in ANSWERABLE:
        return gettext("Respond to the recommendations and areas for improvement instead.")
    return ""


def section(row: Recommendation, *, user: Reader, on: date, rights: Rights) -> dict[str, Any]:
    """Return the response to a finding for its readers before publication, and whether they may edit it.

    For templates/inspections/responses/_response.html.
    """
    visible = Response.objects.visible_to(user, on).filter(recommendation=row)
    speaks = row.kind in ANSWERABLE and row.inspection.owes_response
    return {
        "response": visible.select_related("written_by").first(),
        "speaks": speaks and policies.may_see_responses(rights, row.inspection),
        "writes": speaks and not policies.why_not_respond(rights_to_act(user, on), row.inspection),
        "is_owed": row.needs_response,
    }


def _lines(on: date, inspections: list[Inspection], rights: Rights) -> Iterator[Line]:
    for progress in response_progress(inspections=inspections, on=on):
        drafts = not policies.why_not_respond(rights, progress.inspection)
        yield Line(
            progress, clock_of(inspection=progress.inspection, on=on), drafts, _address(progress, rights)
        )


def _address(progress: ResponseProgress, rights: Rights) -> str:
    """Return the page of the next step, or an empty string. Approval starts on the page of the letter."""
    step = progress.step
    if step.who == Who.APPROVER and progress.letter is not None:
        return reverse("inspections:letter", args=[progress.letter.pk])
    why_not = policies.why_not_draft if step.who == Who.OPCC else policies.why_not_respond
    if step.who == Who.NOBODY or why_not(rights, progress.inspection):
        return ""
    return reverse(step.route, args=[step.about])
