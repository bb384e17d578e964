"""RAG mismatches: declared against computed RAG of many actions."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Count, F, QuerySet

from actions.core.models import Action
from actions.core.querysets import ActionQuerySet


def compare(*, rows: ActionQuerySet, on: date) -> Mapping[tuple[str, str], int]:
    """Count the actions with a computed RAG by (declared, computed), in one query; not rated is empty."""
    rated: Any = rows.with_computed_rag(on)
    counts = rated.exclude(computed="").order_by().values("rag", "computed").annotate(number=Count("pk"))
    return {(row["rag"], row["computed"]): row["number"] for row in counts}


def widest_gap_first(*, rows: ActionQuerySet, on: date) -> QuerySet[Action]:
    """Return the actions with a RAG mismatch: declared better first, then longest without an update."""
    mismatched: Any = rows.mismatched(on)
    ordered: QuerySet[Action] = mismatched.order_by(
        "-steps", F("reported_on").asc(nulls_first=True), "ref", "pk"
    )
    return ordered
