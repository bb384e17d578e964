"""What evidence says of actions."""

from datetime import date

from django.db.models import Exists, OuterRef

from actions.core.querysets import ActionQuerySet
from actions.evidence.models import Evidence


def evidenced(actions: ActionQuerySet, how: str, on: date) -> ActionQuerySet:
    """Keep the actions with evidence that is `expiring` or `expired` (newest versions count), or with `none`.

    What districts deliver is shown by evidence of their parts.
    """
    evidence = Evidence.objects.filter(action=OuterRef("pk"))
    if how == "none":
        return actions.filter(~Exists(evidence), by_districts=False)
    return actions.filter(Exists(evidence.expired(on) if how == "expired" else evidence.expiring(on)))
