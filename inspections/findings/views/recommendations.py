from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from audit import clock
from audit.policies import forbid
from inspections.core import policies
from inspections.findings.forms.recommendations import RecommendationForm, recommendation_initial
from inspections.findings.models.recommendations import Recommendation
from inspections.findings.services.recommendations import save_recommendation
from inspections.findings.views import links
from inspections.findings.views.inspections import address as inspection_address
from inspections.findings.views.inspections import find_managed
from inspections.findings.views.listing import list_findings
from inspections.history import views as change
from standards import marking
from web.filters import without_empty_parameters
from web.pages import INVALID, PAGE_OR_FORM
from web.paging import page_of
from web.quick import OWN

PAGE_SIZE = 25


@require_safe
@without_empty_parameters
def recommendation_list(request: HttpRequest) -> HttpResponse:
    """List the findings the user may view, filtered and sorted by the query string."""
    on = clock.today()
    listing = list_findings(request.user, request.GET, on)
    quick, sort = listing.quick, listing.sort
    pages = page_of(request, listing.rows, PAGE_SIZE)
    parts = quick.context(listing.form, keep=[("sort", sort)] if quick.query.get("sort") else [])
    context = {
        **parts,
        "pages": pages,
        "wrong": listing.is_wrong,
        "sort_error": listing.sort_error,
        "order": listing.order,
        "query": listing.query,
        # Somebody without any finding is told so, unless they filtered themselves.
        "narrowed": parts["narrowed"] and (quick.query is request.GET or not quick.is_empty),
        "only_disagreeing": _only(request.GET, "disagree"),
        "on": on,
        "page_marking": marking.highest(row.inspection.marking for row in pages),
    }
    status = INVALID if context["wrong"] else 200
    return render(request, "inspections/findings/recommendation_list.html", context, status=status)


@PAGE_OR_FORM
def recommendation_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a finding to an inspection."""
    inspection = find_managed(request, pk)
    row = Recommendation(inspection=inspection)
    return change.answer(
        request,
        RecommendationForm(request.POST or None, inspection=inspection, user=request.user, on=clock.today()),
        row=inspection,
        service=lambda **values: save_recommendation(recommendation=row, **values),
        done=gettext("Finding added."),
        saves_itself=True,
        back=inspection_address(inspection),
        back_text=gettext("Back to the inspection"),
        heading=gettext("Add a finding"),
        caption=str(inspection),
    )


@PAGE_OR_FORM
def recommendation_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the details of a finding."""
    row = change.find(request, Recommendation, pk)
    forbid(policies.why_not_manage(change.rights(request), row.inspection.partnership_id))
    form = RecommendationForm(
        request.POST or None,
        initial=recommendation_initial(row),
        inspection=row.inspection,
        recommendation=row,
        user=request.user,
        on=clock.today(),
    )
    return change.answer(
        request,
        form,
        row=row,
        service=lambda **values: save_recommendation(recommendation=row, **values),
        done=gettext("Finding saved."),
        saves_itself=True,
        back=links.address(row),
        back_text=gettext("Back to the finding"),
        heading=gettext("Change the finding"),
        caption=str(row),
    )


def _only(query: QueryDict, name: str) -> bool:
    """Return whether this is the only filter: the list then has a title of its own."""
    filters = [key for key, value in query.items() if value and key not in ("sort", "page", OWN)]
    return filters == [name]
