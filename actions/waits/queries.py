"""Actions that are waiting on a partner."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch

from actions.core.querysets import ActionQuerySet
from actions.waits.models import Dependency


def waiting(
    actions: ActionQuerySet, how: str, on: date, *, organisation: int | None = None
) -> ActionQuerySet:
    """Return the actions that are waiting on a partner: `yes`, `no`, or a status of `DependencyQuerySet.with_status`.

    Args:
        organisation: the partner; any when left out.
    """
    dependencies = Dependency.objects.filter(action=OuterRef("pk"))
    if organisation is not None:
        dependencies = dependencies.filter(organisation=organisation)
    waits = Exists(dependencies.with_status("yes" if how == "no" else how, on))
    return actions.filter(~waits if how == "no" else waits)


def with_waits(actions: ActionQuerySet) -> ActionQuerySet:
    """Prefetch `waits` on each row: its open requests to partners, the longest wait first."""
    return actions.prefetch_related(open_waits())


def open_waits() -> "Prefetch[Any]":
    """Return the prefetch of `with_waits`. Actions without `waiting_since` have none."""
    open_requests = Dependency.objects.open().select_related("organisation")
    return Prefetch("dependencies", queryset=open_requests, to_attr="waits")
