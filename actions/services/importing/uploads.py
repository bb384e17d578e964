"""Uploaded plans, kept between their preview and its confirmation: outside the record, and for a day at most."""

import secrets
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from actions.services.importing.contents import Preview

FOLDER = "imports"
SALT = "actions.importing"
CONFIRM_WITHIN = timedelta(hours=8)
KEPT_FOR = timedelta(days=1)
GONE = "This preview can no longer be confirmed. Select the file again."


@dataclass(frozen=True)
class Upload:
    """What a confirmation needs: who previewed which file for which plan, and the digest of what they saw."""

    user: int
    plan: int
    stored: str
    filename: str
    sheet: str
    digest: str


def keep_upload(*, actor: Any, preview: Preview, data: bytes, sheet: str) -> str:
    """Keep a previewed file and return the token that confirms it. Files left from the day before go.

    Args:
        sheet: as it was asked for; empty where none was.
    """
    stored = default_storage.save(f"{FOLDER}/{secrets.token_hex(16)}", ContentFile(data))
    _remove_older_than(stored)
    return _signed(Upload(actor.pk, preview.plan.pk, stored, preview.filename, sheet, preview.digest))


def kept_upload(*, actor: Any, plan_id: int, token: str) -> tuple[Upload, bytes]:
    """Return what a token stands for, and the file.

    Raises:
        ValidationError: when the token is not whole, too old, somebody else's or another plan's, or the file is gone.
    """
    try:
        upload = Upload(**signing.loads(token, salt=SALT, max_age=CONFIRM_WITHIN))
        if (upload.user, upload.plan) != (actor.pk, plan_id):
            raise ValidationError(GONE, code="expired")
        with default_storage.open(upload.stored) as file:
            return upload, file.read()
    except (signing.BadSignature, OSError) as fault:
        raise ValidationError(GONE, code="expired") from fault


def renew_upload(*, actor: Any, upload: Upload, preview: Preview) -> str:
    """Return a token that confirms another preview of a file that is kept already."""
    kept = asdict(upload) | {"user": actor.pk, "digest": preview.digest}
    return _signed(Upload(**kept))


def forget_upload(*, actor: Any, upload: Upload) -> None:
    """Remove a file once it is imported: what it held is in the record now."""
    assert upload.user == actor.pk
    default_storage.delete(upload.stored)


def _signed(upload: Upload) -> str:
    return signing.dumps(asdict(upload), salt=SALT, compress=True)


def _remove_older_than(stored: str) -> None:
    """Files' own times are compared, so it does not matter where the app's clock stands."""
    oldest = default_storage.get_modified_time(stored) - KEPT_FOR
    for name in default_storage.listdir(FOLDER)[1]:
        path = f"{FOLDER}/{name}"
        if default_storage.get_modified_time(path) < oldest:
            default_storage.delete(path)
