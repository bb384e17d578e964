"""Evidence that is added in a return: of its period, kept at once, whatever becomes of the rest of the page."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from actions.evidence.services import add_evidence
from actions.models import Action, Evidence
from audit.clock import london_date
from audit.services import writing
from returns.models import Return
from web.uploads import sha256

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile


def add_return_evidence(
    *,
    actor: Any,
    report: Return,
    action: Action,
    title: str,
    at: datetime,
    file: "UploadedFile[Any] | None" = None,
    url: str = "",
) -> Evidence:
    """Attach a file or a link to an action as evidence of a return's period.

    It is the action's like any other and does not wait for the return. The same file or link sent again, by a page that
    was sent twice, is the one that is there.

    Raises:
        PermissionDenied, ValidationError: as `add_evidence`.
    """
    with writing(report.plan.partnership.ledger_id):
        same = Q(url=url) if file is None else Q(sha256=sha256(file))
        there = _of_period(report, [action]).filter(same, title=title.strip(), added_by=actor).first()
        return there or add_evidence(
            actor=actor,
            action=action,
            title=title,
            at=at,
            file=file,
            url=url,
            effective_on=min(london_date(at), report.period_end),
        )


def return_evidence(
    *, actor: Any, report: Return, actions: Iterable[Action], on: date
) -> dict[int, list[Evidence]]:
    """Return what the reader sees of the evidence that speaks of a return's period, by the action's id, in one query."""
    found: dict[int, list[Evidence]] = defaultdict(list)
    rows = _of_period(report, actions).filter(pk__in=Evidence.objects.visible_to(actor, on).values("pk"))
    for row in rows.select_related("added_by"):
        found[row.action_id].append(row)
    return dict(found)


def _of_period(report: Return, actions: Iterable[Action]) -> Any:
    span = (report.period_start, report.period_end)
    return Evidence.objects.newest().filter(
        action__in=[action.pk for action in actions], effective_on__range=span
    )
