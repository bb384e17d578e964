from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from actions.assurance.queries import with_returned
from actions.core import policies
from actions.core.models import Action
from actions.lists.views.listing import list_actions
from actions.lists.views.quick import listed_actions
from actions.saved_views.models import SavedView
from actions.waits.queries import open_waits
from audit import clock
from audit.actors import Reader
from partners.policies import Role, rights_to_act
from standards import marking
from web.filters import without_empty_parameters
from web.pages import INVALID
from web.paging import page_of
from web.quick import NO_DEFAULT

PAGE_SIZE = 25
# Parameters that say how the page is shown, not which rows it has.
NOT_ASKED = ("page", "filters", *NO_DEFAULT)


@require_safe
@without_empty_parameters
def action_list(request: HttpRequest) -> HttpResponse:
    """List the actions the user may see, narrowed and in the order that the query string asks for."""
    on = clock.today()
    quick = listed_actions(request.user, request.GET, on)
    query = quick.query
    listing = list_actions(request.user, query, on)
    rows = with_returned(listing.rows.for_list()).with_computed_rag(on)
    pages = page_of(request, rows, PAGE_SIZE)
    _load_details(list(pages), request.user, on)
    rights = rights_to_act(request.user, on)
    asked = [(name, value) for name, values in query.lists() if name not in NOT_ASKED for value in values]
    context = {
        "pages": pages,
        "rows": [(action, action.is_overdue(on), action.rag_gap(on) != 0) for action in pages],
        "on": on,
        **quick.context(listing.form, keep=[pair for pair in asked if pair[0] == "sort"]),
        "listing": listing,
        "query": urlencode(asked),
        # Somebody without any action is told so, unless they filtered themselves.
        "filters_hide_all": bool(listing.chosen) and (query is request.GET or not quick.is_empty),
        "plans": not any(item.label == "Plan" for item in listing.chosen),
        "views": list(SavedView.objects.visible_to(request.user, on).select_related("owner")),
        "selects": not policies.why_not_change_many(rights),
        "hidden_fields": asked,
        "manages": bool(rights.partnerships(Role.PROGRAMME_MANAGER)),
        "page_marking": marking.highest(action.marking for action in pages),
    }
    return render(
        request, "actions/lists/action_list.html", context, status=INVALID if listing.errors else 200
    )


def _load_details(actions: Sequence[Any], user: Reader, on: date) -> None:
    """Give each row its `waits`, `seen_parts` and parent, and query only for the rows that can have them."""
    parts, parent = Action.objects.all().seen_relatives(user, on)
    prefetch_related_objects([row for row in actions if row.waiting_since], open_waits())
    prefetch_related_objects([row for row in actions if row.by_districts], parts)
    prefetch_related_objects([row for row in actions if row.parent_id], parent)
    for row in actions:
        # After the queries: Django would take what is there for the answer.
        row.waits, row.seen_parts = getattr(row, "waits", ()), getattr(row, "seen_parts", ())
