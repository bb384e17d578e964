"""The action list as a file: exactly the rows the list shows, in its order."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from actions.core.models import Action
from actions.core.querysets import ActionQuerySet
from actions.lists.views.listing import Listing, list_actions
from actions.waits.queries import with_waits
from audit import clock
from standards.marking import Marking
from web.exports import Control, csv_response, xlsx_response

ROWS_AT_A_TIME = 500
HEADER = (
    *("Reference", "Title", "Description", "Success measure", "Plan", "Pillar", "District"),
    *("Lead organisation", "Supporting organisations", "Owner", "Alternate", "MOU area", "Tier", "Priority"),
    *("Status", "Declared RAG", "RAG from dates", "Rule", "Percent done", "Start", "Original due date"),
    *("Due date", "Times moved", "Days slipped", "Overdue", "Waiting on", "Waiting since"),
    *("Closed on", "Last update", "Source", "Marking", "Handling instruction"),
    *("Publication decision", "Exemption", "Re-test on", "Board reference"),
    *("Delivered by districts", "Part of"),
)


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
        header=HEADER,
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
        yield _line(action, on)


def _line(action: Action, on: date) -> Sequence[Any]:
    computed = action.computed_rag(on)
    return (
        *(action.ref, action.title, action.description, action.success_measure),
        *(action.plan, action.pillar, action.area, action.lead),
        "; ".join(str(organisation) for organisation in action.supporting.all()),
        *(action.owner, action.alternate, action.mou_area),
        *(action.get_tier_display() if action.tier else "", action.get_priority_display()),
        *(action.get_state_display(), action.get_rag_display() if action.rag else ""),
        *((computed.rag.label, computed.rule) if computed else ("", "")),
        *(action.percent, action.starts_on, action.original_due, action.due),
        *(action.moves, action.days_slipped if action.original_due else None, action.is_overdue(on)),
        "; ".join(str(wait.organisation) for wait in action.waits),  # type: ignore[attr-defined]
        action.waiting_since,
        *(action.closed_on, action.last_reported_on, action.source),
        *(action.marking, action.handling_instruction, action.get_publication_display()),
        *(action.get_exemption_display() if action.exemption else "", action.retest_on),
        *(action.board_reference, action.by_districts, action.parent.ref if action.parent else ""),
    )
