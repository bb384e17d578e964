"""The stored files are compared with the record: missing, altered and orphaned files are named."""

import errno
import os
import time
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.management import call_command

from actions.evidence.services import add_evidence
from actions.evidence.verifying import NEW
from actions.models import Action, Evidence
from tests.actions.evidence.test_evidence_files import action, files, pdf
from tests.cast import AT, Cast

__all__ = ["action", "files"]
OLD = time.time() - (NEW + timedelta(minutes=1)).total_seconds()


@pytest.fixture
def evidence(cast: Cast, action: Action) -> Evidence:
    return add_evidence(actor=cast.bradford_spoc, action=action, title="Attendance", file=pdf(), at=AT)


def verify(*options: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("verify_evidence", *options, stdout=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def orphan(files: Path, name: str, age: float) -> Path:
    path = files / "evidence" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"orphan")
    os.utime(path, (age, age))
    return path


def test_files_as_recorded_are_whole(evidence: Evidence) -> None:
    assert verify() == (0, "1 file, 0 missing, 0 altered, 0 unreadable, 0 orphaned\n")


def test_nothing_stored_yet_is_whole(files: Path, db: None) -> None:
    assert verify() == (0, "0 files, 0 missing, 0 altered, 0 unreadable, 0 orphaned\n")


def test_a_missing_file_is_named(evidence: Evidence) -> None:
    Path(evidence.file.path).unlink()
    code, text = verify()
    assert code == 1
    assert f"MISSING evidence {evidence.pk} of {evidence.action.ref}" in text


@pytest.mark.parametrize("change", [lambda data: data + b" ", lambda data: data.replace(b"1.7", b"1.6")])
def test_an_altered_file_is_named(evidence: Evidence, change: object) -> None:
    path = Path(evidence.file.path)
    path.write_bytes(change(path.read_bytes()))  # type: ignore[operator]
    code, text = verify()
    assert code == 1
    assert f"ALTERED evidence {evidence.pk}" in text


def test_an_orphan_is_removed_only_by_choice_and_not_while_it_is_new(evidence: Evidence, files: Path) -> None:
    old, new = orphan(files, "9/9/old", OLD), orphan(files, "9/9/new", time.time())
    code, text = verify()
    assert code == 0
    assert "orphaned: evidence/9/9/old" in text
    assert "evidence/9/9/new" not in text
    assert old.exists()
    assert "1 orphaned files removed" in verify("--remove-orphans")[1]
    assert (old.exists(), new.exists(), Path(evidence.file.path).exists()) == (False, True, True)


def test_a_link_is_not_followed_and_only_the_link_is_removed(
    evidence: Evidence, files: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "of another").write_bytes(b"not ours")
    links = {
        files / "evidence" / "folder": elsewhere,
        files / "evidence" / "loop": files / "evidence",
        files / "evidence" / "nowhere": files / "missing",
        files / "evidence" / "file": elsewhere / "of another",
    }
    for link, target in links.items():
        link.symlink_to(target)
        os.utime(link, (OLD, OLD), follow_symlinks=False)
    code, text = verify("--remove-orphans")
    assert code == 0
    assert "4 orphaned files removed" in text
    assert not any(link.is_symlink() for link in links)
    assert (elsewhere / "of another").exists()
    assert Path(evidence.file.path).exists()


@pytest.mark.parametrize("put", [Path.mkdir, os.mkfifo, lambda path: path.symlink_to("/dev/zero")])
def test_something_else_in_the_place_of_a_file_is_an_alteration(
    evidence: Evidence, put: Callable[[Path], None]
) -> None:
    path = Path(evidence.file.path)
    path.unlink()
    put(path)
    code, text = verify()
    assert code == 1
    assert f"ALTERED evidence {evidence.pk}" in text


def test_a_file_of_another_owner_is_named_and_the_others_are_verified(
    evidence: Evidence, cast: Cast, action: Action, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_evidence(actor=cast.bradford_spoc, action=action, title="Rota", file=pdf(), at=AT)
    old = orphan(files, "9/9/old", OLD)
    locked = {Path(evidence.file.path), old}

    def refuse(path: Path) -> None:
        if Path(path) in locked:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))

    real_open, real_unlink = FileSystemStorage._open, Path.unlink
    monkeypatch.setattr(
        FileSystemStorage,
        "_open",
        lambda self, name, mode: refuse(Path(self.path(name))) or real_open(self, name, mode),
    )
    monkeypatch.setattr(Path, "unlink", lambda self, **options: refuse(self) or real_unlink(self, **options))
    code, text = verify("--remove-orphans")
    assert code == 1
    assert (
        f"UNREADABLE evidence {evidence.pk} of {action.ref} ({evidence.file.name}): Permission denied" in text
    )
    assert "0 orphaned files removed" in text
    assert "2 files, 0 missing, 0 altered, 1 unreadable, 1 orphaned" in text
