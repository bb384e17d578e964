from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from audit import clock
from inspections.core import policies
from inspections.core.views import MEASURES, counts
from inspections.findings.models.inspections import OWES_RESPONSE, Inspection
from inspections.findings.models.recommendations import Recommendation
from inspections.history import views as change
from inspections.history.services import timeline_of
from inspections.responses.queries import with_answer
from inspections.responses.services.section55 import clock_of
from inspections.responses.views import section55
from partners.ledger.queries import readable_ledger
from partners.policies import SEES_EVERYTHING, Role, rights_to_act
from standards import marking
from web.filters import without_empty_parameters
from web.language import lazy_text
from web.paging import page_of
from web.quick import RowGroup, grouped_list

PAGE_SIZE = 25


Kind = Recommendation.Kind


GROUPS = (
    RowGroup("owing", lazy_text("Response needed"), OWES_RESPONSE & Q(answered_on=None)),
    RowGroup("published", lazy_text("Published"), Q(published_on__isnull=False)),
    RowGroup("unpublished", lazy_text("Not published"), Q(published_on=None)),
)


@require_safe
@without_empty_parameters
def inspection_list(request: HttpRequest) -> HttpResponse:
    """List the inspections the user may view, newest first, with their deadlines and counts of findings."""
    on = clock.today()
    inspections = grouped_list(
        request.GET,
        rows=with_answer(Inspection.objects.visible_to(request.user, on)),
        groups=GROUPS,
        address=reverse("inspections:inspection-list"),
    )
    pages = page_of(request, inspections.rows.select_related("partnership"), PAGE_SIZE)
    tallies = Recommendation.objects.visible_to(request.user, on).tally(on)
    context = {
        **inspections.context,
        "pages": pages,
        "rows": [(row, clock_of(inspection=row, on=on), counts(tallies, row.pk, str(row))) for row in pages],
        "measures": MEASURES,
        "totals": counts(tallies),
        "several_partnerships": len({row.partnership_id for row in pages}) > 1,
        "may_manage": not policies.why_not_manage(rights_to_act(request.user, on)),
        "page_marking": marking.highest(row.marking for row in pages),
    }
    return render(request, "inspections/page/inspection_list.html", context, status=inspections.status)


@dataclass
class Concern:
    """A cause of concern with the recommendations under it that the user may view."""

    cause: Recommendation
    recommendations: list[Recommendation] = field(default_factory=list)


@require_safe
def inspection_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an inspection with the findings the user may view."""
    on, rights = clock.today(), change.rights(request)
    inspection = change.find(request, Inspection, pk)
    visible = Recommendation.objects.visible_to(request.user, on).filter(inspection=inspection)
    findings = list(visible.for_list(request.user, on).order_by("pk"))
    concerns = _concerns(findings)
    sees_all = _sees_all(rights, inspection)
    context = {
        "inspection": inspection,
        "concerns": concerns,
        "groups": _groups(findings, {concern.cause.pk for concern in concerns}),
        "number": len(findings),
        "measures": MEASURES,
        "counts": counts(visible.tally(on), inspection.pk, str(inspection)),
        "sees_part": not sees_all,
        "may_manage": not policies.why_not_manage(rights_to_act(request.user, on), inspection.partnership_id),
        "section55": section55.section(inspection, user=request.user, on=on, rights=rights),
        "timeline": timeline_of(row=inspection) if sees_all else [],
        "ledger": readable_ledger(rights=rights, partnership_id=inspection.partnership_id),
        "on": on,
    }
    return render(request, "inspections/page/inspection.html", context | change.marking(inspection))


def _sees_all(rights: Any, inspection: Inspection) -> bool:
    sees = (*SEES_EVERYTHING, Role.SPOC, Role.OPCC_OFFICER)
    return inspection.partnership_id in rights.partnerships(*sees)


def _concerns(findings: Sequence[Recommendation]) -> list[Concern]:
    concerns = {row.pk: Concern(row) for row in findings if row.kind == Kind.CAUSE_OF_CONCERN}
    for row in findings:
        if row.cause_id in concerns:
            concerns[row.cause_id].recommendations.append(row)
    return list(concerns.values())


def _groups(
    findings: Sequence[Recommendation], concerned: set[int]
) -> list[tuple[str, list[Recommendation]]]:
    """Group by kind the findings without a cause of concern, or with one that the user may not view."""
    titles = {
        Kind.RECOMMENDATION: gettext("Recommendations")
        if not concerned
        else gettext("Recommendations that stand alone"),
        Kind.AREA_FOR_IMPROVEMENT: gettext("Areas for improvement"),
        Kind.AUDIT: gettext("Audit recommendations"),
    }
    groups = [
        (title, [row for row in findings if row.kind == kind and row.cause_id not in concerned])
        for kind, title in titles.items()
    ]
    return [(title, rows) for title, rows in groups if rows]
