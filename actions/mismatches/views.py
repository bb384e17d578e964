"""The RAG mismatch page of a plan."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_safe

from actions.core.filters import NONE
from actions.core.views import Count
from actions.lists.filters import RATINGS
from actions.lists.views.listing import plan_actions
from actions.mismatches.queries import compare, widest_gap_first
from audit import clock
from standards import marking
from standards.rag import STEPS_TO_GREEN, Rag
from web.filters import without_empty_parameters
from web.language import lazy_text
from web.pages import INVALID
from web.paging import page_of

PAGE_SIZE = 25
# Filters that the page itself sets.
FIXED = ("plan", "rag", "computed", "rag_differs")
DECLARED = [*RATINGS, ("", lazy_text("Not rated"))]


@dataclass(frozen=True)
class Cell:
    count: Count
    rag_gap: int = 0


@require_safe
@without_empty_parameters
def plan_mismatches(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a plan's actions by declared and computed RAG, and each RAG mismatch, the most optimistic first."""
    on = clock.today()
    actions = plan_actions(request, pk, FIXED)
    plan, form = actions.plan, actions.form
    numbers = compare(rows=actions.rows, on=on)
    pages = page_of(request, widest_gap_first(rows=actions.rows, on=on).for_list(), PAGE_SIZE)
    base = actions.base
    context = {
        "plan": plan,
        "form": form,
        "chosen": actions.chosen,
        "computed": RATINGS,
        "matrix": _matrix(numbers, base),
        "total": sum(numbers.values()),
        "differing": _differing(numbers, base, "any"),
        "better": _differing(numbers, base, "better"),
        "pages": pages,
        "rows": [(action, action.computed_rag(on), action.days_silent(on)) for action in pages],
        "page_marking": marking.highest([plan.marking, *(action.marking for action in pages)]),
    }
    return render(
        request, "actions/mismatches/mismatches.html", context, status=INVALID if form.errors else 200
    )


def _matrix(numbers: Mapping[tuple[str, str], int], base: QueryDict) -> list[tuple[str, str, list[Cell]]]:
    """Return (rating, label, cells) for each declared rating and in total; each row ends with its total."""
    every = [value for value, _ in RATINGS]
    rows = [(value, label, [value]) for value, label in DECLARED]
    rows.append(("total", gettext("Total"), [value for value, _ in DECLARED]))
    matrix = []
    for value, label, declared in rows:
        cells = []
        for words, computed in (*((words, [rating]) for rating, words in RATINGS), (gettext("any"), every)):
            query = base.copy()
            query.setlist("computed", computed)
            if value != "total":
                query["rag"] = value or NONE
            number = sum(numbers.get((one, other), 0) for one in declared for other in computed)
            noun = ngettext(
                "action declared: {label}, computed: {words}",
                "actions declared: {label}, computed: {words}",
                number,
            ).format(label=label.lower(), words=words.lower())
            rag_gap = _rag_gap(value, computed[0]) if len(computed) == 1 and value != "total" else 0
            cells.append(Cell(Count(number, _address(query), noun), rag_gap))
        matrix.append((value, label, cells))
    return matrix


def _differing(numbers: Mapping[tuple[str, str], int], base: QueryDict, how: str) -> Count:
    query = base.copy()
    query["rag_differs"] = how
    gaps = {pair: _rag_gap(*pair) for pair in numbers}
    number = sum(numbers[pair] for pair, rag_gap in gaps.items() if rag_gap > 0 or (how == "any" and rag_gap))
    return Count(number, _address(query), "actions")


def _rag_gap(declared: str, computed: str) -> int:
    return STEPS_TO_GREEN[Rag(computed)] - STEPS_TO_GREEN[Rag(declared or Rag.GREEN)]


def _address(query: QueryDict) -> str:
    return f"{reverse('actions:action-list')}?{query.urlencode()}"
