from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from audit.actors import Actor, account_of
from inspections.core import policies
from inspections.core.states import State
from inspections.core.table import FINDING
from inspections.findings.models.recommendations import OwnStatus, Recommendation
from inspections.findings.services.links import put_under_concern
from partners.changing.services import Addition, adding, changing
from standards.deadlines import read_deadline
from web.resources import names

IMPORTED, REIMPORTED = "recommendation.imported", "recommendation.reimported"
# The deadline follows from its phrase; state, register and links have services of their own.
FIELDS = frozenset(names(FINDING, "edited"))


def save_recommendation(
    *,
    actor: Actor,
    recommendation: Recommendation,
    at: datetime,
    version: int | None = None,
    imported_from: str = "",
    **fields: Any,
) -> Recommendation:
    """Add a finding, if it has no id, or change its details.

    The deadline is read from its phrase; if the phrase names no day, there is no deadline. Under a cause of
    concern, the actions that answer the finding come under it too.

    Args:
        imported_from: the file and the place in it, for the record; empty if a person typed it here.
        fields: any of FIELDS.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: keyed by field: a number used before, a cause of concern or lead from elsewhere, a grade that
            the source does not give, another kind for a cause of concern that others stand under; code `conflict`
            when it changed meanwhile.
    """
    unknown = fields.keys() - FIELDS
    if unknown:
        raise TypeError(f"save_recommendation cannot set {', '.join(sorted(unknown))}")
    if recommendation._state.adding:
        partnership = recommendation.inspection.partnership
        with adding(actor=actor, ledger_id=partnership.ledger_id, at=at) as addition:
            _set(addition, recommendation, fields)
            verb = IMPORTED if imported_from else "recommendation.added"
            addition.add(verb, recommendation, note=imported_from)
            first = OwnStatus(
                recommendation=recommendation, state=State.REGISTERED, set_by=account_of(actor), set_at=at
            )
            addition.add("own_status.recorded", first)
        return recommendation
    verb = REIMPORTED if imported_from else "recommendation.changed"
    with changing(
        actor=actor, row=recommendation, at=at, verb=verb, version=version, note=imported_from
    ) as change:
        _set(change, change.row, fields)
        _require_kind(change.row)
        put_under_concern(actor=actor, recommendation=change.row, at=at)
    return change.row


def _set(addition: Addition, row: Recommendation, fields: dict[str, Any]) -> None:
    addition.forbid(policies.why_not_manage(addition.rights, row.inspection.partnership_id))
    for name, value in fields.items():
        setattr(row, name, value)
    row.number = row.number.strip()
    row.deadline_phrase = " ".join(row.deadline_phrase.split())
    row.due = read_deadline(row.deadline_phrase)


def _require_kind(row: Recommendation) -> None:
    under = Recommendation.objects.filter(cause=row)
    if row.kind != Recommendation.Kind.CAUSE_OF_CONCERN and under.exists():
        raise ValidationError(
            {"kind": gettext("Move the recommendations under this cause of concern first.")}
        )
