"""Which actions an update was requested for."""

from django.db.models import Exists, OuterRef

from actions.core.querysets import ActionQuerySet
from actions.update_requests.models import UpdateRequest


def awaiting_update(actions: ActionQuerySet) -> ActionQuerySet:
    """Keep the actions for which an update was requested and has not come."""
    return actions.filter(Exists(UpdateRequest.objects.open().filter(action=OuterRef("pk"))))
