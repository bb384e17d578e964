"""Which actions an auditor sent back."""

from django.db.models import Prefetch

from actions.assurance.models import Assurance
from actions.core.querysets import ActionQuerySet


def with_returned(actions: ActionQuerySet) -> ActionQuerySet:
    """Give each row `returned`: the judgement that sent it back, one or none, until it is submitted again."""
    judgements = Assurance.objects.unanswered().select_related("given_by")
    return actions.prefetch_related(Prefetch("assurances", queryset=judgements, to_attr="returned"))
