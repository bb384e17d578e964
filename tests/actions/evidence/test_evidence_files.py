"""The file of a piece of evidence is on disk for as long as its row is on record: neither is ever there alone."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from django.test.client import BOUNDARY, encode_multipart
from django.urls import reverse

from actions.evidence.services import NewEvidence, add_evidence
from actions.models import Action, Evidence
from audit.models import Entry
from audit.services import verify, writing
from tests.api.clients import System, system_of
from tests.cast import AT, Cast
from tests.factories import ActionFactory, submit_progress
from tests.permissions.returns import still_open
from tests.returns.test_return_pages import page_of, typed
from web.models import StoredResponse

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
UPDATE = {
    "narrative": "Four of five teams are briefed.",
    "next_steps": "Brief the last team.",
    "state": "in_progress",
    "rag": "green",
    "percent": 80,
}


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def on_disk(files: Path) -> list[Path]:
    return [path for path in files.rglob("*") if path.is_file()]


def pdf() -> SimpleUploadedFile:
    return SimpleUploadedFile("attendance.pdf", PDF, "application/pdf")


@pytest.fixture
def action(cast: Cast) -> Action:
    return ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])


@pytest.fixture
def council(cast: Cast) -> System:
    scopes = ["actions:read", "evidence:read", "evidence:write"]
    return system_of(cast, cast.wakefield_council, scopes=scopes)


def page_client(cast: Cast) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(cast.bradford_spoc, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def send_form(cast: Cast, action: Action) -> Any:
    body = {"version": action.version, "title": "Attendance", "file": pdf()}
    return page_client(cast).post(reverse("actions:evidence-add", args=[action.pk]), body)


def send(system: System, action: Action, **headers: str) -> Any:
    form = encode_multipart(BOUNDARY, {"title": "Attendance", "file": pdf()})
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    return system.post(f"/actions/{action.pk}/evidence/", form, kind, **headers)


def send_update(cast: Cast, action: Action) -> Any:
    body = {"version": action.version, **UPDATE, "title": "Attendance", "file": pdf()}
    return page_client(cast).post(reverse("actions:progress-create", args=[action.pk]), body)


# The connection breaks ---------------------------------------------------------------------------------------


@contextmanager
def statement_of(table: str, then: Callable[[], None]) -> Iterator[None]:
    """Call a function once, before the next statement that writes to a table."""

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(("INSERT", "UPDATE")) and f'"{table}"' in sql:
            then()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield


@contextmanager
def broken_after_commit() -> Iterator[None]:
    """Break the connection after the database has committed the evidence and before it says so."""
    commit = BaseDatabaseWrapper._commit  # type: ignore[attr-defined]
    with pytest.MonkeyPatch.context() as patch:

        def committed_and_cut(wrapper: BaseDatabaseWrapper) -> None:
            commit(wrapper)
            patch.undo()
            cut()

        def cut_the_next_commit() -> None:
            patch.setattr(BaseDatabaseWrapper, "_commit", committed_and_cut)

        with statement_of("actions_evidence", cut_the_next_commit):
            yield


def cut() -> None:
    raise OperationalError("server closed the connection unexpectedly")


@pytest.mark.django_db(transaction=True)
def test_the_file_of_a_committed_row_stays(cast: Cast, action: Action, files: Path) -> None:
    with broken_after_commit():
        answer = send_form(cast, action)
    assert answer.status_code == 500
    assert "check whether it was saved" in answer.content.decode()
    evidence = Evidence.objects.get()
    assert on_disk(files) == [Path(evidence.file.path)]
    assert Path(evidence.file.path).read_bytes() == PDF
    assert verify(ledger=cast.yorkshire.ledger).ok


@pytest.mark.django_db(transaction=True)
def test_the_file_of_a_committed_update_stays(cast: Cast, action: Action, files: Path) -> None:
    with broken_after_commit():
        assert send_update(cast, action).status_code == 500
    assert on_disk(files) == [Path(Evidence.objects.get().file.path)]


@pytest.mark.django_db(transaction=True)
def test_the_file_of_a_committed_return_stays(cast: Cast, action: Action, files: Path) -> None:
    report = still_open(cast)
    body = typed(report, action) | {f"evidence-{action.pk}-file": pdf()}
    with broken_after_commit():
        assert page_client(cast).post(page_of(report), body).status_code == 500
    assert on_disk(files) == [Path(Evidence.objects.get().file.path)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("key", [None, "key-1"])
def test_the_file_of_a_row_that_a_system_sent_stays(
    action: Action,
    council: System,
    files: Path,
    key: str | None,
) -> None:
    council.http.raise_request_exception = False
    headers = {"idempotency-key": key} if key else {}
    with broken_after_commit():
        assert send(council, action, **headers).status_code == 500
    evidence = Evidence.objects.get()
    assert on_disk(files) == [Path(evidence.file.path)]
    if key:
        again = send(council, action, **headers)
        assert (again.status_code, again["Idempotency-Replayed"]) == (201, "true")
        assert again.json()["id"] == evidence.pk
    address = f"/evidence/{evidence.pk}/file/"
    assert b"".join(council.get(address).streaming_content) == PDF


@pytest.mark.parametrize("table", ["actions_evidence", "audit_entry", "audit_ledger"])
@pytest.mark.django_db(transaction=True)
def test_a_file_is_removed_when_the_connection_breaks_before_the_commit(
    cast: Cast, action: Action, files: Path, table: str
) -> None:
    entries = Entry.objects.count()
    with statement_of(table, cut):
        assert send_form(cast, action).status_code == 500
    assert (Evidence.objects.count(), Entry.objects.count(), on_disk(files)) == (0, entries, [])


@pytest.mark.django_db(transaction=True)
def test_a_file_is_removed_when_the_response_cannot_be_stored(
    action: Action, council: System, files: Path
) -> None:
    council.http.raise_request_exception = False
    council.headers()

    def cut_when_the_evidence_is_there() -> None:
        if Evidence.objects.exists():
            cut()

    with statement_of("web_storedresponse", cut_when_the_evidence_is_there):
        assert send(council, action, **{"idempotency-key": "key-1"}).status_code == 500
    assert (Evidence.objects.count(), StoredResponse.objects.count(), on_disk(files)) == (0, 0, [])
    assert send(council, action, **{"idempotency-key": "key-1"}).status_code == 201


# A transaction rolls back ------------------------------------------------------------------------------------


class Stop(Exception):
    pass


def test_a_file_is_removed_when_its_transaction_rolls_back(cast: Cast, action: Action, files: Path) -> None:
    with pytest.raises(Stop), writing(cast.yorkshire.ledger_id):
        add_evidence(actor=cast.bradford_spoc, action=action, title="Attendance", at=AT, file=pdf())
        assert len(on_disk(files)) == 1
        raise Stop
    assert on_disk(files) == []


def test_a_file_stays_when_only_a_later_step_rolls_back(cast: Cast, action: Action, files: Path) -> None:
    arguments = {"actor": cast.bradford_spoc, "action": action, "at": AT}
    with writing(cast.yorkshire.ledger_id):
        evidence = add_evidence(**arguments, title="Attendance", file=pdf())
        with pytest.raises(Stop), writing(cast.yorkshire.ledger_id):
            add_evidence(**arguments, title="Minutes", file=pdf())
            raise Stop
    assert on_disk(files) == [Path(evidence.file.path)]


# Before the commit -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("largest_in_memory", [0, 1024 * 1024])
def test_file_and_folders_are_on_the_disk_before_the_row_is(
    cast: Cast, action: Action, settings: Any, monkeypatch: pytest.MonkeyPatch, largest_in_memory: int
) -> None:
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = largest_in_memory
    synced: list[Path] = []
    rows: list[bool] = []
    fsync = os.fsync

    def follow(descriptor: int) -> None:
        synced.append(Path(f"/proc/self/fd/{descriptor}").readlink())
        rows.append(Evidence.objects.exists())
        fsync(descriptor)

    monkeypatch.setattr("os.fsync", follow)
    assert send_form(cast, action).status_code == 302
    (stored,) = on_disk(settings.MEDIA_ROOT)
    assert {stored, *list(stored.parents)[:4]} == set(synced)
    assert not any(rows)


def test_a_report_with_a_file_is_one_change(cast: Cast, action: Action, files: Path) -> None:
    evidence = NewEvidence(title="Attendance", file=pdf())
    submit_progress(actor=cast.bradford_spoc, action=action, at=AT, evidence=evidence, **UPDATE)
    assert len(on_disk(files)) == Evidence.objects.count() == 1
    assert Action.objects.get(pk=action.pk).version == action.version + 1
