"""Lists of what belongs to the actions of a whole plan, such as their evidence: one page for each kind of row."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from actions.plans.models import Plan
from audit import clock
from standards import marking
from web.filters import keep_matching
from web.paging import page_of
from web.quick import RowGroup, SearchForm, grouped_list

PAGE_SIZE = 25


@dataclass(frozen=True)
class PlanList:
    """A list of one kind of row over a plan.

    Attributes:
        route: of the page.
        template: extends actions/lists/of_plan.html, which lists what it reads.
        heading: names the rows.
        noun: names them in a sentence.
        empty: what will appear here.
        searched: the fields that a search looks in.
        ordering: the order of the rows.
        default: the group that the list shows at first; empty for every row.
    """

    route: str
    template: str
    heading: str
    noun: str
    empty: str
    searched: Sequence[str]
    ordering: Sequence[Any]
    default: str = ""

    def page(
        self,
        request: HttpRequest,
        plan: Plan,
        *,
        rows: QuerySet[Any],
        groups: Sequence[RowGroup],
        lines: Callable[[Sequence[Any]], Sequence[Any]],
        marking_of: Callable[[Any], str],
    ) -> HttpResponse:
        """Answer with the page.

        Args:
            rows: those of the plan that the user can see.
            lines: returns what the template reads of each row.
            marking_of: returns the marking of a row.
        """
        listing = grouped_list(
            request.GET,
            rows=rows,
            groups=groups,
            address=reverse(self.route, args=[plan.pk]),
            default=self.default,
            form_type=SearchForm,
        )
        matching = listing.rows
        if not listing.form.errors:
            matching = keep_matching(matching, listing.search, self.searched)
        pages = page_of(request, matching.order_by(*self.ordering, "pk"), PAGE_SIZE)
        context = {
            **listing.context,
            "list": self,
            "plan": plan,
            "pages": pages,
            "lines": lines(list(pages)),
            "page_marking": marking.highest([plan.marking, *map(marking_of, pages)]),
            "page_handling": plan.handling_instruction,
        }
        return render(request, self.template, context, status=listing.status)


def plan_of(request: HttpRequest, pk: int) -> Plan:
    """Return a plan that the user can see, or answer 404."""
    return get_object_or_404(Plan.objects.visible_to(request.user, clock.today()), pk=pk)
