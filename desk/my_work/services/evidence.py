"""Evidence that is about to expire or has expired, for the people who lead its action."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from actions.core.states import UNDER_WAY
from actions.evidence.models import EXPIRING
from actions.models import Action, Evidence, Plan
from audit.actors import Actor
from desk.my_work.services.candidates import may_lead
from desk.tasks.subjects import of_action
from desk.tasks.task import DUE_SOON, OVERDUE, Task
from partners.policies import Rights
from web.language import day_text

if TYPE_CHECKING:
    from django.db.models import QuerySet


def candidates(*, rights: Rights, on: date) -> "QuerySet[Any]":
    expiring = Evidence.objects.newest().filter(expires_on__lte=on + EXPIRING)
    return expiring.filter(may_lead(rights), action__state__in=UNDER_WAY)


def tasks(*, actor: Actor, rights: Rights, on: date) -> Iterator[Task]:
    """Yield for each action the evidence that expires first, from 28 days ahead until it is replaced."""
    if not rights.grants:
        return
    led = (
        Action.objects.visible_to(actor, on)
        .led_by(actor, on)
        .filter(state__in=UNDER_WAY, by_districts=False, plan__state=Plan.State.LIVE)
    )
    expiring = Evidence.objects.newest().filter(action__in=led, expires_on__lte=on + EXPIRING)
    listed: set[int] = set()
    for evidence in expiring.select_related("action__plan", "action__pillar").order_by("expires_on", "pk"):
        if evidence.action_id not in listed:
            listed.add(evidence.action_id)
            yield _replace(evidence, on)


def _replace(evidence: Evidence, on: date) -> Task:
    expires_on = evidence.expires_on
    assert expires_on is not None  # the filter asks for a date
    is_expired = expires_on < on
    return Task(
        of_action(evidence.action),
        gettext("Replace the evidence for"),
        (
            gettext("“{title}” expired on {day}") if is_expired else gettext("“{title}” expires on {day}")
        ).format(title=evidence.title, day=day_text(expires_on)),
        "actions:evidence-replace",
        OVERDUE if is_expired else DUE_SOON,
        expires_on,
        ("evidence", evidence.pk),
        dated=gettext("Evidence expires"),
    )
