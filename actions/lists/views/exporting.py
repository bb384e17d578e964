"""The action list as a file: exactly the rows the list shows, in its order."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from actions.core.models import Action
from actions.core.querysets import ActionQuerySet
from actions.core.table import ACTION
from actions.lists.views.listing import Listing, list_actions
from actions.waits.queries import with_waits
from audit import clock
from standards.marking import Marking
from web.exports import Control, csv_response, xlsx_response

ROWS_AT_A_TIME = 500
EXPORTED = tuple(field for field in ACTION if field.exported)
COMPUTED: dict[str, Callable[[Any, date], Any]] = {
    "parent": lambda action, on: action.parent.ref if action.parent else "",
    "supporting": lambda action, on: "; ".join(str(organisation) for organisation in action.supporting.all()),
    "waiting_on": lambda action, on: "; ".join(str(wait.organisation) for wait in action.waits),
    "computed_rag": lambda action, on: computed.rag.label if (computed := action.computed_rag(on)) else "",
    "rule": lambda action, on: computed.rule if (computed := action.computed_rag(on)) else "",
    "overdue": lambda action, on: action.is_overdue(on),
    "days_slipped": lambda action, on: action.days_slipped if action.original_due else None,
}


@require_safe
def action_export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Send the filtered list as CSV or XLSX; a wrong filter leads back to the list, which says what is wrong."""
    on = clock.today()
    listing = list_actions(request.user, request.GET, on)
    if listing.errors:
        return redirect(f"{reverse('actions:action-list')}?{request.GET.urlencode()}")
    make = {"csv": csv_response, "xlsx": xlsx_response}[kind]
    return make(
        name=f"actions {on.isoformat()}",
        control=_control(request, listing),
        header=[field.label for field in EXPORTED],
        rows=_cells(listing.rows.with_parts(request.user, on), on),
    )


def _control(request: HttpRequest, listing: Listing) -> Control:
    sensitive = listing.rows.order_by().filter(marking=Marking.OFFICIAL_SENSITIVE).exists()
    chosen = [f"{item.label}: {item.text}" for item in listing.chosen]
    return Control(
        marking=Marking.OFFICIAL_SENSITIVE if sensitive else Marking.OFFICIAL,
        title="Actions",
        as_at=clock.now(),
        lines=(
            f"Filters: {'; '.join(chosen) or 'none'}",
            f"Sorted by: {listing.order}",
            f"Number of actions: {listing.rows.order_by().count()}",
            f"Exported by: {request.user}",
        ),
    )


def _cells(rows: ActionQuerySet, on: date) -> Iterator[Sequence[Any]]:
    joined = rows.select_related("plan", "pillar", "area", "lead", "owner", "alternate", "mou_area")
    for action in with_waits(joined).prefetch_related("supporting").iterator(chunk_size=ROWS_AT_A_TIME):
        yield [_cell(action, field.name, on) for field in EXPORTED]


def _cell(action: Action, name: str, on: date) -> Any:
    if name in COMPUTED:
        return COMPUTED[name](action, on)
    value = getattr(action, name)
    display = getattr(action, f"get_{name}_display", None)
    return display() if value and display else value
