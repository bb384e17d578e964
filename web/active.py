"""Detect active content in PDF and office files: scripts, macros, programs and links that load other files.

Compressed parts are unpacked, within limits. A file that cannot be checked is refused.
"""

import html
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any
from xml.etree.ElementTree import ParseError

from defusedxml import ElementTree
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from web.language import lazy_text
from web.programs import ZIP, is_program

CHUNK = 64 * 1024
# Largest unpacked size, absolute and relative to the file; beyond that it is a decompression bomb.
UNFOLDED_BYTES = 200 * 1024 * 1024
UNFOLDED_RATIO = 150
SMALL_BYTES = 10 * 1024 * 1024
MOST_PARTS = 10_000
MOST_STREAMS = 30_000
# A file reads each of its bytes once. One whose packed parts lie in one another would have them unpacked again and again.
READ_RATIO = 2
PACKED_PIECE = 4096
# Longer than any search term, with its #-escapes and character references.
OVERLAP = 512

# PDF names of active content. Shorter names such as /JS would occur by chance in compressed pictures; every script also
# has /JavaScript or a /Rendition.
PDF_ACTIONS = re.compile(
    rb"/(?:(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|Rendition|ImportData|GoToE)(?![A-Za-z])|XFA(?=[\s\[<]))"
)
PDF_ENCRYPTED = re.compile(rb"/Encrypt(?![A-Za-z])")
PDF_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
PDF_STREAM = re.compile(rb"(?<!end)stream(?:\r\n|\n|\r)")
PDF_OBJECT = re.compile(rb"\d\s+obj\b")
# An object stream has both names; no other kind of stream has /First.
PDF_HOLDS_OBJECTS = re.compile(rb"/(?:ObjStm|First)(?![A-Za-z])")
PDF_PICTURE = re.compile(rb"/Subtype\s*/Image(?![A-Za-z])")
PDF_PLAIN_DEFLATE = re.compile(rb"/Filter\s*(?:/Fl(?:ateDecode)?|\[\s*/Fl(?:ateDecode)?\s*\])\s*(?=[/>])")
LONGEST_HEADER = 4096

OFFICE_MACROS = ("macroenabled", "vbaproject", "macrosheet", "activex")
OFFICE_PROGRAMS = (".exe", ".dll", ".js", ".vbs", ".bat", ".cmd", ".ps1", ".hta", ".jar", ".msi", ".scr")
# Allowed inside another office file, because charts embed their workbook. Anything else there may be a program.
OFFICE_EMBEDDED = (".xlsx", ".docx", ".pptx")
# A part that begins so is taken for a program without a second look: no picture, font or XML does.
SHORT_STARTS = (b"MZ", b"#!", b"\xd0\xcf\x11\xe0", b"Rar!", b"7z\xbc\xaf", b"MSCF")
# A web page or mail in a document, which Word would turn into text when it opens the file.
FOREIGN_CHUNK = "/afchunk"
FOREIGN_TYPES = (
    "text/html",
    "application/xhtml+xml",
    "message/rfc822",
    "multipart/related",
    "application/rtf",
    "text/rtf",
)
# A document has a chart, and the chart its workbook.
DEEPEST = 3
ODF_SCRIPTS = re.compile(
    rb"vnd\.sun\.star\.script|<(?:[\w.-]+:)?(?:script|event-listener|dde-source|dde-connection-decl)[\s>]"
)
ODF_ENCRYPTED = b"encryption-data"
# Room for the relationships and types of `MOST_PARTS` parts.
LONGEST_PART = 2 * 1024 * 1024

BOMB = gettext_lazy("The selected file is too large when it is unpacked. Split it into smaller files")
IN_PDF = lazy_text(
    "The selected PDF contains scripts, programs or other files. Print it to a new PDF and select the new file"
)
PDF_LOCKED = lazy_text(
    "The selected PDF is encrypted or cannot be checked. Print it to a new PDF and select the new file"
)
IN_OFFICE = lazy_text(
    "The selected file contains macros or embedded programs. Save a copy without them and select the copy"
)
OUTWARD = lazy_text(
    "The selected file loads other files. Remove its links or save it as a PDF, and select the new file"
)
LOCKED = lazy_text(
    "The selected file is protected by a password. Save a copy without a password and select the copy"
)


