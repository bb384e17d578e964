"""The rows that a query string selects, for the list and for its export."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict

from actions.core.models import Action
from actions.core.querysets import ActionQuerySet
from actions.lists.filters import ActionFilter, sort_actions
from web.filters import Chosen, chosen

# By default, lists show the actions of live plans.
NEWEST_PLAN_FIRST = "-plan"
WORDS = {
    "plan": "plan",
    "ref": "reference",
    "title": "title",
    "due": "due date",
    "state": "status",
    "rag": "declared RAG",
    "percent": "percent done",
    "updated": "last update",
    "area": "district",
    "lead": "lead organisation",
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
        return f"{words}, last first" if self.sort.startswith("-") else words


def list_actions(user: Any, query: QueryDict, on: date) -> Listing:
    """Read a query string: the filters, and `sort` (one of actions.lists.filters.SORTS)."""
    narrowed = ActionFilter(query, Action.objects.visible_to(user, on), user=user, on=on)
    form, sort = narrowed.form, query.get("sort") or NEWEST_PLAN_FIRST
    form.is_valid()
    try:
        rows = sort_actions(narrowed.qs, sort)
    except ValidationError as error:
        return Listing(Action.objects.none(), form, chosen(form, query), NEWEST_PLAN_FIRST, error.messages[0])
    return Listing(rows, form, chosen(form, query), sort)
