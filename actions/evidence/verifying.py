"""Compare the stored files of evidence with the record: missing, altered, unreadable, or unknown to it."""

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.core.files.storage import Storage, default_storage

from actions.evidence.models import Evidence
from web.uploads import sha256

FOLDER = "evidence"
# A file is stored a little before its row is committed.
NEW = timedelta(hours=1)


@dataclass
class FilesVerdict:
    """What a comparison showed; each line names the evidence or the file."""

    files: int = 0
    missing: list[str] = field(default_factory=list)
    altered: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    orphans: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether each file on record is there and unaltered. An orphan harms nothing."""
        return not self.missing and not self.altered and not self.unreadable

    @property
    def summary(self) -> str:
        return (
            f"{self.files} file{'' if self.files == 1 else 's'}, {len(self.missing)} missing, {len(self.altered)} altered, "
            f"{len(self.unreadable)} unreadable, {len(self.orphans)} orphaned"
        )


def verify_files(*, at: datetime, storage: Storage = default_storage) -> FilesVerdict:
    """Read every file of evidence and compare its size and SHA-256 with the record.

    Args:
        at: the machine's time; newer files than an hour are no orphans yet.
    """
    verdict = FilesVerdict()
    known = set()
    rows = Evidence.objects.filter(kind=Evidence.Kind.FILE).order_by("pk").select_related("action")
    for evidence in rows.iterator(chunk_size=500):
        name = str(evidence.file.name)
        known.update([name, *(str(folder) for folder in Path(name).parents)])
        verdict.files += 1
        label = f"evidence {evidence.pk} of {evidence.action.ref} ({name})"
        try:
            if not _is_as_recorded(evidence, storage):
                verdict.altered.append(label)
        except (FileNotFoundError, NotADirectoryError):
            verdict.missing.append(label)
        except OSError as error:
            verdict.unreadable.append(f"{label}: {error.strerror}")
    root = Path(storage.path(""))
    for path in _stored(root / FOLDER, lambda error: verdict.unreadable.append(str(error))):
        name = str(path.relative_to(root))
        if name not in known and _is_older(path, at - NEW):
            verdict.orphans.append(name)
    return verdict


def _is_as_recorded(evidence: Evidence, storage: Storage) -> bool:
    """Return whether a file has its size and SHA-256. A link, folder or pipe in its place is not opened."""
    name = str(evidence.file.name)
    if not stat.S_ISREG(Path(storage.path(name)).lstat().st_mode):
        return False
    with storage.open(name) as file:
        return file.size == evidence.size and sha256(file) == evidence.sha256


def _stored(folder: Path, note: Callable[[OSError], object]) -> Iterator[Path]:
    """Yield everything in a folder except folders. A link to a folder is not followed: what it leads to is not ours."""

    def note_unless_missing(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):
            note(error)

    for top, folders, files in os.walk(folder, onerror=note_unless_missing):
        folders.sort()
        links = [each for each in folders if Path(top, each).is_symlink()]
        yield from (Path(top, each) for each in sorted([*links, *files]))


def _is_older(path: Path, moment: datetime) -> bool:
    try:
        return datetime.fromtimestamp(path.lstat().st_mtime, UTC) < moment
    except FileNotFoundError:
        return False
