"""File storage that stays in step with the database: files are durable, and removed on rollback."""

import errno
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage
from django.utils.translation import gettext, gettext_noop

from audit.transactions import on_rollback

logger = logging.getLogger(__name__)
# No space, no quota, or more than the file system takes for one file.
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
NO_SPACE = "no_space"
"""Code of the error for a file that could not be saved because the disk is full (507)."""
NO_SPACE_MESSAGE = gettext_noop(
    "The server has no space left, so this was not saved. Tell the team that runs the service, then try again."
)


class DurableStorage(FileSystemStorage):
    """Flush a file to the disk before the row that refers to it is committed.

    An incomplete file is removed, and so is a file whose transaction rolls back.
    """

    def _save(self, name: str, content: Any) -> str:
        path = Path(self.path(name))
        is_taken = path.exists()
        new_folders = [folder for folder in path.parents if not folder.exists()]
        try:
            stored: str = super()._save(name, content)
            self._sync(stored, new_folders)
        except BaseException:
            if not is_taken:
                self._remove(name)
            raise
        on_rollback(partial(self._remove, stored))
        return stored

    def _sync(self, name: str, new_folders: list[Path]) -> None:
        path = Path(self.path(name))
        for each in (path, path.parent, *(folder.parent for folder in new_folders)):
            _sync(each)

    def _remove(self, name: str) -> None:
        Path(self.path(name)).unlink(missing_ok=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        # Some network file systems flush folders themselves and do not support fsync on them.
        if error.errno != errno.EINVAL or not path.is_dir():
            raise
    finally:
        os.close(descriptor)


def is_full(error: BaseException | None) -> bool:
    """Return whether an error means that there is no space left."""
    return isinstance(error, OSError) and error.errno in FULL


@contextmanager
def refusing_without_space(field: str) -> Iterator[None]:
    """Turn the error of a full disk into one of a field, so that the form keeps its text.

    Raises:
        ValidationError: keyed by the field, code `no_space`.
    """
    try:
        yield
    except OSError as error:
        if not is_full(error):
            raise
        logger.error("The disk of the stored files is full: %s", error)  # noqa: TRY400  one line
        raise ValidationError({field: ValidationError(gettext(NO_SPACE_MESSAGE), code=NO_SPACE)}) from error


def lacks_space(error: ValidationError) -> bool:
    """Return whether a service raised this because there was no space for a file."""
    lists = error.error_dict.values() if hasattr(error, "error_dict") else [error.error_list]
    return any(each.code == NO_SPACE for errors in lists for each in errors)
