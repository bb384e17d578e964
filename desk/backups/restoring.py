"""Read a backup, and restore it into an empty database and an empty folder: all of it or nothing."""

import os
import shutil
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.migrations.loader import MigrationLoader

from audit.clock import LONDON
from desk.backups.archive import Contents, Description, unpack
from desk.backups.databases import is_empty, restoring
from desk.backups.encryption import BackupError, decrypted

OTHER_SERVICE = "This is a backup of {theirs}, and this service is {ours}. To restore it here all the same, add --from {theirs}"
LATER_VERSION = (
    "Version {version} made this backup, with changes of the database that this version does not have: {names}. "
    "Restore it with that version."
)
NOT_EMPTY = "The database has tables already. Restore into a new, empty one."
FOLDER_NOT_EMPTY = "{} has files already. Move them away first."


def read_backup(*, path: Path, keys: Sequence[Any], service: str) -> Contents:
    """Read a backup to its end and say what is in it; nothing is written.

    Args:
        service: the address of the service that it should come from.

    Raises:
        BackupError: the key is wrong, the file is damaged, or it belongs to another service or version.
    """
    with decrypted(path, keys) as stream:
        return unpack(stream, accept=lambda description: _refuse_foreign(description, service))


def restore_backup(*, connection: Any, path: Path, keys: Sequence[Any], service: str) -> Contents:
    """Restore a backup: the files first, beside their place, then the database in one transaction.

    The backup is read twice, so that a damaged one changes nothing.

    Raises:
        BackupError: as `read_backup` does; or the database or the folder is not empty, or refused.
    """
    media = Path(settings.MEDIA_ROOT)
    if media.exists() and any(media.iterdir()):
        raise BackupError(FOLDER_NOT_EMPTY.format(media))
    if not is_empty(connection):
        raise BackupError(NOT_EMPTY)
    part = media.with_name(f"{media.name}.restoring")
    shutil.rmtree(part, ignore_errors=True)

    def accept(description: Description) -> None:
        _refuse_foreign(description, service)
        if description.engine != connection.vendor:
            raise BackupError(f"The backup is of a {description.engine} database, not {connection.vendor}.")

    try:
        part.mkdir(parents=True)
        with decrypted(path, keys) as stream:
            contents = unpack(stream, accept=accept, media=part)
        os.sync()
        with restoring(connection) as take, decrypted(path, keys) as stream:
            unpack(stream, accept=accept, database=take)
        if media.exists():
            media.rmdir()
        part.rename(media)
    except OSError as error:
        raise BackupError(f"The files could not be written to {part}: {error.strerror}.") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return contents


def in_words(contents: Contents) -> str:
    """Say in one sentence what a backup has."""
    description = contents.description
    at = datetime.fromisoformat(description.at).astimezone(LONDON)
    return (
        f"Backup of {description.service}, {at.day} {at:%B %Y, %H:%M}, version {description.version}: "
        f"{contents.files} file{'' if contents.files == 1 else 's'} with {contents.file_bytes:,} bytes, {contents.database_bytes:,} bytes of database."
    )


def _refuse_foreign(description: Description, service: str) -> None:
    if description.service != service:
        raise BackupError(OTHER_SERVICE.format(theirs=description.service, ours=settings.SITE_ADDRESS))
    known = MigrationLoader(None).disk_migrations
    unknown = [f"{app} {name}" for app, name in description.migrations if (app, name) not in known]
    if unknown:
        raise BackupError(LATER_VERSION.format(version=description.version, names=", ".join(unknown)))
