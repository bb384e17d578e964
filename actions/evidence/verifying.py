"""Compare the stored files of evidence with the record: missing, altered, or unknown to it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

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
    orphans: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether each file on record is there and unaltered. An orphan harms nothing."""
        return not self.missing and not self.altered

    @property
    def summary(self) -> str:
        return f"{self.files} files, {len(self.missing)} missing, {len(self.altered)} altered, {len(self.orphans)} orphaned"


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
        known.add(name)
        verdict.files += 1
        label = f"evidence {evidence.pk} of {evidence.action.ref} ({name})"
        if not storage.exists(name):
            verdict.missing.append(label)
            continue
        with storage.open(name) as file:
            if file.size != evidence.size or sha256(file) != evidence.sha256:
                verdict.altered.append(label)
    verdict.orphans = [
        name
        for name in _stored(storage, FOLDER)
        if name not in known and storage.get_modified_time(name) < at - NEW
    ]
    return verdict


def _stored(storage: Storage, folder: str) -> Iterator[str]:
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in sorted(files):
        yield f"{folder}/{name}"
    for name in sorted(folders):
        yield from _stored(storage, f"{folder}/{name}")
