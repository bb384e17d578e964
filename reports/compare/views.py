"""The page that compares two days."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from audit import clock
from reports.compare.forms import CompareForm
from reports.compare.queries import Difference, Kind
from standards import marking
from web.pages import INVALID
from web.paging import page_of

# The most lines of one kind on the page with all kinds.
SHORT = 25
# Parameters that say what to compare; without them the page has only the form.
DAYS = ("start", "board", "end")


@dataclass(frozen=True)
class Section:
    """The changes of one kind, or the first of them, and the address of the page with all of them."""

    kind: Kind
    lines: list[Difference]
    total: int
    href: str


@require_safe
def compare_page(request: HttpRequest) -> HttpResponse:
    """Show what changed in the actions between two days; with `kind`, every change of that kind, page by page."""
    is_asked = any(name.startswith(DAYS) for name in request.GET)
    form = CompareForm(
        request.GET if is_asked else None,
        initial={"plan": request.GET.get("plan")},
        user=request.user,
        now=clock.now(),
        on=clock.today(),
    )
    context = {"form": form, **(_answer(request, form) if form.is_valid() else {})}
    return render(request, "reports/compare/compare.html", context, status=INVALID if form.errors else 200)


def _answer(request: HttpRequest, form: CompareForm) -> dict[str, Any]:
    comparison, values = form.comparison(), form.cleaned_data
    query = request.GET.copy()
    for name in ("page", "kind"):
        query.pop(name, None)
    all_href = f"?{query.urlencode()}"
    counts = [
        Section(kind, lines[:SHORT], len(lines), f"{all_href}&kind={kind.value}")
        for kind, lines in comparison.differences.items()
    ]
    sections, pages = counts, None
    if values["kind"]:
        kind = Kind(values["kind"])
        pages = page_of(request, comparison.differences[kind])
        sections = [Section(kind, list(pages), pages.total, all_href)]
    return {
        "comparison": comparison,
        "counts": counts,
        "sections": sections,
        "pages": pages,
        "all_href": all_href,
        "meeting": form.meeting,
        "plan": dict(form.fields["plan"].choices)[values["plan"]] if values["plan"] else "",
        "is_now": form.closing == form.now,
        "page_marking": marking.highest(line.row["marking"] for each in sections for line in each.lines),
    }
