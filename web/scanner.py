"""Scan files from outside with ClamAV, where `CLAMD_ADDRESS` names one. A file that cannot be scanned is refused.

The protocol is clamd's INSTREAM: chunks, each after its length in four bytes, and an empty one at the end. The
libraries for it are no longer maintained.
"""

import logging
import socket
import struct
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext_lazy

logger = logging.getLogger(__name__)
SECONDS = 30
"""How long the scanner may take to connect, and for each answer."""
CHUNK = 64 * 1024
LONGEST_ANSWER = 4096
INFECTED = gettext_lazy("The selected file contains malware ({name}), so it was not saved. Tell your IT team")
UNAVAILABLE = gettext_lazy(
    "The selected file could not be checked for malware, so it was not saved. Try again in a few minutes"
)


class ScannerUnavailableError(Exception):
    """The scanner cannot be reached, or does not say that a file is clean or infected."""


def is_configured() -> bool:
    return bool(settings.CLAMD_ADDRESS)


def malware_in(chunks: Iterable[bytes]) -> str:
    """Return the scanner's name for the malware in a file; empty for a clean one.

    Raises:
        ScannerUnavailableError: there is no such answer, for whatever reason.
    """
    try:
        with _connect() as connection:
            answer = _ask(connection, chunks)
    except OSError as error:
        raise ScannerUnavailableError(str(error)) from error
    text = answer.partition(b"\x00")[0].decode("utf-8", "replace").removeprefix("stream: ").strip()
    if text == "OK":
        return ""
    if text.endswith(" FOUND"):
        return text.removesuffix(" FOUND")
    raise ScannerUnavailableError(text or "no answer")


def refuse_infected(file: File) -> None:
    """Scan an uploaded file, once however often it is checked, and rewind it.

    Raises:
        ValidationError: code `infected`, or `unscanned` where the scanner cannot say.
    """
    if not is_configured() or getattr(file, "is_scanned", False):
        return
    file.seek(0)
    try:
        name = malware_in(file.chunks(CHUNK))
    except ScannerUnavailableError as error:
        logger.error("An uploaded file was refused, because the scanner cannot be used: %s", error)  # noqa: TRY400  one line
        raise ValidationError(UNAVAILABLE, code="unscanned") from error
    finally:
        file.seek(0)
    if name:
        logger.warning("An uploaded file of %s bytes was refused: %s", file.size, name)
        raise ValidationError(INFECTED.format(name=name), code="infected")
    file.is_scanned = True


def _connect() -> socket.socket:
    parts = urlsplit(settings.CLAMD_ADDRESS)
    if parts.scheme == "tcp":
        return socket.create_connection((parts.hostname or "", parts.port or 3310), timeout=SECONDS)
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(SECONDS)
    try:
        connection.connect(parts.path)
    except OSError:
        connection.close()
        raise
    return connection


def _ask(connection: socket.socket, chunks: Iterable[bytes]) -> bytes:
    try:
        connection.sendall(b"zINSTREAM\x00")
        for chunk in chunks:
            if chunk:
                connection.sendall(struct.pack("!I", len(chunk)) + chunk)
        connection.sendall(struct.pack("!I", 0))
    except (BrokenPipeError, ConnectionResetError):
        # It stops reading what is beyond its own limit, and says so.
        pass
    answer = b""
    while b"\x00" not in answer and len(answer) < LONGEST_ANSWER:
        piece = connection.recv(LONGEST_ANSWER)
        if not piece:
            break
        answer += piece
    return answer
