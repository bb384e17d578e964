"""Keeping the answers to requests that may be repeated."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from audit.actors import Actor
from web.models import KeptAnswer

KEPT_FOR = timedelta(hours=48)


def take_key(*, actor: Actor, key: str, request: str, at: datetime) -> tuple[KeptAnswer, bool]:
    """Return the row of a caller's key, and whether it is new: then the request is to be carried out.

    While another transaction holds the same key, this waits until that one has ended. Call it first in the transaction
    of the change, so that of two equal requests one does the work and the other finds its answer.

    Args:
        request: SHA-256 of what is asked; a row that is not new may be of another request.
    """
    return KeptAnswer.objects.get_or_create(
        caller=str(actor.pk), key=key, defaults={"request": request, "at": at}
    )


def keep_answer(
    *, actor: Actor, kept: KeptAnswer, status: int, headers: Mapping[str, str], body: bytes
) -> None:
    """Keep what the caller is answered, in the transaction in which the key was taken.

    Raises:
        ValueError: when the key is another caller's.
    """
    if kept.caller != str(actor.pk):
        raise ValueError("This key was taken by another caller.")
    kept.status, kept.headers, kept.body = status, dict(headers), body
    kept.save(update_fields=["status", "headers", "body"])


def forget_answers(*, actor: Actor, at: datetime) -> int:
    """Delete the answers that were kept for `KEPT_FOR` and return how many there were."""
    return KeptAnswer.objects.filter(at__lt=at - KEPT_FOR).delete()[0]
