"""Actions as the API writes them, straight from their columns: a list asks the database three times, however long it is.

`actions.actions.api.actions.ActionSerializer` describes the same fields for people and programs; both read the table.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import Any

from rest_framework.request import Request

from actions.core import rating as dates
from actions.core.models import Action
from actions.core.rating import CADENCE_DAYS
from actions.core.table import ACTION
from actions.waits.models import Dependency
from audit.reading import note_row
from partners.models import Organisation
from web import lookups  # noqa: F401  any_of
from web.references import address_of
from web.resources import names

API = names(ACTION, "api")
# Rows that an action names, and the column that names each.
NAMED = {
    "plan": "title",
    **dict.fromkeys(("pillar", "area", "lead", "owner", "alternate", "mou_area"), "name"),
}
# Choices that are null in the API when nothing is chosen.
CHOSEN = frozenset({"tier", "rag", "board_rag", "exemption"})
STORED = tuple(name for name in API if name in {field.name for field in Action._meta.concrete_fields})
COLUMNS = ("pk", "plan__cadence", *STORED, *(f"{name}__{column}" for name, column in NAMED.items()))
LINKS = {
    "self": "action",
    "updates": "update-list",
    "evidence": "evidence-list",
    "date_requests": "action-date-request-list",
    "dependencies": "action-dependency-list",
    "milestones": "milestone-list",
}
Written = dict[str, Any]


def written(rows: Iterable[Any], *, request: Request, on: date) -> list[Written]:
    """Return what the API says of each action.

    Args:
        rows: named tuples of COLUMNS, of actions the caller may see.
        on: the day that decides rights and what is overdue.
    """
    rows_read = list(rows)
    for row in rows_read:
        note_row(Action, row.pk, row.marking, partial("{} {}".format, row.ref, row.title))
    supporting = _supporting([row.pk for row in rows_read])
    # `waiting_since` is on the action: read the partners only for actions that wait.
    waits = _waits([row.pk for row in rows_read if row.waiting_since is not None])
    parents = _parents({row.parent for row in rows_read if row.parent is not None}, request, on)
    links = {link: address_of(request, route) for link, route in LINKS.items()}
    plan_link = address_of(request, "plan")
    return [
        _facts(row, on)
        | {
            "parent": parents.get(row.parent),
            "supporting": supporting[row.pk],
            "waiting_on": waits.get(row.pk, []),
            "links": {link: of(row.pk) for link, of in links.items()} | {"plan": plan_link(row.plan)},
        }
        for row in rows_read
    ]


def _facts(row: Any, on: date) -> Written:
    """Return an action's own columns and the names of the rows they refer to, with gaps for what takes a query."""
    facts: Written = {"id": row.pk} | dict.fromkeys(API)
    for name in STORED:
        value = getattr(row, name)
        facts[name] = (value or None) if name in CHOSEN else value
    for name, column in NAMED.items():
        if (pk := facts[name]) is not None:
            facts[name] = {"id": pk, column: getattr(row, f"{name}__{column}")}
    computed = dates.computed_rag(row, cadence_days=CADENCE_DAYS[row.plan__cadence], on=on)
    facts["computed_rag"] = {"rag": computed.rag.value, "rule": computed.rule} if computed else None
    facts["overdue"] = dates.is_overdue(row, on)
    facts["days_slipped"] = dates.days_slipped(row)
    return facts


def _supporting(ids: list[int]) -> dict[int, list[Written]]:
    """Return the supporting organisations of each action, by name."""
    rows = Organisation.objects.filter(supported_actions__pk__any_of=ids).order_by("name")
    return _by_action(rows.values_list("supported_actions", "pk", "name"))


def _waits(ids: list[int]) -> dict[int, list[Written]]:
    """Return the partners that have not delivered yet, the longest wait first."""
    if not ids:
        return {}
    rows = Dependency.objects.open().filter(action__pk__any_of=ids)
    return _by_action(rows.values_list("action", "organisation", "organisation__name"))


def _by_action(rows: Iterable[tuple[int, int, str]]) -> dict[int, list[Written]]:
    by_action: dict[int, list[Written]] = defaultdict(list)
    for action, pk, name in rows:
        by_action[action].append({"id": pk, "name": name})
    return by_action


def _parents(ids: set[int], request: Request, on: date) -> dict[int | None, Written]:
    """Return the parents among these that the caller may see: for them the others do not exist."""
    if not ids:
        return {}
    visible = Action.objects.visible_to(request.user, on).filter(pk__in=ids)
    return {pk: {"id": pk, "ref": ref} for pk, ref in visible.values_list("pk", "ref")}
