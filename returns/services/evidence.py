"""Evidence added in a return: for its period, and saved at once, even if other answers are refused."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from actions.evidence.services import add_evidence
from actions.models import Action, Evidence
from audit.actors import Actor
from audit.clock import london_date
from audit.services import writing
from returns.models import Return
from web.uploads import sha256

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile


def add_return_evidence(
    *,
    actor: Actor,
    report: Return,
    action: Action,
    title: str,
    at: datetime,
    file: "UploadedFile[Any] | None" = None,
    url: str = "",
) -> Evidence:
    """Add a file or a link to an action as evidence for a return's period.

    It belongs to the action at once, before the return is submitted. A file or link that is sent twice is added once.

    Raises:
        PermissionDenied, ValidationError: as `add_evidence`.
    """
    with writing(report.plan.partnership.ledger_id):
        same_content = Q(url=url) if file is None else Q(sha256=sha256(file))
        duplicates = _of_period(report, [action]).filter(same_content, title=title.strip(), added_by=actor)
        return duplicates.first() or add_evidence(
            actor=actor,
            action=action,
            title=title,
            at=at,
            file=file,
            url=url,
            effective_on=min(london_date(at), report.period_end),
        )


def return_evidence(
    *, actor: Actor, report: Return, actions: Iterable[Action], on: date
) -> dict[int, list[Evidence]]:
    """Return the evidence for a return's period that the actor can see, by the action's id, in one query."""
    evidence: dict[int, list[Evidence]] = defaultdict(list)
    rows = _of_period(report, actions).filter(pk__in=Evidence.objects.visible_to(actor, on).values("pk"))
    for row in rows.select_related("added_by"):
        evidence[row.action_id].append(row)
    return dict(evidence)


def _of_period(report: Return, actions: Iterable[Action]) -> Any:
    period = (report.period_start, report.period_end)
    return Evidence.objects.newest().filter(
        action__in=[action.pk for action in actions], effective_on__range=period
    )
