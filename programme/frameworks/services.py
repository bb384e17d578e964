"""Moderating readings: somebody other than their author checks them."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from audit.actors import Actor, account_of
from partners.changing.services import changing
from programme.frameworks.models import Reading
from programme.frameworks.queries import recorders_of


def moderate_reading(*, actor: Actor, reading: Reading, at: datetime, version: int | None = None) -> Reading:
    """Record that an auditor checked a reading against its evidence. A correction has to be moderated again.

    Raises:
        PermissionDenied: unless the actor is an auditor who neither recorded it nor works for its organisation.
        ValidationError: code `conflict` when it changed meanwhile; code `state` for a reading that was corrected, or
            moderated already.
    """
    with changing(actor=actor, row=reading, at=at, verb="reading.moderated", version=version) as change:
        row = change.row
        change.forbid(row.why_not_moderate(change.rights, recorders_of(reading=row)))
        if not row.is_current:
            raise ValidationError(
                gettext("This reading was corrected. Moderate the newest one."), code="state"
            )
        if row.moderated_on is not None:
            raise ValidationError(gettext("This reading was moderated already."), code="state")
        row.moderated_on, row.moderated_by = change.on, account_of(actor)
    return row
