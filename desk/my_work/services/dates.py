"""Due date changes to approve or reject."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.text import Truncator
from django.utils.translation import gettext

from actions.dates import policies
from actions.models import DateChange
from audit.actors import Actor
from desk.tasks.subjects import of_action
from desk.tasks.task import DECIDE, Task
from partners.policies import Rights, Role
from web.language import day_text

if TYPE_CHECKING:
    from django.db.models import QuerySet

LONGEST_REASON = 120


def candidates(*, rights: Rights, on: date) -> "QuerySet[Any]":
    deciding = rights.partnerships(Role.PROGRAMME_MANAGER, Role.BOARD_MEMBER)
    return DateChange.objects.open().filter(action__partnership__in=deciding)


def tasks(*, actor: Actor, rights: Rights, on: date) -> Iterator[Task]:
    """Yield the requests the actor's role decides, except their own and those for their own actions."""
    if not rights.partnerships(Role.PROGRAMME_MANAGER, Role.BOARD_MEMBER):
        return
    requests = DateChange.objects.visible_to(actor, on).open().order_by("requested_at", "pk")
    for row in requests.select_related("requested_by", "action__plan", "action__pillar"):
        if not policies.why_not_decide_date(rights, row):
            dates = gettext("{new_due} instead of {old_due}").format(
                new_due=day_text(row.new_due), old_due=day_text(row.old_due)
            )
            reason = gettext("{requested_by} requests {dates}: {reason}").format(
                requested_by=row.requested_by, dates=dates, reason=short_reason(row.reason)
            )
            yield Task(
                of_action(row.action),
                gettext("Approve or reject a new due date for"),
                reason,
                "actions:date-change-decide",
                DECIDE,
                row.old_due,
                ("date-request", row.pk),
            )


def short_reason(reason: str) -> str:
    # The page adds the full stop.
    return Truncator(" ".join(reason.split()).rstrip(".")).chars(LONGEST_REASON)
