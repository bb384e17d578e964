"""The rows that a query string selects, for the list and for its export."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext

from actions.core.models import Action
from actions.core.querysets import ActionQuerySet
from actions.lists.filters import ActionFilter, sort_actions
from actions.plans.models import Plan
from audit import clock
from audit.actors import Reader
from web.filters import Chosen, chosen
from web.language import lazy_text

# By default, lists show the actions of live plans.
NEWEST_PLAN_FIRST = "-plan"
WORDS = {
    "plan": "plan",
    "ref": "reference",
    "title": "title",
    "due": lazy_text("due date"),
    "state": "status",
    "rag": lazy_text("declared RAG"),
    "percent": lazy_text("percent done"),
    "updated": lazy_text("last update"),
    "area": "district",
    "lead": lazy_text("lead organisation"),
    "pillar": "pillar",
}


@dataclass(frozen=True)
class Listing:
    """Rows in order, what narrows them and what is wrong with the question; with anything wrong, no rows."""

    rows: ActionQuerySet
    form: Any
    chosen: list[Chosen]
    sort: str
    sort_error: str = ""

    @property
    def errors(self) -> bool:
        return bool(self.form.errors or self.sort_error)

    @property
    def order(self) -> str:
        """The order in words."""
        words = WORDS[self.sort.removeprefix("-")]
        return gettext("{words}, last first").format(words=words) if self.sort.startswith("-") else words


@dataclass(frozen=True)
class PlanActions:
    """A plan's actions, narrowed by the filters of a page of figures.

    Attributes:
        base: the same filters as a query of the action list, to which each figure adds its own.
    """

    plan: Plan
    rows: ActionQuerySet
    form: Any
    chosen: list[Chosen]
    base: QueryDict


def plan_actions(
    request: HttpRequest, pk: int, fixed: Sequence[str], filters: type[ActionFilter] = ActionFilter
) -> PlanActions:
    """Read the query string of a page about a plan.

    Args:
        fixed: filters that the page sets itself.

    Raises:
        Http404: when the user cannot view the plan.
    """
    on = clock.today()
    plan = get_object_or_404(Plan.objects.visible_to(request.user, on), pk=pk)
    visible = Action.objects.visible_to(request.user, on).filter(plan=plan)
    narrowed = filters(request.GET, visible, user=request.user, on=on)
    base = request.GET.copy()
    for name in fixed:
        del narrowed.form.fields[name]
    for name in (*fixed, "page", "sort"):
        base.pop(name, None)
    base["plan"] = str(plan.pk)
    return PlanActions(plan, narrowed.qs, narrowed.form, chosen(narrowed.form, request.GET), base)


def list_actions(user: Reader, query: QueryDict, on: date) -> Listing:
    """Read a query string: the filters, and `sort` (one of actions.lists.filters.SORTS)."""
    narrowed = ActionFilter(query, Action.objects.visible_to(user, on), user=user, on=on)
    form, sort = narrowed.form, query.get("sort") or NEWEST_PLAN_FIRST
    form.is_valid()
    try:
        rows = sort_actions(narrowed.qs, sort)
    except ValidationError as error:
        return Listing(Action.objects.none(), form, chosen(form, query), NEWEST_PLAN_FIRST, error.messages[0])
    return Listing(rows, form, chosen(form, query), sort)
