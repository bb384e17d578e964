"""The slippage page of a plan: figures that link to their actions, and every action whose due date changed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from actions.core.filters import NONE
from actions.core.views import Count
from actions.lists.views.listing import plan_actions
from actions.slippage.queries import latest_changes, slippage_of, slipped_first
from standards import marking
from web.filters import without_empty_parameters
from web.language import lazy_text
from web.pages import INVALID
from web.paging import page_of

PAGE_SIZE = 25
# Filters that the page itself sets.
FIXED = ("plan", "moved")


@dataclass(frozen=True)
class Measure:
    """A column: the key of its figure, and the value of the list's filter `moved` that finds its actions."""

    label: str
    key: str
    moved: str
    flagged: bool = False


MEASURES = (
    Measure(lazy_text("Actions with a due date"), "actions", "any"),
    Measure(lazy_text("Date changed"), "moved", "yes"),
    Measure(lazy_text("Changes"), "moves", "yes"),
    Measure(lazy_text("Days slipped"), "days", "later"),
    Measure(lazy_text("Changed more than once"), "again", "again", flagged=True),
)


@dataclass(frozen=True)
class Dimension:
    """A grouping of the figures: its label, the list's filter, and the group of a row."""

    label: str
    filter: str
    group: Callable[[dict[str, Any]], tuple[Any, ...]]
    """Returns the sort key of the group, the value of the filter, and the label of the group."""


@dataclass(frozen=True)
class Figure:
    count: Count
    flagged: bool


@dataclass(frozen=True)
class Line:
    label: str
    figures: list[Figure]
    is_total: bool = False


def _by_area(row: dict[str, Any]) -> tuple[Any, ...]:
    if row["area"] is None:
        return (True, 0, ""), NONE, gettext("No district")
    return (False, row["area__order"], row["area__name"]), row["area"], row["area__name"]


def _by_lead(row: dict[str, Any]) -> tuple[Any, ...]:
    if row["lead"] is None:
        return (True, ""), NONE, gettext("No lead organisation")
    return (False, row["lead__name"]), row["lead"], row["lead__name"]


def _by_pillar(row: dict[str, Any]) -> tuple[Any, ...]:
    return (row["pillar__order"], row["pillar__name"]), row["pillar__name"], row["pillar__name"]


def _by_source(row: dict[str, Any]) -> tuple[Any, ...]:
    source = row["source"]
    return (not source, source), f'"{source}"' if source else NONE, source or gettext("No source")


DIMENSIONS = (
    Dimension(lazy_text("District"), "area", _by_area),
    Dimension(lazy_text("Lead organisation"), "lead", _by_lead),
    Dimension(lazy_text("Pillar"), "pillar", _by_pillar),
    Dimension(lazy_text("Source"), "source", _by_source),
)


@require_safe
@without_empty_parameters
def plan_slippage(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a plan's slippage by district, lead organisation, pillar and source, and each action whose date changed."""
    actions = plan_actions(request, pk, FIXED)
    plan, form = actions.plan, actions.form
    rows: Any = actions.rows
    tallies = slippage_of(rows=rows)
    pages = page_of(request, slipped_first(rows=rows).for_list(), PAGE_SIZE)
    changes = latest_changes(actions=list(pages))
    base = actions.base
    context = {
        "plan": plan,
        "form": form,
        "chosen": actions.chosen,
        "measures": MEASURES,
        "tables": [(each, list(_lines(tallies, each, base))) for each in DIMENSIONS] if tallies else [],
        "pages": pages,
        "rows": [(action, changes.get(action.pk)) for action in pages],
        "page_marking": marking.highest([plan.marking, *(action.marking for action in pages)]),
    }
    return render(request, "actions/slippage/slippage.html", context, status=INVALID if form.errors else 200)


def _lines(tallies: Sequence[dict[str, Any]], dimension: Dimension, base: QueryDict) -> Iterator[Line]:
    groups: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for tally in tallies:
        groups.setdefault(dimension.group(tally), []).append(tally)
    for group in sorted(groups, key=lambda group: group[0]):
        _, value, label = group
        query = base.copy()
        query[dimension.filter] = str(value)
        yield Line(label, _figures(groups[group], query, label))
    yield Line(gettext("Total"), _figures(tallies, base, gettext("all actions")), is_total=True)


def _figures(tallies: Sequence[dict[str, Any]], query: QueryDict, label: str) -> list[Figure]:
    figures = []
    for measure in MEASURES:
        number = sum(tally[measure.key] for tally in tallies)
        measured = query.copy()
        measured["moved"] = measure.moved
        href = f"{reverse('actions:action-list')}?{measured.urlencode()}"
        count = Count(number, href, f"{measure.label.lower()}: {label}", measure.label)
        figures.append(Figure(count, measure.flagged and number > 0))
    return figures
