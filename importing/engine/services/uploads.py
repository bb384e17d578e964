"""Uploaded files, stored between their preview and its confirmation: outside the record, for a day at most."""

import logging
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy

from audit.actors import Actor
from audit.models import Tracked
from audit.policies import forbid, why_not_system
from web.services import remove_files_before
from web.storage import refusing_without_space

logger = logging.getLogger(__name__)

FOLDER = "imports"
SALT = "importing.uploads"
CONFIRM_WITHIN = timedelta(hours=8)
STORED_FOR = timedelta(days=1)
EXPIRED = gettext_lazy("This preview has expired. Select the file again")


@dataclass(frozen=True)
class Upload:
    """What a confirmation needs: who previewed which file for which target, and the digest of the preview.

    `keys` are the columns that somebody chose, by number: text, because a token is JSON. `rows` are those of the preview.
    """

    user: int
    target: str
    path: str
    filename: str
    sheet: str
    digest: str
    keys: dict[str, str] = field(default_factory=dict)
    rows: int = 0

    @property
    def chosen_keys(self) -> dict[int, str]:
        return {int(number): key for number, key in self.keys.items()}


def store_upload(
    *, actor: Actor, target: Tracked, filename: str, digest: str, data: bytes, sheet: str, rows: int = 0
) -> str:
    """Store a previewed file and return the token that confirms it. Files older than a day are removed.

    Args:
        target: the row that the file is imported into.
        digest: the digest of the preview; empty when the file has no preview yet.
        sheet: the sheet that was asked for; empty when none was.
        rows: how many rows the preview has.

    Raises:
        ValidationError: code `no_space` when there is no space left to save the file.
    """
    with refusing_without_space("file"):
        path = default_storage.save(f"{FOLDER}/{secrets.token_hex(16)}", ContentFile(data))
    remove_files_before(folder=FOLDER, limit=default_storage.get_modified_time(path) - STORED_FOR)
    return _sign(Upload(actor.pk, _label(target), path, filename, sheet, digest, rows=rows))


def open_upload(*, actor: Actor, target: Tracked, token: str) -> tuple[Upload, bytes]:
    """Return a token's upload and the content of its file.

    Raises:
        ValidationError: code `expired` when the token was altered, is too old, belongs to another person or target,
            or when the file is gone.
    """
    try:
        upload = Upload(**signing.loads(token, salt=SALT, max_age=CONFIRM_WITHIN))
        if (upload.user, upload.target) != (actor.pk, _label(target)):
            raise ValidationError(EXPIRED, code="expired")
        with default_storage.open(upload.path) as file:
            return upload, file.read()
    except (signing.BadSignature, OSError, TypeError) as error:
        raise ValidationError(EXPIRED, code="expired") from error


def renew_upload(
    *, actor: Actor, upload: Upload, digest: str, keys: Mapping[int, str] | None = None, rows: int = 0
) -> str:
    """Return a token that confirms a new preview of a file that is stored already.

    Args:
        keys: the columns that somebody chose; those of the upload when None.
        rows: how many rows the new preview has.
    """
    chosen = upload.keys if keys is None else {str(number): key for number, key in keys.items()}
    changes = {"user": actor.pk, "digest": digest, "keys": chosen, "rows": rows}
    return _sign(Upload(**asdict(upload) | changes))


def remove_upload(*, actor: Actor, upload: Upload) -> None:
    """Remove a file once its import is committed: its content is in the record now.

    A file that cannot be removed does not make the import fail; it is removed after a day.
    """
    assert upload.user == actor.pk
    try:
        default_storage.delete(upload.path)
    except OSError:
        logger.exception("The file of a finished import could not be removed.")


def remove_old_uploads(*, actor: Actor, at: datetime) -> int:
    """Remove files that nobody confirmed within a day, and return their number.

    Args:
        at: the machine's time.

    Raises:
        PermissionDenied: unless the actor is the system.
    """
    forbid(why_not_system(actor))
    return remove_files_before(folder=FOLDER, limit=at - STORED_FOR)


def _label(row: Tracked) -> str:
    return f"{row._meta.label_lower}/{row.pk}"


def _sign(upload: Upload) -> str:
    return signing.dumps(asdict(upload), salt=SALT, compress=True)
