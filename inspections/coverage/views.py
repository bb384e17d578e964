"""The coverage table of findings by actions, and the gaps. Every number links to its rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from actions.core.views import Count
from actions.lists.filters import sort_actions
from actions.models import Action, Pillar, Plan
from audit import clock
from audit.actors import Reader
from inspections.coverage.filters import GAPS, CoverageFilter
from inspections.coverage.forms import BY, CoverageForm
from inspections.coverage.queries import (
    EARLY,
    LATE,
    NO_SOURCE,
    Coverage,
    answered_by,
    covered,
    gaps,
    linked,
)
from inspections.findings.filters import DEFAULT_SORT, NONE, sort_recommendations
from inspections.findings.models.inspections import Inspection
from inspections.findings.models.recommendations import Recommendation
from partners.models import Area, Organisation
from standards import marking
from web.filters import chosen, without_empty_parameters
from web.language import lazy_text
from web.pages import INVALID
from web.paging import page_of

PAGE_SIZE = 50
LIST_SIZE = 25
Query = list[tuple[str, str]]
# The filter of the list of actions that finds what a column counts.
FILTERS = {"pillar": "pillar", "district": "area", "organisation": "lead"}
GAP_LABELS = {
    NO_SOURCE: lazy_text("Actions with no source and no finding"),
    EARLY: lazy_text("Complete actions that answer an open finding"),
    LATE: lazy_text("Open actions that answer a closed finding"),
}
NOBODY = {"district": lazy_text("No district"), "organisation": lazy_text("No lead organisation")}


@dataclass(frozen=True)
class Column:
    key: Any
    label: str
    short: str
    query: Query


@dataclass
class Line:
    """A finding with a number for each column; `inspection` has one before the first of its findings."""

    counts: list[Count]
    finding: Any = None
    inspection: Inspection | None = None


@require_safe
@without_empty_parameters
def coverage(request: HttpRequest) -> HttpResponse:
    """Show how many live actions answer each finding, and the gaps."""
    on = clock.today()
    form = CoverageForm(request.GET, user=request.user, on=on)
    wrong = not form.is_valid()
    values = form.cleaned_data
    by, plan, inspection = values.get("by") or "pillar", values.get("plan"), values.get("inspection")
    actions = Action.objects.visible_to(request.user, on)
    actions = actions.filter(plan=plan) if plan else actions
    findings = Recommendation.objects.visible_to(request.user, on)
    findings = findings.filter(inspection=inspection) if inspection else findings
    if wrong:
        actions, findings = actions.none(), findings.none()
    links = linked(user=request.user, on=on, by=by, actions=actions)
    matrix = covered(links=links, inspection=int(inspection) if inspection else None)
    columns = _columns(request.user, on, by, plan, matrix)
    within = [("plan", plan)] if plan else []
    rows = sort_recommendations(findings, DEFAULT_SORT).with_unanswered().select_related("inspection")
    pages = page_of(request, rows, PAGE_SIZE)
    inspection_query = [("inspection", inspection)] if inspection else []
    numbers = gaps(links=links, actions=actions)
    context = {
        "form": form,
        "chosen": [item for item in chosen(form, request.GET) if item.label != form["by"].label],
        "wrong": wrong,
        "by": BY[by],
        "columns": columns,
        "pages": pages,
        "lines": _lines(pages, matrix, columns, within),
        "totals": _counts(matrix.every, columns, within + inspection_query, gettext("that answer a finding")),
        "gaps": _gaps(findings.without_live_action().count(), numbers, within, inspection_query),
        "page_marking": marking.highest(row.inspection.marking for row in pages),
    }
    return render(request, "inspections/coverage/coverage.html", context, status=INVALID if wrong else 200)


@require_safe
@without_empty_parameters
def coverage_actions(request: HttpRequest) -> HttpResponse:
    """List the live actions that answer findings, or the actions with a gap, filtered by the query string."""
    on = clock.today()
    visible = Action.objects.visible_to(request.user, on)
    narrowed = CoverageFilter(request.GET, visible, user=request.user, on=on)
    form, sort, sort_error = narrowed.form, request.GET.get("sort") or "ref", ""
    form.is_valid()
    try:
        rows = sort_actions(narrowed.qs, sort)
    except ValidationError as error:
        rows, sort_error = visible.none(), error.messages[0]
    pages = page_of(request, rows.for_list(), LIST_SIZE)
    answered = answered_by(user=request.user, on=on, actions=list(pages))
    lines = [(action, answered[action.pk], action.is_overdue(on)) for action in pages]
    context = {
        "pages": pages,
        "rows": lines,
        "form": form,
        "chosen": chosen(form, request.GET),
        "wrong": bool(form.errors or sort_error),
        "sort_error": sort_error,
        "keep": [("sort", request.GET["sort"])] if request.GET.get("sort") else [],
        "heading": dict(GAPS).get(request.GET.get("gap", ""), gettext("Live actions that answer findings")),
        "page_marking": marking.highest(_markings(lines)),
    }
    return render(
        request,
        "inspections/coverage/coverage_actions.html",
        context,
        status=INVALID if context["wrong"] else 200,
    )


def _markings(lines: Iterable[tuple[Action, list[Recommendation], bool]]) -> Iterable[str]:
    for action, findings, _ in lines:
        yield action.marking
        yield from (row.inspection.marking for row in findings)


def _columns(user: Reader, on: date, by: str, plan: str | None, matrix: Coverage) -> list[Column]:
    """Return a column for each pillar of the plans that run, district, or organisation that leads; and for none."""
    name = FILTERS[by]
    if by == "pillar":
        plans = Plan.objects.visible_to(user, on)
        plans = plans.filter(pk=plan) if plan else plans.exclude(state=Plan.State.CLOSED)
        pillars = Pillar.objects.filter(plan__in=plans).order_by("-plan__starts_on", "order", "name")
        names = [*pillars.values_list("name", flat=True), *sorted(matrix.every)]
        return [Column(text, text, text, [(name, text)]) for text in dict.fromkeys(names)]
    rows: Any = Area.objects.visible_to(user, on)
    if by == "organisation":
        rows = Organisation.objects.visible_to(user, on).filter(pk__in=[pk for pk in matrix.every if pk])
    columns = [
        Column(row.pk, row.name, getattr(row, "short_name", "") or row.name, [(name, str(row.pk))])
        for row in rows
    ]
    known = {column.key for column in columns}
    if set(matrix.every) - known:
        columns.append(Column(None, NOBODY[by], NOBODY[by], [(name, NONE)]))
    return columns


def _lines(
    rows: Iterable[Recommendation], matrix: Coverage, columns: list[Column], within: Query
) -> list[Line]:
    lines: list[Line] = []
    last = None
    for row in rows:
        if row.inspection_id != last:
            last = row.inspection_id
            own = [*within, ("inspection", str(last))]
            counts = _counts(matrix.inspections.get(last, {}), columns, own, str(row.inspection))
            lines.append(Line(counts, inspection=row.inspection))
        own = [*within, ("recommendation", str(row.pk))]
        lines.append(Line(_counts(matrix.findings.get(row.pk, {}), columns, own, str(row)), finding=row))
    return lines


def _counts(cells: Mapping[Any, set[int]], columns: list[Column], within: Query, of: str) -> list[Count]:
    """Return a number for each column, and their sum: an action is in one column only. Only rows have an address."""
    noun = gettext("actions, {of}: {column}")
    counts = [
        Count(
            number,
            _address(within + column.query) if number else "",
            noun.format(of=of, column=column.label),
        )
        for column in columns
        for number in [len(cells.get(column.key, ()))]
    ]
    total = sum(len(one) for one in cells.values())
    return [*counts, Count(total, _address(within), gettext("actions, {of}").format(of=of))]


def _gaps(unanswered: int, numbers: Mapping[str, int], within: Query, inspection_query: Query) -> list[Count]:
    """Return the gaps of the findings and of all the actions."""
    href = f"{reverse('inspections:recommendation-list')}?{urlencode([*inspection_query, ('gap', 'no_live_action')])}"
    gaps = [Count(unanswered, href, gettext("findings"), gettext("Open findings with no live action"))]
    for gap, label in GAP_LABELS.items():
        gaps.append(Count(numbers[gap], _address([*within, ("gap", gap)]), gettext("actions"), label))
    return gaps


def _address(query: Query) -> str:
    href = reverse("inspections:coverage-actions")
    return f"{href}?{urlencode(query)}" if query else href