def refuse_active_pdf(content: bytes) -> None:
    """Raise ValidationError for a PDF that has active content or attached files, or cannot be checked."""
    for piece in _overlapping(content[at : at + CHUNK] for at in range(0, len(content), CHUNK)):
        plain = _unescaped(piece)
        if PDF_ACTIONS.search(plain):
            raise _active(IN_PDF)
        if PDF_ENCRYPTED.search(plain):
            raise _active(PDF_LOCKED)
    for piece in _overlapping(_packed_in(content, Effort.for_size(len(content)))):
        if PDF_ACTIONS.search(_unescaped(piece)):
            raise _active(IN_PDF)


def refuse_bomb(parts: list[zipfile.ZipInfo], size: int) -> None:
    """Raise ValidationError for an archive that unpacks to far more than its own size."""
    Room.for_size(size).spend(parts)


def refuse_active_office(archive: zipfile.ZipFile, size: int) -> None:
    """Raise ValidationError for an office file with macros, programs or parts loaded from elsewhere.

    The files in it are looked into as well, and the files in those.

    Args:
        size: of the archive, in bytes.
    """
    _refuse_active_parts(archive, Room.for_size(size), DEEPEST)


@dataclass
class Room:
    """The parts, and the unpacked bytes, that a file and the files in it may still have together."""

    parts: int
    unfolded: int

    @classmethod
    def for_size(cls, size: int) -> "Room":
        return cls(parts=MOST_PARTS, unfolded=_most_unfolded(size))

    def spend(self, parts: list[zipfile.ZipInfo]) -> None:
        """Raise ValidationError when these parts are too many, or too large when unpacked."""
        self.parts -= len(parts)
        self.unfolded -= sum(part.file_size for part in parts)
        if self.parts < 0 or self.unfolded < 0:
            raise ValidationError(BOMB, code="bomb")


def _refuse_active_parts(archive: zipfile.ZipFile, room: Room, depth: int) -> None:
    room.spend(archive.infolist())
    for part in archive.infolist():
        name = part.filename.lower().replace("\\", "/").lstrip("/")
        if part.flag_bits & 1:
            raise _active(LOCKED)
        if _is_program(name):
            raise _active(IN_OFFICE)
        if name.startswith("xl/externallinks/"):
            raise _active(OUTWARD)
        if name.endswith(".rels"):
            _refuse_outward(_xml(archive, part))
        elif name in ("[content_types].xml", "meta-inf/manifest.xml"):
            _refuse_macros(_xml(archive, part))
        elif name.endswith(("content.xml", "styles.xml", "settings.xml")):
            _refuse_scripts(archive, part)
        with archive.open(part) as content:
            head = content.read(CHUNK)
        is_archive = head.startswith(ZIP)
        if head.startswith(SHORT_STARTS) or is_program(head) or (is_archive and not depth):
            raise _active(IN_OFFICE)
        if is_archive:
            with zipfile.ZipFile(io.BytesIO(archive.read(part))) as inner:
                _refuse_active_parts(inner, room, depth - 1)


def _most_unfolded(size: int) -> int:
    return min(UNFOLDED_BYTES, max(SMALL_BYTES, size * UNFOLDED_RATIO))


def _active(message: str) -> ValidationError:
    return ValidationError(message, code="active")


# PDF ----------------------------------------------------------------------------------------------------------


@dataclass
class Effort:
    """The bytes that may still be read from packed streams, and that may still come out of them."""

    to_read: int
    to_unfold: int

    @classmethod
    def for_size(cls, size: int) -> "Effort":
        return cls(to_read=READ_RATIO * size + CHUNK, to_unfold=_most_unfolded(size))

    def spend(self, *, read: int = 0, unfolded: int = 0) -> None:
        """Raise ValidationError when more is spent than a file of this size takes."""
        self.to_read -= read
        self.to_unfold -= unfolded
        if self.to_unfold < 0:
            raise ValidationError(BOMB, code="bomb")
        if self.to_read < 0:
            raise _active(PDF_LOCKED)


def _packed_in(content: bytes, effort: Effort) -> Iterator[bytes]:
    """Unpack the streams of a PDF, except pictures."""
    for number, match in enumerate(PDF_STREAM.finditer(content)):
        if number == MOST_STREAMS:
            raise ValidationError(BOMB, code="bomb")
        header = _header(content, match.start())
        holds_objects = bool(PDF_HOLDS_OBJECTS.search(header))
        if holds_objects and _is_packed_oddly(header):
            raise _active(PDF_LOCKED)
        # Skip pictures, which are many and large, unless a string or comment in the header could fake one.
        is_picture = PDF_PICTURE.search(header) and b")" not in header and b"%" not in header
        if is_program(content[match.end() : match.end() + CHUNK]):
            raise _active(IN_PDF)
        if holds_objects or not is_picture:
            pieces = _inflated(content, match.end(), effort)
            if is_program(first := next(pieces, b"")):
                raise _active(IN_PDF)
            yield first
            yield from pieces


