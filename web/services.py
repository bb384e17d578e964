"""Services that store responses to repeated requests, files between two requests, and which secret keys were used."""

import logging
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage

from audit.actors import Actor
from audit.policies import forbid, why_not_person, why_not_system
from web.keys import WRONG_KEY, fingerprint, wrong_keys
from web.models import Draft, KnownKey, StoredResponse
from web.storage import refusing_without_space

logger = logging.getLogger(__name__)
TEMPORARY_FOLDER = "temporary"
TEMPORARY_FOR = timedelta(days=1)
DRAFTS_FOR = timedelta(days=7)
DRAFTS_PER_ACCOUNT = 50
STORED_FOR = timedelta(hours=48)
KEYS_PER_CALLER = 10_000


def claim_key(*, actor: Actor, key: str, request: str, at: datetime) -> tuple[StoredResponse, bool]:
    """Return the row of a caller's key, and whether it is new, so that the request must run.

    If another transaction has the same key, this waits until it ends. Call it first in the transaction of the change:
    then of two equal requests, one does the work and the other gets its response.

    Args:
        request: SHA-256 of the request; an existing row may be of another request.
    """
    return StoredResponse.objects.get_or_create(
        caller=str(actor.pk), key=key, defaults={"request": request, "at": at}
    )


def has_too_many_keys(*, actor: Actor) -> bool:
    """Return whether a caller has more keys than are kept for one, this one included."""
    return (
        StoredResponse.objects.filter(caller=str(actor.pk))[: KEYS_PER_CALLER + 1].count() > KEYS_PER_CALLER
    )


def store_response(
    *, actor: Actor, stored: StoredResponse, status: int, headers: Mapping[str, str], body: bytes
) -> None:
    """Store the response, in the transaction in which the key was taken.

    Raises:
        ValueError: the key belongs to another caller.
    """
    if stored.caller != str(actor.pk):
        raise ValueError("This key belongs to another caller.")
    stored.status, stored.headers, stored.body = status, dict(headers), body
    stored.save(update_fields=["status", "headers", "body"])


def store_temporary_file(*, actor: Actor, file: File[Any]) -> str:
    """Store a file until its form is sent again, outside the record, and return its path. The day's job removes it.

    Raises:
        PermissionDenied: unless the actor is a person.
        ValidationError: code `no_space` when there is no space left to save the file.
    """
    forbid(why_not_person(actor))
    file.seek(0)
    with refusing_without_space("file"):
        return default_storage.save(f"{TEMPORARY_FOLDER}/{secrets.token_hex(16)}", file)


def delete_temporary_file(*, actor: Actor, path: str) -> None:
    """Delete a stored file once its form is saved. One that cannot be deleted is removed by the day's job.

    Raises:
        PermissionDenied: unless the actor is a person.
    """
    forbid(why_not_person(actor))
    try:
        default_storage.delete(path)
    except OSError:
        logger.exception("A temporary file could not be deleted.")


def delete_old_temporary_files(*, actor: Actor, at: datetime) -> int:
    """Delete stored files that nobody used within a day, and return their number.

    Args:
        at: the machine's time.

    Raises:
        PermissionDenied: unless the actor is the system.
    """
    forbid(why_not_system(actor))
    return remove_files_before(folder=TEMPORARY_FOLDER, limit=at - TEMPORARY_FOR)


def remove_files_before(*, folder: str, limit: datetime) -> int:
    """Remove files by their own times, because the app's clock may be shifted, and return their number."""
    removed = 0
    with suppress(FileNotFoundError):
        for name in default_storage.listdir(folder)[1]:
            path = f"{folder}/{name}"
            # Another request may have removed it meanwhile.
            with suppress(FileNotFoundError):
                if default_storage.get_modified_time(path) < limit:
                    default_storage.delete(path)
                    removed += 1
    return removed


def save_draft(*, actor: Actor, address: str, sealed: str, at: datetime) -> bool:
    """Save what the actor typed at an address, in the place of what was saved before.

    Returns:
        Whether there was room for it: an account has a limited number of drafts.

    Raises:
        PermissionDenied: unless the actor is a person.
    """
    forbid(why_not_person(actor))
    rows = Draft.objects.filter(account=actor.pk)
    if not rows.filter(address=address).exists() and rows.count() >= DRAFTS_PER_ACCOUNT:
        return False
    Draft.objects.update_or_create(account=actor.pk, address=address, defaults={"sealed": sealed, "at": at})
    return True


def delete_drafts(*, actor: Actor, addresses: Sequence[str]) -> int:
    """Delete what the actor typed at the addresses, and return how many drafts that were.

    Raises:
        PermissionDenied: unless the actor is a person.
    """
    forbid(why_not_person(actor))
    return Draft.objects.filter(account=actor.pk, address__in=addresses).delete()[0]


def delete_old_drafts(*, actor: Actor, at: datetime) -> int:
    """Delete drafts that nobody changed for `DRAFTS_FOR` and return their number.

    Raises:
        PermissionDenied: unless the actor is the system.
    """
    forbid(why_not_system(actor))
    return Draft.objects.filter(at__lt=at - DRAFTS_FOR).delete()[0]


def delete_old_responses(*, actor: Actor, at: datetime) -> int:
    """Delete responses older than `STORED_FOR` and return their number.

    Raises:
        PermissionDenied: unless the actor is the system.
    """
    forbid(why_not_system(actor))
    return StoredResponse.objects.filter(at__lt=at - STORED_FOR).delete()[0]


def record_secret_key(*, actor: Actor, at: datetime, is_accepted: bool = False) -> bool:
    """Record that the database is used with SECRET_KEY, and return whether it may be.

    The first key is taken as it is; a later one when one of SECRET_KEY_FALLBACKS was used before.

    Args:
        is_accepted: somebody has said that the key was changed on purpose.

    Raises:
        PermissionDenied: unless the actor is the system.
    """
    forbid(why_not_system(actor))
    if not is_accepted and WRONG_KEY in wrong_keys():
        return False
    KnownKey.objects.get_or_create(fingerprint=fingerprint(settings.SECRET_KEY), defaults={"at": at})
    return True
