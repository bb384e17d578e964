"""Evidence is added by those who report and handed out, unaltered, to those who see the action."""

import re
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from actions.assurance.services import assure_action
from actions.evidence.services import add_evidence
from actions.models import Action, Evidence
from standards.marking import Marking
from tests.cast import AT, Cast
from tests.factories import ActionFactory

DEMO_FILES = Path(__file__).parents[3] / "demo" / "files"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def page(action: Action) -> str:
    return reverse("actions:evidence-add", args=[action.pk])


def pdf(name: str = "attendance.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


def attached(cast: Cast, action: Action, **fields: Any) -> Evidence:
    arguments = {"title": "Attendance", "file": pdf()} | fields
    evidence = add_evidence(actor=cast.bradford_spoc, action=action, at=AT, **arguments)
    action.refresh_from_db()
    return evidence


def download(evidence: Evidence, action: Action | None = None) -> str:
    return reverse("actions:evidence-download", args=[(action or evidence.action).pk, evidence.pk])


def body(response: Any) -> bytes:
    content = b"".join(response.streaming_content)
    response.close()
    return content


def test_a_file_is_added_and_handed_out_as_an_attachment(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    client = signed_in("bradford_spoc")
    answer = {"version": action.version, "title": "Attendance", "file": pdf(), "effective_on": "2020-05-28"}
    assert client.post(page(action), answer).status_code == 302
    evidence = Evidence.objects.get()
    assert str(evidence.effective_on) == "2020-05-28"
    response = client.get(download(evidence))
    assert response["Content-Disposition"] == 'attachment; filename="attendance.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Type"] == "application/pdf"
    assert "no-store" in response["Cache-Control"]
    assert body(response) == PDF


def test_a_pdf_is_shown_as_pictures_in_a_frame_that_runs_nothing(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    report = (DEMO_FILES / "bronze-report-leeds-2019-08.pdf").read_bytes()
    evidence = attached(cast, action, title="", file=pdf("report.pdf", report))
    client = signed_in("bradford_spoc")
    shown = client.get(reverse("actions:evidence-preview", args=[action.pk, evidence.pk])).content.decode()
    frame = f'sandbox title="Preview of report.pdf" src="{download(evidence)}?preview=yes"></iframe>'
    assert frame in shown
    assert evidence.sha256 in shown
    answer = client.get(download(evidence), {"preview": "yes"})
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert policy.endswith("frame-ancestors 'self'; sandbox")
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    pictures = re.findall(r'src="data:image/png;base64,([^"]+)"', answer.content.decode())
    assert pictures
    assert all(b64decode(picture).startswith(b"\x89PNG\r\n") for picture in pictures)
    assert "<script" not in answer.content.decode()


def test_a_file_that_cannot_be_drawn_says_so_and_another_kind_is_only_handed_out(
    cast: Cast, signed_in: Any
) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    client = signed_in("bradford_spoc")
    broken = attached(cast, action)
    answer = client.get(download(broken), {"preview": "yes"})
    assert "This file cannot be shown here. Download it to read it." in answer.content.decode()
    table = attached(cast, action, file=SimpleUploadedFile("list.csv", b"team,briefed\nEast,yes\n"))
    page_of_table = client.get(reverse("actions:evidence-preview", args=[action.pk, table.pk]))
    assert "<iframe" not in page_of_table.content.decode()
    assert body(client.get(download(table), {"preview": "yes"})).startswith(b"team")


def test_the_page_lists_what_is_there_already(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    evidence = attached(cast, action)
    words = signed_in("bradford_spoc").get(page(action)).content.decode()
    assert download(evidence) in words
    assert "attendance.pdf" in words


def test_evidence_can_be_added_while_an_auditor_looks(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, awaiting_assurance=True)
    answer = {"version": action.version, "title": "Minutes", "url": "https://example.org/minutes"}
    assert signed_in("bradford_spoc").post(page(action), answer).status_code == 302
    assert Evidence.objects.get().kind == "link"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({}, "file"),
        ({"title": "x" * 201}, "title"),
        ({"file": pdf(content=b"<html><script>alert(1)</script>")}, "file"),
        ({"file": pdf("run.exe")}, "file"),
        ({"file": pdf("page.html", b"<html>")}, "file"),
        ({"file": pdf(content=b"%PDF-1.7 /JavaScript (app.alert(1))")}, "file"),
        ({"file": pdf("x" * 160 + ".pdf")}, "file"),
        ({"url": "ftp://example.org/paper"}, "url"),
        ({"url": "data:text/html,x"}, "url"),
        ({"url": "https://reader:secret@example.org/paper"}, "url"),
        ({"effective_on": "2020-06-20", "url": "https://example.org/"}, "effective_on"),
        ({"effective_on": "0001-01-01", "url": "https://example.org/"}, "effective_on"),
        ({"effective_on": "2020-02-30", "url": "https://example.org/"}, "effective_on"),
        ({"effective_on_day": "1", "url": "https://example.org/"}, "effective_on"),
        ({"url": "https://example.org/", "file": pdf()}, "url"),
    ],
)
def test_bad_input_names_its_field(
    cast: Cast, signed_in: Any, files: Path, changes: dict[str, Any], field: str
) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    if "file" in changes:
        changes["file"].seek(0)
    answer = {"version": action.version, "title": "Attendance"} | changes
    response = signed_in("bradford_spoc").post(page(action), answer)
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not Evidence.objects.exists()
    assert [path for path in files.glob("evidence/**/*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("source", "title"),
    [
        ({"file": pdf("rota of may.pdf")}, "rota of may.pdf"),
        ({"url": "https://example.org/minutes"}, "https://example.org/minutes"),
    ],
)
def test_evidence_without_a_title_takes_the_name_of_its_file_or_link(
    cast: Cast, signed_in: Any, source: dict[str, Any], title: str
) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    if "file" in source:
        source["file"].seek(0)
    answer = {"version": action.version, "title": " "} | source
    assert signed_in("bradford_spoc").post(page(action), answer).status_code == 302
    assert Evidence.objects.get().title == title


def test_a_file_that_is_too_large_is_refused(cast: Cast, signed_in: Any, settings: Any) -> None:
    settings.EVIDENCE_MAX_BYTES = len(PDF) - 1
    action = ActionFactory(cast=cast, in_progress=True)
    answer = {"version": action.version, "title": "Attendance", "file": pdf()}
    response = signed_in("bradford_spoc").post(page(action), answer)
    assert response.status_code == 422
    assert "must be smaller than" in response.context["form"].errors["file"][0]


def test_a_stale_form_keeps_the_words_and_the_file(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    answer = {"version": action.version - 1, "title": "Attendance of May", "file": pdf()}
    response = signed_in("bradford_spoc").post(page(action), answer)
    assert response.status_code == 409
    assert "Attendance of May" in response.content.decode()
    assert "Two of five teams are briefed." in response.content.decode()
    assert "File kept: attendance.pdf" in response.content.decode()
    assert response.context["form"]["version"].value() == str(action.version)
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("bradford_spoc", 200),
        ("leeds_spoc", 403),
        ("manager", 403),
        ("gold", 403),
        ("auditor", 403),
        ("wakefield_contact", 404),
        ("observer", 404),
        ("former_spoc", 404),
        ("leicestershire_manager", 404),
        ("stranger", 404),
    ],
)
def test_roles_that_may_add_evidence(cast: Cast, signed_in: Any, who: str, status: int) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    client = signed_in(who)
    answer = {"version": action.version, "title": "Minutes", "url": "https://example.org/minutes"}
    assert client.get(page(action)).status_code == status
    assert client.post(page(action), answer).status_code == (302 if status == 200 else status)
    assert Evidence.objects.count() == (1 if status == 200 else 0)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("bradford_spoc", 200),
        ("leeds_spoc", 404),
        ("manager", 200),
        ("gold", 200),
        ("auditor", 200),
        ("wakefield_contact", 404),
        ("observer", 404),
        ("former_spoc", 404),
        ("leicestershire_manager", 404),
        ("administrator", 404),
    ],
)
def test_readers_of_the_action_download_its_files(cast: Cast, signed_in: Any, who: str, status: int) -> None:
    action = ActionFactory(
        cast=cast,
        in_progress=True,
        marking=Marking.OFFICIAL_SENSITIVE,
        handling_instruction="Named officers only.",
    )
    response = signed_in(who).get(download(attached(cast, action)))
    assert response.status_code == status
    response.close()


