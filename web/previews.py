"""Pages of a PDF as pictures: a browser shows them without reading the file itself."""

import struct
import zlib
from base64 import b64encode
from typing import Any

import pypdfium2
from django.core.files.base import File
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from web.isolated import FileTooCostlyError, run_isolated

# Browsers draw pictures of these kinds themselves.
PICTURES = frozenset({"image/png", "image/jpeg"})
PDF = "application/pdf"
LARGEST_PICTURE = 8 * 1024 * 1024
MOST_PAGES = 5
WIDTH = 900  # pixels: readable at the width of a page
HIGHEST = 2000
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"


def can_preview(*, content_type: str, size: int) -> bool:
    """Return whether a file of this kind and size is shown in a frame."""
    return content_type == PDF or (content_type in PICTURES and size <= LARGEST_PICTURE)


def preview_response(*, file: File, content_type: str, name: str) -> HttpResponse:
    """Return the page inside the frame of a preview. It can run no script and load nothing.

    Args:
        content_type: of a file that `can_preview`.
    """
    data = file.read()
    pictures, number = [(content_type, data)], 1
    if content_type == PDF:
        try:
            pages, number = run_isolated(draw_pages, data)
        except (FileTooCostlyError, ValueError):
            pages, number = [], 0
        pictures = [("image/png", page) for page in pages]
    context = {
        "name": name,
        "pictures": [
            mark_safe(f"data:{kind};base64,{b64encode(picture).decode()}")  # noqa: S308  no text of the file
            for kind, picture in pictures
        ],
        "left": number - len(pictures),
    }
    response = HttpResponse(render_to_string("web/preview.html", context))
    response["Content-Security-Policy"] = POLICY
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def draw_pages(data: bytes) -> tuple[list[bytes], int]:
    """Return the first pages of a PDF as PNG, and how many pages it has; called in a process of its own.

    Raises:
        ValueError: when it cannot be opened.
    """
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise ValueError(str(error)) from None
    with document:
        number = len(document)
        return [_draw(document[index]) for index in range(min(number, MOST_PAGES))], number


def _draw(page: Any) -> bytes:
    width, height = page.get_size()
    scale = min(WIDTH / max(width, 1), HIGHEST / max(height, 1))
    bitmap = page.render(scale=scale, rev_byteorder=True, force_bitmap_format=pypdfium2.raw.FPDFBitmap_BGR)
    line = bitmap.width * 3
    rows = bytes(bitmap.buffer)
    # Each line of a PNG begins with the filter that was used on it: none.
    lines = b"".join(b"\0" + rows[start : start + line] for start in range(0, len(rows), bitmap.stride))
    header = struct.pack(">IIBBBBB", bitmap.width, bitmap.height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(lines, 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_part(kind, content) for kind, content in parts)


def _part(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)
