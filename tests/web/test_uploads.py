import hashlib
import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory, override_settings
from openpyxl import Workbook

from web.uploads import TABLES, TYPES, CappedUploadHandler, attachment_response, check, sha256

LIMIT = 1024 * 1024
PDF = b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\n%%EOF"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20


def archive(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return buffer.getvalue()


def workbook() -> bytes:
    buffer = io.BytesIO()
    Workbook().save(buffer)
    return buffer.getvalue()


DOCX = archive(**{"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"})
ODT = archive(**{"mimetype": TYPES["odt"].encode(), "content.xml": b"<o/>"})


def refusal(name: str, content: bytes, **options: object) -> str:
    with pytest.raises(ValidationError) as caught:
        check(ContentFile(content, name), limit=LIMIT, **options)  # type: ignore[arg-type]
    return caught.value.messages[0]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("minutes.pdf", PDF),
        ("MINUTES.PDF", PDF),
        ("plan.xlsx", workbook()),
        ("paper.docx", DOCX),
        ("paper.odt", ODT),
        ("plan.csv", "Ref,Lead\n1.1,Café\n".encode()),
        ("note.txt", "The phrase <html> may occur in a note".encode("cp1252")),
        ("board.png", PNG),
        ("board.jpeg", b"\xff\xd8\xff\xe0" + b"\x00" * 20),
    ],
)
def test_a_file_whose_content_matches_its_type_is_accepted(name: str, content: bytes) -> None:
    assert check(ContentFile(content, name), limit=LIMIT) == TYPES[name.rpartition(".")[2].lower()]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("minutes.pdf", DOCX),
        ("minutes.pdf", b"<html>%PDF-1.7"),
        ("plan.xlsx", DOCX),
        ("plan.xlsx", PDF),
        ("plan.xlsx", workbook()[:200]),
        ("paper.docx", workbook()),
        ("paper.odt", DOCX),
        ("paper.docx", b"PK\x03\x04 and nothing else"),
        ("plan.csv", workbook()),
        ("plan.csv", b"MZ\x90\x00\x03\x00"),
        ("note.txt", b"  <!DOCTYPE html><script>alert(1)</script>"),
        ("note.txt", b"\xef\xbb\xbf<svg onload=alert(1)>"),
        ("board.png", b"\xff\xd8\xff\xe0"),
        ("board.jpg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ],
)
def test_a_file_that_lies_about_its_type_is_refused(name: str, content: bytes) -> None:
    assert "is not a real" in refusal(name, content)


@pytest.mark.parametrize(
    "name", ["page.html", "logo.svg", "run.exe", "plan.xlsm", "mail.eml", "plan", "", "x.pdf.exe"]
)
def test_a_type_that_is_not_on_the_list_is_refused(name: str) -> None:
    assert refusal(name, PDF).startswith("The selected file must be one of: CSV, DOCX, JPG, ODS")


def test_a_caller_may_narrow_the_list() -> None:
    assert refusal("minutes.pdf", PDF, allowed=TABLES) == "The selected file must be one of: CSV, XLSX"


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7 << /S /JavaScript /JS (app.alert(1)) >>",
        b"%PDF-1.7 << /S /Java#53cript >>",
        b"%PDF-1.7 << /S /Launch /F (cmd.exe) >>",
        b"%PDF-1.7 " + b" " * (64 * 1024 - 15) + b"/JavaScript ",
    ],
)
def test_a_pdf_that_acts_when_opened_is_refused(content: bytes) -> None:
    assert "scripts, programs or other files" in refusal("minutes.pdf", content)


@pytest.mark.parametrize(
    "parts",
    [
        {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"", "xl/vbaProject.bin": b"x"},
        {
            "[Content_Types].xml": b"<Types><Override ContentType='application/vnd.ms-excel.sheet.macroEnabled.main+xml'/></Types>",
            "xl/workbook.xml": b"",
        },
        {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"", "xl/activeX/activeX1.xml": b""},
    ],
)
def test_an_office_file_with_macros_is_refused(parts: dict[str, bytes]) -> None:
    assert "macros or embedded programs" in refusal("plan.xlsx", archive(**parts))


def test_an_office_file_that_unfolds_without_end_is_refused_unread() -> None:
    bomb = archive(
        **{"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"", "xl/sheet.xml": b"0" * 60_000_000}
    )
    assert len(bomb) < LIMIT
    assert (
        refusal("plan.xlsx", bomb)
        == "The selected file is too large when it is unpacked. Split it into smaller files"
    )


def test_size_is_checked_at_both_ends() -> None:
    assert refusal("minutes.pdf", b"") == "The selected file is empty"
    # A no-break space keeps the number and its unit on one line.
    assert refusal("minutes.pdf", PDF + b" " * LIMIT) == "The selected file must be smaller than 1.0\xa0MB"


@pytest.mark.parametrize("name", ["x" * 150 + ".pdf", "a\u202egpj.pdf", "a\x00b.pdf"])
def test_a_name_that_is_too_long_or_hides_something_is_refused(name: str) -> None:
    assert refusal(name, PDF).startswith("The file name must")


def test_the_digest_is_of_the_whole_file_and_the_file_is_wound_back() -> None:
    content = b"evidence" * 50_000
    file = ContentFile(content, "a.txt")
    file.read(10)
    assert sha256(file) == hashlib.sha256(content).hexdigest()
    assert file.read() == content


def test_a_file_is_handed_out_to_be_saved_and_never_shown() -> None:
    response = attachment_response(io.BytesIO(PDF), 'Minutes "final".pdf', "application/pdf")
    assert response["Content-Disposition"].startswith("attachment; filename=")
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    response.close()


@override_settings(
    FILE_UPLOAD_HANDLERS=["web.uploads.CappedUploadHandler"],
)
def test_a_huge_upload_stops_growing_on_disk_and_still_tells_its_size(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(CappedUploadHandler, "LIMIT", 100_000)
    upload = SimpleUploadedFile("minutes.pdf", PDF + b" " * 500_000, content_type="application/pdf")
    request = RequestFactory().post("/", {"file": upload})
    file = request.FILES["file"]
    assert not isinstance(file, list)
    assert file.size == len(PDF) + 500_000
    assert len(file.read()) < 200_000
    file.close()