def test_a_file_is_found_under_its_own_action_only(cast: Cast, signed_in: Any) -> None:
    mine = ActionFactory(cast=cast, in_progress=True)
    other = ActionFactory(cast=cast, in_progress=True, ref="WY20-02")
    evidence = attached(cast, mine)
    client = signed_in("bradford_spoc")
    assert client.get(download(evidence, other)).status_code == 404
    link = attached(cast, other, file=None, url="https://example.org/")
    assert client.get(download(link)).status_code == 404


def test_a_file_that_was_altered_is_not_handed_out(cast: Cast, signed_in: Any, files: Path) -> None:
    evidence = attached(cast, ActionFactory(cast=cast, in_progress=True))
    (files / evidence.file.name).write_bytes(PDF + b" ")
    response = signed_in("auditor").get(download(evidence))
    assert response.status_code == 409
    assert "does not match its recorded hash" in response.content.decode()


def test_a_missing_stored_file_is_explained(cast: Cast, signed_in: Any, files: Path) -> None:
    evidence = attached(cast, ActionFactory(cast=cast, in_progress=True))
    (files / evidence.file.name).unlink()
    response = signed_in("auditor").get(download(evidence))
    assert response.status_code == 404
    assert "is on record and cannot be found" in response.content.decode()


def test_an_action_that_takes_no_evidence_says_so(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, awaiting_assurance=True)
    assure_action(actor=cast.auditor, action=action, note="Seen.", at=AT)
    response = signed_in("bradford_spoc").get(page(action))
    assert response.status_code == 409
    assert "This action is complete" in response.content.decode()
    assert (
        signed_in("bradford_spoc")
        .get(page(ActionFactory(cast=cast, unallocated=True, ref="WY20-02")))
        .status_code
        == 409
    )


def test_a_supporting_partner_adds_evidence(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, allocated=True, supporting=[cast.wakefield_council])
    answer = {"version": action.version, "title": "Minutes", "url": "https://example.org/minutes"}
    assert signed_in("wakefield_contact").post(page(action), answer).status_code == 302
    assert Evidence.objects.get().added_by == cast.wakefield_contact
