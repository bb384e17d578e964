"""The action list as a file: exactly the rows the list shows, in its order."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_safe

from actions.core.models import Action
from actions.core.querysets import ActionQuerySet
from actions.core.table import ACTION
from actions.lists.views.listing import Listing, list_actions
from actions.progress.queries import latest_updates
from actions.waits.queries import with_waits
from audit import clock
from standards.marking import Marking
from web.exports import Control, csv_response, xlsx_response
from web.language import in_english

ROWS_AT_A_TIME = 500
EXPORTED = tuple(field for field in ACTION if field.exported)
# What the last update of an action says, as further columns.
LAST_UPDATE = {
    "narrative": gettext_noop("What was done"),
    "next_steps": gettext_noop("Next steps"),
    "reason": gettext_noop("Reason for red or amber"),
    "path_to_green": gettext_noop("Path to green"),
}
# In English, as the file has them.
COLUMNS = {field.name: field.text for field in EXPORTED} | LAST_UPDATE
ALWAYS = "ref"
CHOICE = "columns"
RATED = frozenset({COLUMNS["rag"], COLUMNS["computed_rag"], COLUMNS["board_rag"]})
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
@in_english
def action_export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Send the filtered list as CSV or XLSX; a wrong filter leads back to the list, which says what is wrong."""
    on = clock.today()
    listing = list_actions(request.user, request.GET, on)
    if listing.errors:
        return redirect(f"{reverse('actions:action-list')}?{request.GET.urlencode()}")
    columns = _columns(request.GET)
    rows = _cells(listing.rows.with_parts(request.user, on), columns, on)
    name, header = f"actions {on.isoformat()}", [COLUMNS[column] for column in columns]
    control = _control(request, listing)
    if kind == "csv":
        return csv_response(name=name, control=control, header=header, rows=rows)
    return xlsx_response(name=name, control=control, header=header, rows=rows, rated=RATED)


@require_safe
def export_choose(request: HttpRequest) -> HttpResponse:
    """Choose the columns of the file."""
    asked = [(name, value) for name, values in request.GET.lists() if name != CHOICE for value in values]
    context = {
        "columns": [(name, gettext(text), name == ALWAYS) for name, text in COLUMNS.items()],
        "chosen": set(_columns(request.GET)),
        "hidden_fields": asked,
        "query": urlencode(asked),
    }
    return render(request, "actions/lists/export_choose.html", context)


def _columns(query: QueryDict) -> list[str]:
    """Return the columns asked for in the order of the file, the reference always; without any, all of them."""
    asked = set(query.getlist(CHOICE)) & COLUMNS.keys()
    return [name for name in COLUMNS if not asked or name in asked or name == ALWAYS]


def _control(request: HttpRequest, listing: Listing) -> Control:
    sensitive = listing.rows.order_by().filter(marking=Marking.OFFICIAL_SENSITIVE).exists()
    chosen = [f"{item.label}: {item.text}" for item in listing.chosen]
    return Control(
        marking=Marking.OFFICIAL_SENSITIVE if sensitive else Marking.OFFICIAL,
        title=gettext("Actions"),
        as_at=clock.now(),
        lines=(
            f"Filters: {'; '.join(chosen) or 'none'}",
            f"Sorted by: {listing.order}",
            f"Number of actions: {listing.rows.order_by().count()}",
            f"Exported by: {request.user}",
        ),
    )


def _cells(rows: ActionQuerySet, columns: Sequence[str], on: date) -> Iterator[Sequence[Any]]:
    joined = rows.select_related("plan", "pillar", "area", "lead", "owner", "alternate", "mou_area")
    actions = with_waits(joined).prefetch_related("supporting").iterator(chunk_size=ROWS_AT_A_TIME)
    reads_updates = not LAST_UPDATE.keys().isdisjoint(columns)
    while some := list(islice(actions, ROWS_AT_A_TIME)):
        updates = latest_updates(some) if reads_updates else {}
        for action in some:
            update = updates.get(action.pk)
            yield [
                (getattr(update, column) if update else "")
                if column in LAST_UPDATE
                else _cell(action, column, on)
                for column in columns
            ]


def _cell(action: Action, name: str, on: date) -> Any:
    if name in COMPUTED:
        return COMPUTED[name](action, on)
    value = getattr(action, name)
    display = getattr(action, f"get_{name}_display", None)
    return display() if value and display else value
