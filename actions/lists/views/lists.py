from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from actions.assurance.queries import with_returned
from actions.core import policies
from actions.lists.views.listing import list_actions
from actions.saved_views.models import SavedView
from actions.waits.queries import with_waits
from audit import clock
from partners.policies import Role, rights_to_act
from standards import marking
from web.pages import INVALID
from web.paging import page_of

PAGE_SIZE = 25


@require_safe
def action_list(request: HttpRequest) -> HttpResponse:
    """List the actions the user may see, narrowed and in the order that the query string asks for."""
    on = clock.today()
    listing = list_actions(request.user, request.GET, on)
    rows = (
        with_returned(with_waits(listing.rows.for_list())).with_parts(request.user, on).with_computed_rag(on)
    )
    pages = page_of(request, rows, PAGE_SIZE)
    rights = rights_to_act(request.user, on)
    context = {
        "pages": pages,
        "rows": [(action, action.is_overdue(on), action.rag_gap(on) != 0) for action in pages],
        "on": on,
        "form": listing.form,
        "chosen": listing.chosen,
        "listing": listing,
        "keep": [("sort", request.GET["sort"])] if request.GET.get("sort") else [],
        "query": _without_page(request.GET),
        "narrowed": bool(listing.chosen),
        "views": list(SavedView.objects.visible_to(request.user, on).select_related("owner")),
        "selects": not policies.why_not_change_many(rights),
        "hidden_fields": [
            (name, value) for name, values in request.GET.lists() if name != "page" for value in values
        ],
        "manages": bool(rights.partnerships(Role.PROGRAMME_MANAGER)),
        "page_marking": marking.highest(action.marking for action in pages),
    }
    return render(
        request, "actions/lists/action_list.html", context, status=INVALID if listing.errors else 200
    )


def _without_page(query: QueryDict) -> str:
    parameters = query.copy()
    parameters.pop("page", None)
    return parameters.urlencode()
