"""How far the due dates of actions have slipped."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, DurationField, ExpressionWrapper, F, Sum

from actions.core.models import Action
from actions.core.querysets import MOVED, ActionQuerySet
from actions.core.states import RequestState
from actions.dates.models import DateChange

BY = (
    "area",
    "area__name",
    "area__order",
    "lead",
    "lead__name",
    "pillar",
    "pillar__name",
    "pillar__order",
    "source",
)
SLIP = ExpressionWrapper(F("due") - F("original_due"), output_field=DurationField())


def slippage_of(*, rows: ActionQuerySet) -> list[dict[str, Any]]:
    """Add up due date changes by district, lead organisation, pillar and source together, in one query.

    Actions without a due date of their own are left out: a joint action is counted through its district actions.
    Each row has the groups of BY and `actions`, `moved` (actions whose date changed), `moves` (changes), `days`
    (slipped; earlier dates do not offset later ones) and `again` (actions whose date changed more than once).
    """
    tallies = (
        rows.dated()
        .order_by()
        .values(*BY)
        .annotate(
            actions=Count("pk"),
            moved=Count("pk", filter=MOVED["yes"]),
            moved_times=Sum("moves"),
            slip=Sum(SLIP, filter=MOVED["later"]),
            again=Count("pk", filter=MOVED["again"]),
        )
    )
    return [
        {**row, "moves": row["moved_times"], "days": row["slip"].days if row["slip"] else 0}
        for row in tallies
    ]


def slipped_first(*, rows: ActionQuerySet) -> ActionQuerySet:
    """Return the actions whose due date changed, the most slipped first."""
    return rows.moved("yes").alias(slip=SLIP).order_by("-slip", "ref", "pk")


def latest_changes(*, actions: Iterable[Action]) -> dict[int, DateChange]:
    """Return the latest approved due date change of each action, by action id, for a reader who may see the actions."""
    approved = DateChange.objects.filter(action__in=actions, state=RequestState.APPROVED)
    return {row.action_id: row for row in approved.order_by("decided_at", "pk")}
