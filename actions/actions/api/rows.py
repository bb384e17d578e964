"""Actions as the API writes them, straight from their columns: a list asks the database three times, however long it is.

`actions.api.actions.ActionSerializer` describes the same fields for people and programs; a test compares the two.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from rest_framework.request import Request

from actions.core import rating as dates
from actions.core.models import Action
from actions.core.rating import CADENCE_DAYS
from actions.waits.models import Dependency
from partners.models import Organisation
from web import lookups  # noqa: F401  any_of
from web.references import address_of

COLUMNS = (
    *(
        "pk",
        "ref",
        "title",
        "description",
        "success_measure",
        "source",
        "plan",
        "plan__title",
        "plan__cadence",
    ),
    *(
        "pillar",
        "pillar__name",
        "area",
        "area__name",
        "by_districts",
        "parent",
        "lead",
        "lead__name",
        "owner",
    ),
    *(
        "owner__name",
        "alternate",
        "alternate__name",
        "mou_area",
        "mou_area__name",
        "tier",
        "priority",
        "state",
    ),
    *(
        "rag",
        "percent",
        "starts_on",
        "allocated_on",
        "original_due",
        "due",
        "moves",
        "waiting_since",
        "closed_on",
    ),
    *("last_reported_on", "marking", "handling_instruction", "publication", "exemption", "retest_on"),
    *("board_reference", "version"),
)
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
    """Return the action's own columns and those of the rows it refers to."""
    computed = dates.computed_rag(row, cadence_days=CADENCE_DAYS[row.plan__cadence], on=on)
    return {
        "id": row.pk,
        "ref": row.ref,
        "title": row.title,
        "description": row.description,
        "success_measure": row.success_measure,
        "source": row.source,
        "plan": {"id": row.plan, "title": row.plan__title},
        "pillar": {"id": row.pillar, "name": row.pillar__name},
        "area": _named(row.area, row.area__name),
        "by_districts": row.by_districts,
        "parent": None,
        "lead": _named(row.lead, row.lead__name),
        "supporting": [],
        "owner": _named(row.owner, row.owner__name),
        "alternate": _named(row.alternate, row.alternate__name),
        "mou_area": _named(row.mou_area, row.mou_area__name),
        "tier": row.tier or None,
        "priority": row.priority,
        "state": row.state,
        "rag": row.rag or None,
        "computed_rag": {"rag": computed.rag.value, "rule": computed.rule} if computed else None,
        "overdue": dates.is_overdue(row, on),
        "percent": row.percent,
        "starts_on": row.starts_on,
        "allocated_on": row.allocated_on,
        "original_due": row.original_due,
        "due": row.due,
        "moves": row.moves,
        "days_slipped": dates.days_slipped(row),
        "waiting_since": row.waiting_since,
        "waiting_on": [],
        "closed_on": row.closed_on,
        "last_reported_on": row.last_reported_on,
        "marking": row.marking,
        "handling_instruction": row.handling_instruction,
        "publication": row.publication,
        "exemption": row.exemption or None,
        "retest_on": row.retest_on,
        "board_reference": row.board_reference,
        "version": row.version,
    }


def _named(pk: int | None, name: str | None) -> Written | None:
    return None if pk is None else {"id": pk, "name": name}


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
