"""The list of findings as a file: exactly the rows that the list shows, in its order."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from audit import clock
from inspections.core.states import OPEN, RegisterState
from inspections.core.table import FINDING
from inspections.findings.models.recommendations import ActionLink, Recommendation
from inspections.findings.views.listing import FindingListing, list_findings
from standards import marking
from web.exports import Control, csv_response, xlsx_response
from web.filters import chosen
from web.language import in_english

ROWS_AT_A_TIME = 500
FILES = {"csv": csv_response, "xlsx": xlsx_response}
COLUMNS = {field.name: field.text for field in FINDING if field.exported}
REGISTER: dict[Any, Any] = dict(RegisterState.choices)
COMPUTED: dict[str, Callable[[Any, date], Any]] = {
    "cause": lambda row, on: row.cause.number if row.cause else "",
    "lead": lambda row, on: str(row.lead) if row.lead else "",
    "actions": lambda row, on: "; ".join(link.action.ref for link in row.visible_links),
    "overdue": lambda row, on: row.due is not None and row.due < on and row.state in OPEN,
    "register_state": lambda row, on: str(REGISTER.get(row.register_state, "")),
    "in_question": lambda row, on: row.questioned,
    "no_live_action": lambda row, on: row.unanswered,
    "marking": lambda row, on: row.inspection.marking,
    "handling_instruction": lambda row, on: row.inspection.handling_instruction,
}


@require_safe
@in_english
def recommendation_export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Send the filtered list as CSV or XLSX; a wrong filter leads back to the list, which says what is wrong."""
    on = clock.today()
    listing = list_findings(request.user, request.GET, on)
    if listing.is_wrong:
        return redirect(f"{reverse('inspections:recommendation-list')}?{request.GET.urlencode()}")
    return FILES[kind](
        name=f"findings {on.isoformat()}",
        control=_control(request, listing),
        header=list(COLUMNS.values()),
        rows=_cells(request, listing, on),
    )


def _control(request: HttpRequest, listing: FindingListing) -> Control:
    rows = listing.rows.order_by()
    selected = [f"{item.label}: {item.text}" for item in chosen(listing.form, listing.quick.query)]
    return Control(
        marking=marking.highest(rows.values_list("inspection__marking", flat=True).distinct()),
        title=gettext("Findings"),
        as_at=clock.now(),
        lines=(
            f"Filters: {'; '.join(selected) or 'none'}",
            f"Sorted by: {listing.order}",
            f"Number of findings: {rows.count()}",
            f"Exported by: {request.user}",
        ),
    )


def _cells(request: HttpRequest, listing: FindingListing, on: date) -> Iterator[Sequence[Any]]:
    """Yield the cells of each row. Causes of concern and actions that the user may not see are left out."""
    here = (request.user, on)
    links = ActionLink.objects.visible_to(*here).select_related("action").order_by("action__ref")
    rows = (
        listing.rows.select_related(None)
        .select_related("inspection", "lead")
        .prefetch_related(
            Prefetch("cause", queryset=Recommendation.objects.visible_to(*here)),
            Prefetch("links", queryset=links, to_attr="visible_links"),
        )
    )
    for row in rows.iterator(chunk_size=ROWS_AT_A_TIME):
        yield [_cell(row, name, on) for name in COLUMNS]


def _cell(row: Recommendation, name: str, on: date) -> Any:
    if name in COMPUTED:
        return COMPUTED[name](row, on)
    display = getattr(row, f"get_{name}_display", None)
    value = display() if display else getattr(row, name)
    return str(value) if name == "inspection" else value
