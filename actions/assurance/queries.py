"""Actions that an auditor returned or reopened."""

from django.db.models import Prefetch

from actions.assurance.models import Assurance
from actions.core.querysets import ActionQuerySet


def with_returned(actions: ActionQuerySet) -> ActionQuerySet:
    """Prefetch `returned` on each row: the decision that returned it, one or none, until it is submitted again."""
    decisions = Assurance.objects.unanswered().select_related("assessed_by")
    return actions.prefetch_related(Prefetch("assurances", queryset=decisions, to_attr="returned"))
