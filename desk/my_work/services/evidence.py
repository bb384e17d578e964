"""Evidence that runs out, for those who answer for its action."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from actions.core.states import UNDER_WAY
from actions.evidence.models import EXPIRING
from actions.models import Action, Evidence, Plan
from desk.tasks.tasks import DUE_SOON, OVERDUE, Task
from partners.policies import Rights


def tasks(*, actor: Any, rights: Rights, on: date) -> Iterator[Task]:
    """Of each action, the evidence that expires first, from 28 days ahead until it is replaced."""
    if not rights.grants:
        return
    led = (
        Action.objects.visible_to(actor, on)
        .led_by(actor, on)
        .filter(state__in=UNDER_WAY, by_districts=False, plan__state=Plan.State.LIVE)
    )
    ending = Evidence.objects.newest().filter(action__in=led, expires_on__lte=on + EXPIRING)
    told: set[int] = set()
    for evidence in ending.select_related("action__plan", "action__pillar").order_by("expires_on", "pk"):
        if evidence.action_id not in told:
            told.add(evidence.action_id)
            yield _renew(evidence, on)


def _renew(evidence: Evidence, on: date) -> Task:
    last = evidence.expires_on
    assert last is not None  # only what ends was asked for
    expired = last < on
    reason = f"“{evidence.title}” {'expired' if expired else 'expires'} on {last:%-d %B %Y}"
    return Task(
        evidence.action,
        "Renew the evidence of",
        reason,
        "actions:evidence-replace",
        OVERDUE if expired else DUE_SOON,
        last,
        (evidence.pk,),
    )
