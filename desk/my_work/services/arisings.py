"""Actions arising from minutes, for the people who own them."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from audit.actors import Actor
from desk.tasks.subjects import of_arising
from desk.tasks.task import OVERDUE, REPORT, Task
from meetings.models import Arising
from partners.policies import Rights

if TYPE_CHECKING:
    from django.db.models import QuerySet


def candidates(*, rights: Rights, on: date) -> "QuerySet[Any]":
    return Arising.objects.filter(owner=rights.user_id, state=Arising.State.OPEN)


def tasks(*, actor: Actor, rights: Rights, on: date) -> Iterator[Task]:
    """Yield the open actions arising that the actor owns; one proposed to close waits for a meeting."""
    if not rights.partnerships():
        return
    rows = Arising.objects.visible_to(actor, on).filter(owner=rights.user_id, state=Arising.State.OPEN)
    for row in rows.select_related("board", "minute__item__meeting__board"):
        reason = gettext("From {citation}").format(citation=row.minute.citation)
        urgency = OVERDUE if row.is_overdue(on) else REPORT
        yield Task(
            of_arising(row),
            gettext("Report on"),
            reason,
            "meetings:arising-report",
            urgency,
            row.due,
            dated=gettext("Action arising due"),
        )
