from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from audit import clock
from inspections import policies
from inspections.forms.inspections import InspectionForm, inspection_initial
from inspections.forms.refusals import refuse
from inspections.models import Inspection, Recommendation
from inspections.services import save_inspection
from inspections.services.change import MANAGERS_ONLY
from inspections.services.section55 import clock_of
from inspections.services.timeline import timeline_of
from inspections.views import change, section55
from inspections.views.standing import MEASURES, counts
from partners.models import Partnership
from partners.policies import SEES_EVERYTHING, Role
from standards import marking
from web.paging import page_of

PAGE_SIZE = 25
Kind = Recommendation.Kind


@require_safe
def inspection_list(request: HttpRequest) -> HttpResponse:
    """List the inspections the user may see, the newest first, with their clocks and how their findings stand."""
    on, rights = clock.today(), change.rights(request)
    pages = page_of(
        request,
        Inspection.objects.visible_to(request.user, on).with_answer().select_related("partnership"),
        PAGE_SIZE,
    )
    tallies = Recommendation.objects.visible_to(request.user, on).tally(on)
    context = {
        "pages": pages,
        "rows": [(row, clock_of(inspection=row, on=on), counts(tallies, row.pk, str(row))) for row in pages],
        "measures": MEASURES,
        "totals": counts(tallies),
        "several_partnerships": len({row.partnership_id for row in pages}) > 1,
        "may_keep": bool(rights.partnerships(Role.PROGRAMME_MANAGER)),
        "page_marking": marking.highest(row.marking for row in pages),
    }
    return render(request, "inspections/inspection_list.html", context)


@dataclass
class Concern:
    """A cause of concern with the recommendations under it that the reader sees."""

    cause: Recommendation
    recommendations: list[Recommendation] = field(default_factory=list)


@require_safe
def inspection_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an inspection with every finding of it that the user may see."""
    on, rights = clock.today(), change.rights(request)
    inspection = change.found(request, Inspection, pk)
    seen = Recommendation.objects.visible_to(request.user, on).filter(inspection=inspection)
    findings = list(seen.for_list(request.user, on).order_by("pk"))
    concerns = _concerns(findings)
    sees_all = _sees_all(rights, inspection)
    context = {
        "inspection": inspection,
        "concerns": concerns,
        "groups": _groups(findings, {concern.cause.pk for concern in concerns}),
        "number": len(findings),
        "measures": MEASURES,
        "counts": counts(seen.tally(on), inspection.pk, str(inspection)),
        "sees_part": not sees_all,
        "may_keep": policies.may_keep(rights, inspection.partnership_id),
        "section55": section55.section(inspection, user=request.user, on=on, rights=rights),
        "timeline": timeline_of(row=inspection) if sees_all else [],
        "on": on,
    }
    return render(request, "inspections/inspection.html", context | change.marking(inspection))


@change.PAGE_OR_FORM
def inspection_create(request: HttpRequest) -> HttpResponse:
    """Add an inspection."""
    on = clock.today()
    managed = change.rights(request).partnerships(Role.PROGRAMME_MANAGER)
    if not managed:
        raise PermissionDenied(MANAGERS_ONLY)
    partnerships = Partnership.objects.visible_to(request.user, on).filter(pk__in=managed)
    form = InspectionForm(request.POST or None, partnerships=partnerships)
    if request.method == "POST" and form.is_valid():
        fields = {"partnership": partnerships[0], **form.cleaned_data}
        inspection = Inspection(partnership=fields.pop("partnership"))
        try:
            inspection = save_inspection(actor=request.user, inspection=inspection, at=clock.now(), **fields)
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, "The inspection is added. Add its findings next.")
            return redirect("inspections:inspection", inspection.pk)
    context = {
        "form": form,
        "heading": "Add an inspection",
        "back": reverse("inspections:inspection-list"),
        "back_text": "All inspections",
    }
    status = change.INVALID if request.method == "POST" else 200
    return render(request, "inspections/inspection_form.html", context, status=status)


@change.PAGE_OR_FORM
def inspection_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is said of an inspection."""
    inspection = kept(request, pk)
    return change.answer(
        request,
        InspectionForm(request.POST or None, initial=inspection_initial(inspection)),
        row=inspection,
        service=lambda **given: save_inspection(inspection=inspection, **given),
        template="inspections/inspection_form.html",
        done="The inspection is changed.",
        back=address(inspection),
        back_text="Back to the inspection",
        heading="Change the inspection",
        caption=str(inspection),
    )


def kept(request: HttpRequest, pk: int) -> Inspection:
    """Return an inspection for those who keep its findings."""
    inspection: Inspection = change.found(request, Inspection, pk)
    change.require(policies.may_keep(change.rights(request), inspection.partnership_id), MANAGERS_ONLY)
    return inspection


def address(inspection: Inspection) -> str:
    return reverse("inspections:inspection", args=[inspection.pk])


def _sees_all(rights: Any, inspection: Inspection) -> bool:
    sees = (*SEES_EVERYTHING, Role.SPOC)
    return inspection.partnership_id in rights.partnerships(*sees)


def _concerns(findings: Sequence[Recommendation]) -> list[Concern]:
    found = {row.pk: Concern(row) for row in findings if row.kind == Kind.CAUSE_OF_CONCERN}
    for row in findings:
        if row.cause_id in found:
            found[row.cause_id].recommendations.append(row)
    return list(found.values())


def _groups(
    findings: Sequence[Recommendation], concerned: set[int]
) -> list[tuple[str, list[Recommendation]]]:
    """Return the findings that stand alone by kind; one whose cause of concern the reader does not see is among them."""
    titles = {
        Kind.RECOMMENDATION: "Recommendations" if not concerned else "Recommendations that stand alone",
        Kind.AREA_FOR_IMPROVEMENT: "Areas for improvement",
        Kind.AUDIT: "Audit recommendations",
    }
    found = [
        (title, [row for row in findings if row.kind == kind and row.cause_id not in concerned])
        for kind, title in titles.items()
    ]
    return [(title, rows) for title, rows in found if rows]
