"""Changes to people's access that wait for a second administrator."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from audit.actors import Actor
from desk.tasks.subjects import of_change
from desk.tasks.task import DECIDE, Task
from partners import policies
from partners.models import ChangeRequest
from partners.policies import Rights

if TYPE_CHECKING:
    from django.db.models import QuerySet


def candidates(*, rights: Rights, on: date) -> "QuerySet[Any]":
    return ChangeRequest.objects.waiting(on)


def tasks(*, actor: Actor, rights: Rights, on: date) -> Iterator[Task]:
    """Yield the requests that the actor may decide, as an administrator whom they do not concern."""
    if policies.why_not_administer(actor):
        return
    changes = ChangeRequest.objects.visible_to(actor, on).waiting(on)
    for change in (
        changes.exclude(requested_by=rights.user_id)
        .exclude(user=rights.user_id)
        .select_related("user", "requested_by", "partnership")
    ):
        reason = gettext("{requested_by} requests it").format(requested_by=change.requested_by)
        yield Task(
            of_change(change),
            gettext("Approve or reject"),
            reason,
            "partners:approval",
            DECIDE,
            change.lapses_on,
            separator=": ",
            dated=gettext("Lapses after"),
        )
