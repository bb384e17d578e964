"""Uploaded files: check their type and content, and send them back safely.

The extension and the content must agree, and the type must be allowed. Active or disguised files are refused, and
downloads never run in a page.
"""

import hashlib
import re
import zipfile
from collections.abc import Callable
from pathlib import PurePath
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import FileResponse
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext

from audit.security_events import log_event
from web.active import CHUNK, refuse_active_office, refuse_active_pdf, refuse_bomb
from web.isolated import FileTooCostlyError, run_isolated
from web.programs import ZIP, is_program, is_program_behind_picture
from web.scanner import refuse_infected

LONGEST_NAME = 150
OOXML = "application/vnd.openxmlformats-officedocument"
TYPES = {
    "pdf": "application/pdf",
    "docx": f"{OOXML}.wordprocessingml.document",
    "xlsx": f"{OOXML}.spreadsheetml.sheet",
    "pptx": f"{OOXML}.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "csv": "text/csv",
    "txt": "text/plain",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
}
EVIDENCE = frozenset(TYPES)
# Kinds whose check unpacks what they hold.
PARSED = frozenset({"pdf", "docx", "xlsx", "pptx", "odt", "ods"})
TABLES = frozenset({"xlsx", "csv"})
OFFICE_FOLDERS = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}
BOM = b"\xef\xbb\xbf"
MARKUP = re.compile(
    rb"\s*<\s*(!--|!doctype\s+html|html|head|body|script|svg|iframe|object|embed|\?xml)", re.IGNORECASE
)
HEAD = 4096
CONTROL_BYTES = frozenset(range(32)) - {9, 10, 12, 13}


def check(file: File, *, allowed: frozenset[str] = EVIDENCE, limit: int) -> str:
    """Return the content type of an acceptable file. A scanner, where one is set, has the last word.

    Args:
        allowed: extensions in TYPES, without the dot.
        limit: size in bytes.

    Raises:
        ValidationError: one message about what is wrong with the file.
    """
    name = PurePath(str(file.name or "").replace("\\", "/")).name
    extension = _extension(name, allowed)
    size = file.size or 0
    if size == 0:
        raise ValidationError(gettext("The selected file is empty"), code="empty")
    if size > limit:
        raise ValidationError(
            gettext("The selected file must be smaller than {limit}").format(limit=filesizeformat(limit)),
            code="too_large",
        )
    file.seek(0)
    try:
        if extension in PARSED:
            _check_in_a_process(file, extension)
        else:
            _CHECKS[extension](file, extension)
        file.seek(0)
        refuse_infected(file)
    except ValidationError as error:
        log_event("file_refused", why=error.code, size=size)
        raise
    return TYPES[extension]


def check_content(extension: str, data: bytes) -> None:
    """Check the content of a file; called in a process of its own.

    Raises:
        ValidationError: as `check`.
    """
    _CHECKS[extension](ContentFile(data), extension)


def _check_in_a_process(file: File, extension: str) -> None:
    try:
        run_isolated(check_content, extension, file.read())
    except FileTooCostlyError as error:
        raise ValidationError(str(error), code="too_costly") from error


def sha256(file: File) -> str:
    """Return the file's SHA-256 in hexadecimal, and rewind the file."""
    digest = hashlib.sha256()
    file.seek(0)
    for chunk in file.chunks(CHUNK):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def attachment_response(file: IO[bytes] | File, name: str, content_type: str) -> FileResponse:
    """Return a file as a download: browsers must not run uploaded files."""
    response = FileResponse(file, as_attachment=True, filename=name, content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


class CappedUploadHandler(TemporaryFileUploadHandler):
    """Stop writing a file to disk beyond `LIMIT`, but report its true size so that the form can show an error."""

    LIMIT = 64 * 1024 * 1024

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start >= self.LIMIT:
            return
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError:
            # Closing deletes the partial file, which frees space on a full disk.
            self.file.close()
            raise


def _extension(name: str, allowed: frozenset[str]) -> str:
    extension = PurePath(name).suffix.removeprefix(".").lower()
    if extension not in allowed:
        kinds = ", ".join(sorted(kind.upper() for kind in allowed if kind != "jpeg"))
        raise ValidationError(
            gettext("The selected file must be one of: {kinds}").format(kinds=kinds), code="type"
        )
    if len(name) > LONGEST_NAME:
        raise ValidationError(
            gettext("The file name must be {longest_name} characters or fewer").format(
                longest_name=LONGEST_NAME
            ),
            code="name",
        )
    if not name.isprintable():
        raise ValidationError(gettext("The file name must not contain control characters"), code="name")
    return extension


def _mismatch(extension: str) -> ValidationError:
    message = gettext("The selected file is not a real {kind} file. Save it in the right format").format(
        kind=extension.upper()
    )
    return ValidationError(message, code="type")


def _check_image(file: File, extension: str) -> None:
    magic = b"\x89PNG\r\n\x1a\n" if extension == "png" else b"\xff\xd8\xff"
    if not file.read(HEAD).startswith(magic):
        raise _mismatch(extension)
    file.seek(0)
    if is_program_behind_picture(file.read(), extension):
        raise _mismatch(extension)


def _check_pdf(file: File, extension: str) -> None:
    if file.read(5) != b"%PDF-":
        raise _mismatch(extension)
    file.seek(0)
    refuse_active_pdf(file.read())


def _check_text(file: File, extension: str) -> None:
    head = file.read(HEAD).removeprefix(BOM).lstrip()
    while not head and (more := file.read(HEAD)):
        head = more.lstrip()
    head += file.read(HEAD)
    if MARKUP.match(head) or head.startswith((b"%PDF-", ZIP)) or is_program(head):
        raise _mismatch(extension)
    file.seek(0)
    while chunk := file.read(CHUNK):
        if not CONTROL_BYTES.isdisjoint(chunk):
            raise _mismatch(extension)


def _check_office(file: File, extension: str) -> None:
    # A program can have an archive at its end.
    if file.read(len(ZIP)) != ZIP:
        raise _mismatch(extension)
    try:
        with zipfile.ZipFile(file) as archive:
            refuse_bomb(archive.infolist(), file.size or 0)
            names = [part.filename.lower() for part in archive.infolist()]
            types = _read_part(archive, "[Content_Types].xml")
            mime = _read_part(archive, "mimetype")
            is_kind = (
                bool(types) and any(name.startswith(OFFICE_FOLDERS[extension]) for name in names)
                if extension in OFFICE_FOLDERS
                else mime.decode("ascii", "replace").strip() == TYPES[extension]
            )
            if not is_kind:
                raise _mismatch(extension)
            refuse_active_office(archive, file.size or 0)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError) as error:
        raise _mismatch(extension) from error


def _read_part(archive: zipfile.ZipFile, name: str) -> bytes:
    """Read a small part of an archive, at most 1 MB."""
    try:
        with archive.open(name) as part:
            return part.read(1024 * 1024)
    except KeyError:
        return b""


_CHECKS: dict[str, Callable[[File, str], Any]] = {
    "pdf": _check_pdf,
    "docx": _check_office,
    "xlsx": _check_office,
    "pptx": _check_office,
    "odt": _check_office,
    "ods": _check_office,
    "csv": _check_text,
    "txt": _check_text,
    "png": _check_image,
    "jpg": _check_image,
    "jpeg": _check_image,
}
