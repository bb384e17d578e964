"""The record of who read what is OFFICIAL-SENSITIVE: only ever added to, and outside the ledger's lock."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings

from audit.actors import Actor
from audit.models import LABEL_LENGTH, Read
from audit.policies import forbid, why_not_system
from audit.request_id import request_id

ROWS_AT_ONCE = 500


def record_reads(*, actor: Actor, rows: Mapping[tuple[str, int], str], route: str, at: datetime) -> None:
    """Record that somebody read these rows; on one page once in an hour, with the first moment.

    Args:
        rows: the label of each row by its type and number.
        route: the name of the page or endpoint.
    """
    hour = at.replace(minute=0, second=0, microsecond=0)
    reads = [
        Read(
            at=at,
            hour=hour,
            actor_id=actor.pk,
            actor_label=actor.actor_label[:LABEL_LENGTH],
            target_type=target_type,
            target_id=target_id,
            target_label=label[:LABEL_LENGTH],
            route=route,
            request_id=request_id.get(),
        )
        for (target_type, target_id), label in rows.items()
    ]
    Read.objects.bulk_create(reads, batch_size=ROWS_AT_ONCE, ignore_conflicts=True)


def delete_old_reads(*, actor: Actor, at: datetime) -> int:
    """Delete what was read more than `READS_KEEP_DAYS` ago, and return the number of lines.

    Raises:
        PermissionDenied: unless the actor is the system.
    """
    forbid(why_not_system(actor))
    return Read.objects.filter(at__lt=at - timedelta(days=settings.READS_KEEP_DAYS)).delete()[0]
