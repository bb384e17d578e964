"""Declared against computed RAG over many actions at once. Nothing here writes."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Count, F, QuerySet

from actions.core.models import Action
from actions.core.querysets import ActionQuerySet


def compare(*, rows: ActionQuerySet, on: date) -> Mapping[tuple[str, str], int]:
    """Count the actions that have a computed rating, by (declared, computed), in one query; undeclared is empty."""
    rated: Any = rows.with_computed_rag(on)
    counted = rated.exclude(computed="").order_by().values("rag", "computed").annotate(number=Count("pk"))
    return {(row["rag"], row["computed"]): row["number"] for row in counted}


def widest_gap_first(*, rows: ActionQuerySet, on: date) -> QuerySet[Action]:
    """Return the actions that declare another rating than the dates give: better ones first, longest silence first."""
    differing: Any = rows.mismatched(on)
    ordered: QuerySet[Action] = differing.order_by("-steps", F("heard_on").asc(nulls_first=True), "ref", "pk")
    return ordered
