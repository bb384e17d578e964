"""Make a backup: one encrypted file with the database and the stored files."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.migrations.recorder import MigrationRecorder

from desk.backups.archive import Description, pack
from desk.backups.databases import dump
from desk.backups.encryption import BackupError, encrypt


def make_backup(*, connection: Any, folder: Path, recipients: Sequence[str], at: datetime) -> Path:
    """Write a backup into a folder and return its path. A backup that fails leaves no file.

    Args:
        recipients: the public halves of the keys that will open it.
        at: the moment of its name.

    Raises:
        BackupError: no key is set, or the database or the folder refused.
    """
    if not recipients:
        raise BackupError(
            "Set BACKUP_RECIPIENTS to the public half of a key: manage.py create_backup_key makes one."
        )
    path = folder / f"prevent-tracker-{at.astimezone(UTC):%Y%m%d-%H%M%SZ}.age"
    part = path.with_name(f"{path.name}.part")
    pieces = pack(describe(connection, at), dump(connection), settings.MEDIA_ROOT)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            try:
                encrypt(pieces, file, recipients)
                file.flush()
                os.fsync(file.fileno())
                part.rename(path)
            except BaseException:
                part.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise BackupError(f"The backup could not be written to {folder}: {error.strerror}.") from error
    return path


def describe(connection: Any, at: datetime) -> Description:
    """Say where a backup made now comes from."""
    migrations = MigrationRecorder(connection).applied_migrations()
    return Description(
        service=settings.SITE_ADDRESS,
        at=at.isoformat(timespec="seconds"),
        version=settings.VERSION,
        engine=connection.vendor,
        migrations=sorted([app, name] for app, name in migrations),
    )
