"""Files are scanned before they are saved and every night again; where the scanner cannot say, they are refused."""

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from actions.evidence.services import add_evidence, lacks_evidence, scan_stored_files
from actions.models import Action, Evidence
from audit.actors import SYSTEM
from audit.models import Entry
from desk.worker import WORK
from tests.actions.evidence.test_evidence_files import action, council, files, on_disk, page_client, pdf, send
from tests.api.clients import System
from tests.cast import AT, Cast
from tests.support.clamd import EICAR, NAME, Scanner, running_scanner
from tests.web.test_active import changed, document, odt, workbook
from web.scanner import ScannerUnavailableError, malware_in
from web.uploads import check

__all__ = ["action", "council", "files"]
LIMIT = 10 * 1024 * 1024
BUSY = "could not be checked for malware"


@pytest.fixture
def scanner(settings: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scanner]:
    with running_scanner(tmp_path_factory.mktemp("clamd")) as (server, address):
        settings.CLAMD_ADDRESS = address
        yield server


def evidence_of(cast: Cast, action: Action) -> Evidence:
    return add_evidence(actor=cast.bradford_spoc, action=action, title="Attendance", file=pdf(), at=AT)


def infect(evidence: Evidence) -> None:
    """Put malware into the stored file, as if the scanner had only now learned to know it."""
    Path(evidence.file.path).write_bytes(EICAR)


@pytest.mark.parametrize(
    "file",
    [
        ContentFile(EICAR, "note.txt"),
        ContentFile(changed(document(), **{"word/media/image1.png": EICAR}), "minutes.docx"),
        ContentFile(changed(workbook(), **{"xl/media/image1.png": EICAR}), "plan.xlsx"),
        ContentFile(odt(**{"Pictures/image1.png": EICAR}), "paper.odt"),
        ContentFile(
            changed(document(), **{"word/embeddings/a.xlsx": changed(workbook(), **{"xl/a.bin": EICAR})}),
            "chart.docx",
        ),
    ],
    ids=lambda file: file.name,
)
def test_malware_is_refused_in_archives_too(scanner: Scanner, file: ContentFile[bytes]) -> None:
    with pytest.raises(ValidationError, match=f"contains malware \\({NAME}\\)") as caught:
        check(file, limit=LIMIT)
    assert caught.value.code == "infected"


def test_a_clean_file_is_scanned_once_and_saved(
    cast: Cast, action: Action, scanner: Scanner, files: Path, caplog: pytest.LogCaptureFixture
) -> None:
    address = reverse("actions:evidence-add", args=[action.pk])
    client = page_client(cast)
    body = {"version": action.version, "title": "Attendance", "effective_on_0": "27"}
    page = client.post(address, body | {"file": SimpleUploadedFile("note.txt", EICAR)}).content.decode()
    assert NAME in page
    assert 'value="Attendance"' in page
    assert on_disk(files) == []
    assert NAME in caplog.text
    answer = client.post(address, {"version": action.version, "title": "Attendance", "file": pdf()})
    assert answer.status_code == 302
    assert Evidence.objects.get().title == "Attendance"
    assert scanner.scans == 2


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR\x00", b"stream: \x00", b"\x00"])
def test_a_scanner_that_cannot_say_refuses_every_file(scanner: Scanner, answer: bytes) -> None:
    scanner.answer = answer
    with pytest.raises(ValidationError, match=BUSY) as caught:
        check(pdf(), limit=LIMIT)
    assert caught.value.code == "unscanned"


def test_without_the_scanner_nothing_is_saved_and_nothing_typed_is_lost(
    cast: Cast, action: Action, council: System, settings: Any, files: Path
) -> None:
    settings.CLAMD_ADDRESS = f"unix://{files}/nobody.sock"
    body = {"version": action.version, "title": "Attendance in May", "file": pdf()}
    page = page_client(cast).post(reverse("actions:evidence-add", args=[action.pk]), body)
    assert page.status_code == 422
    assert BUSY in page.content.decode()
    assert 'value="Attendance in May"' in page.content.decode()
    problem = send(council, action)
    assert problem.status_code in (400, 422)
    assert BUSY in problem.content.decode()
    assert on_disk(files) == []


def test_a_scanner_is_reached_by_tcp_too(settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.CLAMD_ADDRESS = f"tcp://127.0.0.1:{server.getsockname()[1]}"
    with pytest.raises(ScannerUnavailableError, match="refused"):
        malware_in([b"x"])


def test_a_file_that_was_stored_is_put_into_quarantine_and_released(
    cast: Cast, action: Action, council: System, scanner: Scanner
) -> None:
    action.plan.evidence_required = True
    evidence = evidence_of(cast, action)
    assert not lacks_evidence(action=action, on=AT.date())
    infect(evidence)
    assert WORK["scan"](AT) == ("1 scanned, 1 put into quarantine, 0 released", True)
    evidence.refresh_from_db()
    assert (evidence.is_quarantined, evidence.malware) == (True, NAME)
    assert lacks_evidence(action=action, on=AT.date())
    client = page_client(cast)
    refusal = client.get(reverse("actions:evidence-download", args=[action.pk, evidence.pk]))
    assert refusal.status_code == 409
    assert "The file is in quarantine" in refusal.content.decode()
    problem = council.get(f"/evidence/{evidence.pk}/file/")
    assert problem.json()["type"] == "/problems/quarantined-file"
    assert "In quarantine" in client.get(reverse("actions:action", args=[action.pk])).content.decode()
    scanner.knows_eicar = False
    assert WORK["scan"](AT) == ("1 scanned, 0 put into quarantine, 1 released", True)
    assert str(scan_stored_files(actor=SYSTEM, at=AT)) == "1 scanned, 0 put into quarantine, 0 released"
    verbs = (
        Entry.objects.filter(target_type="actions.evidence")
        .order_by("sequence")
        .values_list("verb", flat=True)
    )
    assert list(verbs) == ["evidence.added", "evidence.quarantined", "evidence.released"]


def test_without_the_scanner_the_nightly_job_stays_to_be_done(
    cast: Cast, action: Action, settings: Any
) -> None:
    assert WORK["scan"](AT) == ("no scanner is set", True)
    evidence_of(cast, action)
    settings.CLAMD_ADDRESS = "unix:///nowhere/clamd.sock"
    with pytest.raises(ScannerUnavailableError):
        WORK["scan"](AT)
    with pytest.raises(PermissionDenied):
        scan_stored_files(actor=cast.manager, at=AT)


def test_a_table_with_malware_is_not_imported(cast: Cast, scanner: Scanner, signed_in: Any) -> None:
    file = SimpleUploadedFile("plan.csv", b"Ref,Title\n" + EICAR)
    page = signed_in("manager").post(reverse("importing:plan-import", args=[cast.plan.pk]), {"file": file})
    assert page.status_code == 422
    assert NAME in page.content.decode()