def _header(content: bytes, start: int) -> bytes:
    """Return the dictionary before a stream, with its names unescaped."""
    before = content[max(0, start - LONGEST_HEADER) : start]
    begins = [match.end() for match in PDF_OBJECT.finditer(before)]
    return _unescaped(before[begins[-1] :] if begins else before)


def _is_packed_oddly(header: bytes) -> bool:
    """Return whether a stream uses any filter other than plain deflate."""
    predicted = b"/DecodeParms" in header or b"/DP" in header
    return predicted or (b"/F" in header.replace(b"/First", b"") and not PDF_PLAIN_DEFLATE.search(header))


def _unescaped(piece: bytes) -> bytes:
    return PDF_ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), piece)


def _inflated(content: bytes, start: int, effort: Effort) -> Iterator[bytes]:
    """Inflate the data that starts here; if the end is damaged, still yield the beginning."""
    inflater = zlib.decompressobj()
    try:
        for at in range(start, len(content), PACKED_PIECE):
            packed = content[at : at + PACKED_PIECE]
            size = len(packed)
            while packed and not inflater.eof:
                piece = inflater.decompress(packed, CHUNK)
                effort.spend(unfolded=len(piece))
                yield piece
                packed = inflater.unconsumed_tail
            # Not before: what is not deflated ends at its first bytes, with an error.
            effort.spend(read=size - len(inflater.unused_data))
            if inflater.eof:
                return
    except zlib.error:
        return


def _overlapping(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield pieces that overlap, so that no search term is split between two."""
    tail = b""
    for piece in pieces:
        yield tail + piece
        tail = (tail + piece)[-OVERLAP:]


# Office -------------------------------------------------------------------------------------------------------


def _is_program(name: str) -> bool:
    embedded = "/embeddings/" in name and not name.endswith(("/", *OFFICE_EMBEDDED))
    return (
        embedded
        or name.endswith(("vbaproject.bin", *OFFICE_PROGRAMS))
        or "/activex/" in name
        or name.startswith(("basic/", "scripts/", "xl/macrosheets/"))
    )


def _xml(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Any:
    """Parse a small part. A large one, or one that defines entities, could hide its content."""
    if part.file_size > LONGEST_PART:
        raise ValidationError(BOMB, code="bomb")
    data = archive.read(part)
    if b"<!" in data.replace(b"\x00", b"").replace(b"<!--", b""):
        raise _active(IN_OFFICE)
    try:
        return ElementTree.fromstring(data)
    except (ParseError, ValueError, LookupError) as error:
        raise zipfile.BadZipFile(part.filename) from error


def _refuse_outward(relationships: Any) -> None:
    """Raise for targets that the program loads automatically; links that people select are fine."""
    for each in relationships.iter():
        kind = each.get("Type", "").lower()
        if kind.endswith(FOREIGN_CHUNK):
            raise _active(IN_OFFICE)
        is_link = kind.endswith("/hyperlink")
        if each.get("TargetMode", "").lower() == "external" and not is_link:
            raise _active(OUTWARD)


def _refuse_macros(types: Any) -> None:
    for each in types.iter():
        attributes = " ".join(each.attrib.values()).lower()
        if any(word in attributes for word in (*OFFICE_MACROS, *FOREIGN_TYPES, "oleobject")):
            raise _active(IN_OFFICE)
        if each.tag.endswith(ODF_ENCRYPTED.decode()):
            raise _active(LOCKED)


def _refuse_scripts(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Raise for scripts in a part that may be long, also in UTF-16 or as character references."""
    with archive.open(part) as content:
        for piece in _overlapping(_read(content)):
            narrow = piece.replace(b"\x00", b"")
            plain = html.unescape(narrow.decode("latin-1")).encode("latin-1", "replace")
            if b"<!DOCTYPE" in narrow or b"<!ENTITY" in narrow or ODF_SCRIPTS.search(plain):
                raise _active(IN_OFFICE)


def _read(content: IO[bytes]) -> Iterator[bytes]:
    while chunk := content.read(CHUNK):
        yield chunk
