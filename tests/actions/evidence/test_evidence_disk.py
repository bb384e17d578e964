"""When the disk is full nothing is recorded, no part of a file stays, and everybody is told so in words."""

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO, Any

import pytest
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.db import connection
from django.test import Client
from django.urls import reverse

from actions.models import Action, Evidence
from audit.models import Entry
from tests.actions.evidence.test_evidence_files import (
    UPDATE,
    action,
    council,
    files,
    on_disk,
    page_client,
    pdf,
    send,
    send_form,
    send_update,
    statement_of,
)
from tests.api.clients import System
from tests.cast import Cast
from tests.permissions.returns import still_open
from tests.returns.test_return_pages import page_of, typed

__all__ = ["action", "council", "files"]


class FullDiskFile:
    """A file of which a disk takes ten bytes."""

    def __init__(self, file: IO[Any]) -> None:
        self.file = file

    def write(self, data: Any) -> int:
        self.file.write(data[:10])
        self.file.flush()
        raise OSError(errno.ENOSPC, "No space left on device")

    def close(self) -> None:
        self.file.close()


def full_while_written(patch: pytest.MonkeyPatch) -> None:
    fdopen = os.fdopen
    name = "django.core.files.storage.filesystem.os.fdopen"
    patch.setattr(name, lambda *args, **options: FullDiskFile(fdopen(*args, **options)))


def full_when_synced(patch: pytest.MonkeyPatch) -> None:
    def refuse(descriptor: int) -> None:
        raise OSError(errno.EDQUOT, "Disk quota exceeded")

    patch.setattr("os.fsync", refuse)


FullDisk = Callable[[], AbstractContextManager[None]]


@pytest.fixture(params=[full_while_written, full_when_synced])
def full_disk(request: pytest.FixtureRequest) -> FullDisk:
    @contextmanager
    def fill() -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            request.param(patch)
            yield

    return fill


def test_a_form_says_that_the_disk_is_full_and_keeps_what_was_typed(
    cast: Cast, action: Action, files: Path, full_disk: FullDisk, caplog: pytest.LogCaptureFixture
) -> None:
    entries = Entry.objects.count()
    with full_disk():
        answer = send_form(cast, action)
    assert answer.status_code == 507
    words = answer.content.decode()
    assert "The server has no space left, so this was not saved." in words
    assert 'value="Attendance"' in words
    assert "The disk of the stored files is full: [Errno" in caplog.text
    assert (Evidence.objects.count(), Entry.objects.count(), on_disk(files)) == (0, entries, [])


def test_an_update_whose_file_has_no_space_is_not_recorded(
    cast: Cast, action: Action, files: Path, full_disk: FullDisk
) -> None:
    updates = action.updates.count()
    with full_disk():
        answer = send_update(cast, action)
    assert answer.status_code == 507
    assert UPDATE["narrative"] in answer.content.decode()
    assert (action.updates.count(), on_disk(files)) == (updates, [])


def test_a_return_keeps_the_draft_and_says_which_file_has_no_space(
    cast: Cast, action: Action, files: Path, full_disk: FullDisk
) -> None:
    report = still_open(cast)
    body = typed(report, action) | {f"evidence-{action.pk}-file": pdf()}
    with full_disk():
        answer = page_client(cast).post(page_of(report), body)
    assert answer.status_code == 507
    assert "The server has no space left, so this was not saved." in answer.content.decode()
    assert report.rows.count() == 1
    assert (Evidence.objects.count(), on_disk(files)) == (0, [])


@pytest.mark.parametrize("headers", [{}, {"idempotency-key": "key-1"}])
def test_the_api_says_that_the_disk_is_full_and_when_to_retry(
    action: Action, council: System, files: Path, full_disk: FullDisk, headers: dict[str, str]
) -> None:
    with full_disk():
        answer = send(council, action, **headers)
    assert (answer.status_code, answer.json()["type"]) == (507, "/problems/no-space")
    assert answer["Content-Type"] == "application/problem+json"
    assert "The server has no space left, so this was not saved." in answer.json()["detail"]
    assert (Evidence.objects.count(), on_disk(files)) == (0, [])
    assert send(council, action, **headers).status_code == 201


@pytest.mark.parametrize("checks", [False, True])
def test_an_upload_that_cannot_be_received_is_explained(
    cast: Cast, action: Action, settings: Any, monkeypatch: pytest.MonkeyPatch, checks: bool
) -> None:
    def no_space(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0
    monkeypatch.setattr(TemporaryFileUploadHandler, "receive_data_chunk", no_space)
    client = Client(enforce_csrf_checks=checks, raise_request_exception=False)
    client.force_login(cast.bradford_spoc, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.cookies["csrftoken"] = "c" * 32
    body = {"version": action.version, "title": "Attendance", "file": pdf()}
    answer = client.post(reverse("actions:evidence-add", args=[action.pk]), body)
    assert answer.status_code == 507
    assert "The server has no space left, so this was not saved." in answer.content.decode()


@pytest.mark.parametrize("headers", [{}, {"idempotency-key": "key-1"}])
def test_a_failed_upload_by_api_is_explained_too(
    action: Action, council: System, settings: Any, monkeypatch: pytest.MonkeyPatch, headers: dict[str, str]
) -> None:
    def no_space(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0
    with monkeypatch.context() as full:
        full.setattr(TemporaryFileUploadHandler, "receive_data_chunk", no_space)
        answer = send(council, action, **headers)
    assert (answer.status_code, answer.json()["type"]) == (507, "/problems/no-space")
    assert send(council, action, **headers).status_code == 201


def test_a_full_database_is_reported_like_a_full_disk(cast: Cast, action: Action, files: Path) -> None:
    def fill() -> None:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'no space' USING ERRCODE = 'disk_full'; END $$")
            else:
                try:
                    # The database may still have free pages, so what is stored must be larger than they can be.
                    cursor.execute("PRAGMA max_page_count = 1")
                    cursor.execute("UPDATE partners_organisation SET name = zeroblob(200000000)")
                finally:
                    cursor.execute("PRAGMA max_page_count = 1073741823")

    with statement_of("audit_entry", fill):
        answer = send_form(cast, action)
    assert answer.status_code == 507
    assert (Evidence.objects.count(), on_disk(files)) == (0, [])


def test_a_file_on_a_disk_that_fails_otherwise_is_removed_too(
    cast: Cast, action: Action, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(descriptor: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("os.fsync", broken)
    assert send_form(cast, action).status_code == 500
    assert (Evidence.objects.count(), on_disk(files)) == (0, [])
