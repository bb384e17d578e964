from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from audit import clock
from desk.search.forms import SearchForm
from desk.search.services import sources
from desk.search.services.finding import Results, search
from desk.search.services.kinds import Kind
from desk.search.services.records import KINDS_BY_ROOM, RECORDS
from standards import marking
from web.callers import actor_of
from web.pages import INVALID
from web.paging import page_of

PAGE_SIZE = 25
# The kinds that are offered even when they have no results; the others would only fill the page.
ALWAYS = (Kind.ACTION, Kind.UPDATE, Kind.RECOMMENDATION)
# Records are offered by the rooms of the programme: there are too many kinds of them for a row of links.
RECORD_KINDS = {source.kind for source in RECORDS}
OFFERED: list[tuple[str, str | Promise, tuple[Kind, ...]]] = [
    *((kind.value, kind.label, (kind,)) for kind in Kind if kind not in RECORD_KINDS),
    *((room.slug, room.title, kinds) for room, kinds in KINDS_BY_ROOM.items()),
]


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """List the rows the user may view that match `q`, best first; without `q`, show the form."""
    is_search = "q" in request.GET
    form = SearchForm(request.GET if is_search else None)
    context: dict[str, Any] = {
        "form": form,
        "text": "",
        "text_searched": form.data.get("q", ""),
        "limit": sources.LIMIT,
    }
    if form.is_valid():
        text, kind = form.cleaned_data["q"], form.cleaned_data["kind"]
        results = search(actor=actor_of(request), text=text, on=clock.today(), kinds=form.kinds)
        pages = page_of(request, results, PAGE_SIZE)
        hits = list(pages)
        context |= {
            "text": text,
            "results": results,
            "pages": pages,
            "hits": hits,
            "kinds": _kinds(results, text, kind),
            "cut": [each.label.lower() for each in results.cut],
            "page_marking": marking.highest(hit.marking for hit in hits),
        }
    return render(request, "desk/search/search.html", context, status=INVALID if form.errors else 200)


def _kinds(results: Results, text: str, kind: str) -> list[tuple[str, int, str, bool]]:
    """Return for each kind its label, number of results, address, and whether it is shown."""
    numbers = [("", gettext("Everything"), results.total)]
    one_kind = [(kind, str(Kind(kind).label), (Kind(kind),))] if kind in RECORD_KINDS else []
    for key, label, kinds in (*OFFERED, *one_kind):
        number = sum(results.numbers[each] for each in kinds)
        if number or key in (*ALWAYS, kind):
            numbers.append((key, str(label), number))
    address = reverse("desk:search")
    return [
        (label, number, f"{address}?{urlencode({'q': text} | ({'kind': key} if key else {}))}", key == kind)
        for key, label, number in numbers
    ]
