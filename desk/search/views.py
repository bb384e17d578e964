from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from audit import clock
from desk.search.forms import SearchForm
from desk.search.services.finding import Found, search
from desk.search.services.sources import LIMIT, Kind
from standards import marking
from web.pages import INVALID
from web.paging import page_of

PAGE_SIZE = 25


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """Answer `q` with what the user may see, best first; without it, ask for it."""
    asked = "q" in request.GET
    form = SearchForm(request.GET if asked else None)
    context: dict[str, Any] = {
        "form": form,
        "text": "",
        "text_searched": form.data.get("q", ""),
        "limit": LIMIT,
    }
    if form.is_valid():
        text, kind = form.cleaned_data["q"], form.cleaned_data["kind"]
        found = search(actor=request.user, text=text, on=clock.today(), kind=kind)
        pages = page_of(request, found, PAGE_SIZE)
        hits = list(pages)
        context |= {
            "text": text,
            "found": found,
            "pages": pages,
            "hits": hits,
            "kinds": _kinds(found, text, kind),
            "cut": [each.label.lower() for each in found.cut],
            "page_marking": marking.highest(hit.marking for hit in hits),
        }
    return render(request, "desk/search/search.html", context, status=INVALID if form.errors else 200)


def _kinds(found: Found, text: str, kind: str) -> list[tuple[str, int, str, bool]]:
    """Return each kind, how many were found of it, where they are listed, and whether that is here."""
    numbers = [("", "Everything", found.total), *((each, each.label, found.numbers[each]) for each in Kind)]
    address = reverse("desk:search")
    return [
        (label, number, f"{address}?{urlencode({'q': text} | ({'kind': key} if key else {}))}", key == kind)
        for key, label, number in numbers
    ]
