"""Requests of the person for a new due date that were rejected."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext

from actions.core.states import REPORTABLE, RequestState
from actions.models import DateChange, ProgressUpdate
from audit.actors import Actor
from desk.my_work.services.dates import short_reason
from desk.my_work.services.led import led_actions
from desk.tasks.subjects import of_action
from desk.tasks.task import NOTE, Task
from partners.policies import Rights
from web.language import day_text

if TYPE_CHECKING:
    from django.db.models import QuerySet


def candidates(*, rights: Rights, on: date) -> "QuerySet[Any]":
    return _rejected(rights).filter(action__state__in=REPORTABLE)


def tasks(*, actor: Actor, rights: Rights, on: date) -> Iterator[Task]:
    """Yield the actor's rejected requests, until the action has an update or a newer request."""
    same_action = {"action": OuterRef("action")}
    reported = ProgressUpdate.objects.filter(submitted_at__gt=OuterRef("decided_at"), **same_action)
    newer = DateChange.objects.filter(pk__gt=OuterRef("pk"), **same_action)
    requests = (
        _rejected(rights)
        .filter(~Exists(reported), ~Exists(newer), action__in=led_actions(actor=actor, on=on))
        .select_related("action__plan", "action__pillar")
        .order_by("decided_at", "pk")
    )
    for row in requests:
        reason = gettext("{new_due} was rejected: {decision_reason}").format(
            new_due=day_text(row.new_due), decision_reason=short_reason(row.decision_reason)
        )
        yield Task(
            of_action(row.action),
            gettext("Replan for the due date of"),
            reason,
            "actions:action-date-change",
            NOTE,
            row.action.due,
        )


def _rejected(rights: Rights) -> "QuerySet[DateChange]":
    mine = Q(taken_over_by=rights.user_id) | Q(taken_over_by=None, requested_by=rights.user_id)
    return DateChange.objects.filter(mine, state=RequestState.REJECTED)
