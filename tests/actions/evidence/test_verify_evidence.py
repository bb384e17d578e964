"""The stored files are compared with the record: missing, altered and orphaned files are named."""

import os
import time
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
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
    assert verify() == (0, "1 files, 0 missing, 0 altered, 0 orphaned\n")


def test_nothing_stored_yet_is_whole(files: Path, db: None) -> None:
    assert verify() == (0, "0 files, 0 missing, 0 altered, 0 orphaned\n")


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
