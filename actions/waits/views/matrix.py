"""The partners that a plan's actions are waiting on: counts that link to their actions, and every open request."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from actions.core.views import Count
from actions.lists.filters import WaitFilter
from actions.lists.views.listing import plan_actions
from actions.plans.models import Plan
from actions.waits.models import Dependency, DependencyQuerySet
from actions.waits.states import DependencyState
from audit import clock
from partners.policies import Role, rights_of
from standards import marking
from web.filters import without_empty_parameters
from web.language import lazy_text
from web.pages import INVALID
from web.paging import page_of
from web.quick import SHOW, GroupedList, RowGroup, grouped_list

if TYPE_CHECKING:
    from partners.models import Organisation

PAGE_SIZE = 25
# Filters that the page itself sets.
FIXED = ("plan", "waiting")


@dataclass(frozen=True)
class Column:
    """A count, and the value of the list's filter `waiting` that finds its actions."""

    label: str
    how: str

    def holds(self, row: Dependency, on: date) -> bool:
        if self.how == "declined":
            return not row.is_open
        if self.how == "unanswered":
            return row.state == DependencyState.REQUESTED
        return row.is_open and (self.how == "yes" or (row.needed_by is not None and row.needed_by < on))


COLUMNS = (
    Column(lazy_text("Actions waiting"), "yes"),
    Column(lazy_text("Not acknowledged"), "unanswered"),
    Column(lazy_text("Past the needed-by date"), "late"),
    Column(lazy_text("Declined and not followed up"), "declined"),
)


@dataclass(frozen=True)
class Line:
    """One partner: a count of actions for each column, and its longest wait."""

    label: str
    counts: list[Count]
    longest: Dependency | None
    days: int
    is_total: bool = False


@require_safe
@without_empty_parameters
def plan_waiting(request: HttpRequest, pk: int) -> HttpResponse:
    """Show which partners a plan's actions are waiting on, for what and how long."""
    on = clock.today()
    actions = plan_actions(request, pk, FIXED, WaitFilter)
    plan, form = actions.plan, actions.form
    waits = Dependency.objects.visible_to(request.user, on).filter(action__in=actions.rows.order_by())
    if form.is_valid() and form.cleaned_data["waiting_on"]:
        waits = waits.filter(organisation=form.cleaned_data["waiting_on"])
    rows = [
        *waits.open().select_related("organisation"),
        *waits.unsettled().select_related("organisation"),
    ]
    actions.base.pop(SHOW, None)
    requests = _open_requests(request, plan, waits, on)
    open_requests = requests.rows.select_related("action__lead", "organisation", "answered_by")
    pages = page_of(request, open_requests.order_by("since", "action__ref", "pk"), PAGE_SIZE)
    context = {
        "plan": plan,
        "form": form,
        "chosen": actions.chosen,
        "columns": COLUMNS,
        "lines": list(_lines(rows, actions.base, on)),
        "pages": pages,
        "rows": [(row, row.days_waiting(on), COLUMNS[2].holds(row, on)) for row in pages],
        "on": on,
        "quick": requests.context["quick"],
        "narrowed": requests.context["narrowed"],
        "keep": [(SHOW, shown)] if (shown := request.GET.get(SHOW)) else [],
        "page_marking": marking.highest([plan.marking, *(row.action.marking for row in pages)]),
        "page_handling": plan.handling_instruction,
    }
    return render(request, "actions/waits/waiting.html", context, status=INVALID if form.errors else 200)


def _open_requests(request: HttpRequest, plan: Plan, waits: DependencyQuerySet, on: date) -> GroupedList:
    """Narrow the open requests below the figures to one group; the filters above narrow both."""
    rights = rights_of(request.user, on)
    own = rights.organisations(Role.SPOC, Role.PARTNER_CONTACT)
    groups = [
        RowGroup("unanswered", gettext("Not acknowledged"), Q(state=DependencyState.REQUESTED)),
        RowGroup("late", gettext("Past the needed-by date"), Q(needed_by__lt=on)),
    ]
    if own:
        groups.insert(0, RowGroup("yours", gettext("Yours to answer"), Q(organisation__in=own)))
    others = request.GET.copy()
    for name in (SHOW, "page", "filters"):
        others.pop(name, None)
    requests = grouped_list(
        request.GET,
        rows=waits.open(),
        groups=groups,
        address=reverse("actions:plan-waiting", args=[plan.pk], query=others),
        part="waits",
    )
    if requests.form.errors:
        raise Http404("There is no such group of requests")
    return requests


def _lines(rows: Sequence[Dependency], base: QueryDict, on: date) -> Iterator[Line]:
    """Yield one line for each partner by name, and a total."""
    partners: dict[Organisation, list[Dependency]] = {}
    for row in rows:
        partners.setdefault(row.organisation, []).append(row)
    for partner in sorted(partners, key=lambda partner: partner.name):
        query = base.copy()
        query["waiting_on"] = str(partner.pk)
        yield _line(partner.name, partners[partner], query, on)
    if rows:
        yield _line(gettext("Total"), rows, base, on, is_total=True)


def _line(
    label: str, rows: Iterable[Dependency], query: QueryDict, on: date, *, is_total: bool = False
) -> Line:
    counts = [_count(label, rows, column, query, on) for column in COLUMNS]
    longest = min((row for row in rows if row.is_open), key=lambda row: (row.since, row.pk), default=None)
    days = longest.days_waiting(on) if longest else 0
    return Line(label, counts, longest, days, is_total)


def _count(label: str, rows: Iterable[Dependency], column: Column, query: QueryDict, on: date) -> Count:
    number = len({row.action_id for row in rows if column.holds(row, on)})
    query = query.copy()
    query["waiting"] = column.how
    href = f"{reverse('actions:action-list')}?{query.urlencode()}"
    return Count(number, href, f"{column.label.lower()}: {label}", column.label)
