from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from audit.actors import Actor, account_of
from inspections.core import policies
from inspections.findings.models.recommendations import Recommendation, RegisterStatus
from partners.changing.services import changing


def record_register_status(
    *,
    actor: Actor,
    recommendation: Recommendation,
    state: str,
    as_at: date,
    at: datetime,
    comment: str = "",
    version: int | None = None,
) -> RegisterStatus:
    """Record the register status on a day. The force status does not change.

    Args:
        state: one of RegisterState.
        as_at: the day on which the register said so.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans or audits them.
        ValidationError: keyed by field: a day in the future, an unknown state; code `conflict`.
    """
    verb = "recommendation.register_recorded"
    with changing(actor=actor, row=recommendation, at=at, verb=verb, version=version) as change:
        row = change.row
        change.forbid(policies.why_not_record_register(change.rights, row))
        if as_at > change.on:
            raise ValidationError({"as_at": gettext("Enter a date that is today or in the past.")})
        status = RegisterStatus(
            recommendation=row,
            on=as_at,
            state=state,
            comment=comment.strip(),
            recorded_by=account_of(actor),
            recorded_at=at,
        )
        change.add("register.recorded", status)
    return status
