"""Files on disk that are there for as long as the rows that name them, and no longer."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage

from audit.transactions import on_rollback

# No space, no quota, or more than the file system takes for one file.
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
NO_SPACE = "no_space"
"""Code of the error that says that a file could not be saved for want of space: pages and the API answer 507."""
NO_SPACE_MESSAGE = (
    "The file was not saved because the server has no space left. "
    "Tell the team that runs the service, then send the file again."
)


class DurableStorage(FileSystemStorage):
    """Writes a file through to the disk before it returns, so before the row that names it is committed.

    A file that could be written only in part is removed, and so is one whose transaction rolls back.
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
        # Some network file systems write folders through by themselves and do not know how to be asked.
        if error.errno != errno.EINVAL or not path.is_dir():
            raise
    finally:
        os.close(descriptor)


def is_full(error: BaseException | None) -> bool:
    """Say whether writing failed because there is no space left."""
    return isinstance(error, OSError) and error.errno in FULL


@contextmanager
def refusing_without_space(field: str) -> Iterator[None]:
    """Turn a disk that is full into a refusal at a field, so that a form keeps what was typed.

    Raises:
        ValidationError: keyed by the field, code `no_space`.
    """
    try:
        yield
    except OSError as error:
        if not is_full(error):
            raise
        raise ValidationError({field: ValidationError(NO_SPACE_MESSAGE, code=NO_SPACE)}) from error


def lacks_space(error: ValidationError) -> bool:
    """Say whether a service refused because there was no space for a file."""
    found = error.error_dict.values() if hasattr(error, "error_dict") else [error.error_list]
    return any(each.code == NO_SPACE for errors in found for each in errors)
