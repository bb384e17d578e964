"""Uploaded files, kept between their preview and its confirmation: outside the record, and for a day at most."""

import logging
import secrets
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, Protocol

from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from audit.models import Tracked
from web.storage import refusing_without_space

logger = logging.getLogger(__name__)

FOLDER = "imports"
SALT = "importing.uploads"
CONFIRM_WITHIN = timedelta(hours=8)
KEPT_FOR = timedelta(days=1)
GONE = "This preview can no longer be confirmed. Select the file again."


class Previewed(Protocol):
    """What an import would do: of which file, and the digest of all of it."""

    filename: str

    @property
    def digest(self) -> str: ...


@dataclass(frozen=True)
class Upload:
    """What a confirmation needs: who previewed which file for what, and the digest of what they saw."""

    user: int
    about: str
    stored: str
    filename: str
    sheet: str
    digest: str


def keep_upload(*, actor: Any, about: Tracked, preview: Previewed, data: bytes, sheet: str) -> str:
    """Keep a previewed file and return the token that confirms it. Files left from the day before go.

    Args:
        about: the row that the file is imported into.
        sheet: as it was asked for; empty where none was.

    Raises:
        ValidationError: code `no_space` when the file cannot be saved for want of space.
    """
    with refusing_without_space("file"):
        stored = default_storage.save(f"{FOLDER}/{secrets.token_hex(16)}", ContentFile(data))
    _remove_older_than(stored)
    return _signed(Upload(actor.pk, _named(about), stored, preview.filename, sheet, preview.digest))


def kept_upload(*, actor: Any, about: Tracked, token: str) -> tuple[Upload, bytes]:
    """Return what a token stands for, and the file.

    Raises:
        ValidationError: when the token is not whole, too old, somebody else's or of something else, or the file is gone.
    """
    try:
        upload = Upload(**signing.loads(token, salt=SALT, max_age=CONFIRM_WITHIN))
        if (upload.user, upload.about) != (actor.pk, _named(about)):
            raise ValidationError(GONE, code="expired")
        with default_storage.open(upload.stored) as file:
            return upload, file.read()
    except (signing.BadSignature, OSError, TypeError) as fault:
        raise ValidationError(GONE, code="expired") from fault


def renew_upload(*, actor: Any, upload: Upload, preview: Previewed) -> str:
    """Return a token that confirms another preview of a file that is kept already."""
    kept = asdict(upload) | {"user": actor.pk, "digest": preview.digest}
    return _signed(Upload(**kept))


def forget_upload(*, actor: Any, upload: Upload) -> None:
    """Remove a file once its import is committed: what it held is in the record now.

    A file that cannot be removed does not make the import fail; it goes with those of the day before.
    """
    assert upload.user == actor.pk
    try:
        default_storage.delete(upload.stored)
    except OSError:
        logger.exception("The file of a finished import could not be removed.")


def _named(row: Tracked) -> str:
    return f"{row._meta.label_lower}/{row.pk}"


def _signed(upload: Upload) -> str:
    return signing.dumps(asdict(upload), salt=SALT, compress=True)


def _remove_older_than(stored: str) -> None:
    """Files' own times are compared, so it does not matter where the app's clock stands."""
    oldest = default_storage.get_modified_time(stored) - KEPT_FOR
    for name in default_storage.listdir(FOLDER)[1]:
        path = f"{FOLDER}/{name}"
        # Another upload may have removed it meanwhile.
        with suppress(FileNotFoundError):
            if default_storage.get_modified_time(path) < oldest:
                default_storage.delete(path)
