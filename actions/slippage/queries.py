"""How far the due dates of actions have moved, read for those who see them. Nothing here writes."""

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
    """Add up the moves of due dates, once for each district, lead organisation, pillar and source together.

    Actions without a due date of their own are left out: an action that districts deliver is counted by its parts.
    Each row holds the groups of BY and `actions`, `moved` (actions whose date moved), `moves`, `days` (by which dates
    stand later than first set; those that stand earlier do not make up for them) and `again` (moved more than once).
    The number of queries is one.
    """
    counted = (
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
        for row in counted
    ]


def slipped_first(*, rows: ActionQuerySet) -> ActionQuerySet:
    """Return the actions whose due date moved, those that stand latest against the original one first."""
    return rows.moved("yes").alias(slip=SLIP).order_by("-slip", "ref", "pk")


def last_moves(*, actions: Iterable[Action]) -> dict[int, DateChange]:
    """Return by action the change that its due date moved by last. The reader must be one who sees the actions."""
    approved = DateChange.objects.filter(action__in=actions, state=RequestState.APPROVED)
    return {row.action_id: row for row in approved.order_by("decided_at", "pk")}
