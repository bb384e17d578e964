"""Programs are refused wherever they are in a file, and whatever its name says."""

import struct
import zlib

import pytest

from tests.web.test_active import MACROS, OFFICE, SCRIPTS, answer, changed, document, odt, related, workbook

WINDOWS = b"MZ" + bytes(58) + struct.pack("<I", 0x80) + bytes(64) + b"PE\x00\x00" + bytes(60)
PROGRAMS = {
    "windows": WINDOWS,
    "linux": b"\x7fELF\x02\x01\x01" + bytes(60),
    "mac": b"\xce\xfa\xed\xfe" + bytes(60),
    "mac for two": b"\xca\xfe\xba\xbe\x00\x00\x00\x02" + bytes(60),
    "java": b"\xca\xfe\xba\xbe\x00\x00\x00\x3d" + bytes(60),
    "android": b"dex\n035\x00" + bytes(60),
    "web assembly": b"\x00asm\x01\x00\x00\x00" + bytes(60),
    "windows installer": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(60),
    "shortcut": b"L\x00\x00\x00\x01\x14\x02\x00" + bytes(60),
    "help": b"ITSF\x03\x00\x00\x00" + bytes(60),
    "debian": b"!<arch>\ndebian-binary   ",
    "shell": b"#!/bin/sh\nrm -rf ~\n",
    "php": b"<?php system($_GET['c']); ?>",
    "batch": b"@echo off\r\ndel *.*\r\n",
}
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20) + b"\x00\x00\x00\x00IEND\xaeB`\x82"
JPEG = b"\xff\xd8\xff\xe0" + bytes(20) + b"\xff\xd9"


def pdf(stream: bytes, header: bytes = b"") -> bytes:
    return b"%%PDF-1.7\n4 0 obj\n<< %b /Length %d >>\nstream\n%b\nendstream\nendobj\n" % (
        header,
        len(stream),
        stream,
    )


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_a_program_in_any_part_is_refused(program: bytes) -> None:
    # The parts of an office file are looked into without the process of their own, which is tested elsewhere.
    assert MACROS in answer("minutes.docx", changed(document(), **{"word/media/image1.png": program}))
    assert MACROS in answer("paper.odt", odt(**{"Pictures/image1.png": program}))
    assert SCRIPTS in answer("paper.pdf", pdf(program))
    assert SCRIPTS in answer("paper.pdf", pdf(zlib.compress(program), b"/Filter /FlateDecode"))
    for name, picture in (("board.png", PNG), ("board.jpg", JPEG)):
        assert "not a real" in answer(name, picture + program)
    for name in ("note.txt", "table.csv", "board.png"):
        assert "not a real" in answer(name, program)


def test_a_picture_with_an_archive_behind_it_is_refused() -> None:
    assert "not a real PNG" in answer("board.png", PNG + workbook())
    assert "not a real JPEG" in answer("board.jpeg", JPEG + workbook())


def test_pictures_and_texts_that_only_resemble_programs_are_accepted() -> None:
    thumbnail = b"\xff\xd8\xff\xe1" + bytes(8) + JPEG + bytes(40) + b"\xff\xd9"
    for name, content in (
        ("board.png", PNG),
        ("board.jpg", thumbnail + b"MPF of a telephone"),
        ("note.txt", b"MZ is short for Mozambique, and this note is longer than sixty-four characters."),
        ("table.csv", b"#,Ref,Title\n1,WY20-07,Briefings\n"),
        ("paper.pdf", pdf(b"BT (Text) Tj ET")),
    ):
        assert answer(name, content) == "", name


@pytest.mark.parametrize(
    "kind", [f"{OFFICE}/aFChunk", "http://purl.oclc.org/ooxml/officeDocument/relationships/aFChunk"]
)
def test_a_web_page_in_a_document_is_refused(kind: str) -> None:
    """Word turns it into text when it opens the file, with whatever the page loads."""
    relation = related("aFChunk", "afchunk.dat", mode="").replace(f"{OFFICE}/aFChunk".encode(), kind.encode())
    page = {"word/_rels/part.xml.rels": relation, "word/afchunk.dat": b"<html><img src='//evil.example/'>"}
    plain = changed(document(), **{"word/afchunk.dat": page["word/afchunk.dat"]})
    assert answer("minutes.docx", plain) == ""
    assert MACROS in answer("minutes.docx", changed(document(), **page))


@pytest.mark.parametrize("named", ["text/html", "message/rfc822", "application/xhtml+xml"])
def test_a_part_that_calls_itself_a_page_or_mail_is_refused(named: str) -> None:
    part = f'<Override PartName="/word/a.dat" ContentType="{named}"/></Types>'
    file = changed(document(), {"[Content_Types].xml": ("</Types>", part)})
    assert MACROS in answer("minutes.docx", file)
