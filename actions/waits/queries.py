"""Which actions wait on a partner."""

from datetime import date

from django.db.models import Exists, OuterRef, Prefetch

from actions.core.querysets import ActionQuerySet
from actions.waits.models import Dependency


def waiting(
    actions: ActionQuerySet, how: str, on: date, *, organisation: int | None = None
) -> ActionQuerySet:
    """Keep the actions that wait on a partner: `yes`, `no`, or a status that `DependencyQuerySet.with_status` knows.

    Args:
        organisation: the partner that they wait on; any where there is none.
    """
    dependencies = Dependency.objects.filter(action=OuterRef("pk"))
    if organisation is not None:
        dependencies = dependencies.filter(organisation=organisation)
    waits = Exists(dependencies.with_status("yes" if how == "no" else how, on))
    return actions.filter(~waits if how == "no" else waits)


def with_waits(actions: ActionQuerySet) -> ActionQuerySet:
    """Give each row `waits`: its open waits on partners, the longest first."""
    still_open = Dependency.objects.open().select_related("organisation")
    return actions.prefetch_related(Prefetch("dependencies", queryset=still_open, to_attr="waits"))
