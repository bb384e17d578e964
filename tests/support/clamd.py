"""A stand-in for ClamAV: it speaks INSTREAM, and knows the EICAR test file in archives of any depth."""

import io
import socketserver
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

# In two halves, so that no scanner takes this file for the test file.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}" + rb"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
NAME = "Eicar-Test-Signature"


class Scanner(socketserver.ThreadingUnixStreamServer):
    """Answers each file as clamd does; `answer` replaces that answer."""

    daemon_threads = True
    answer = b""
    scans = 0
    knows_eicar = True


class _Handler(socketserver.StreamRequestHandler):
    server: Scanner

    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\x00"
        content = b"".join(self._chunks())
        self.server.scans += 1
        is_infected = self.server.knows_eicar and _has_eicar(content)
        verdict = f"{NAME} FOUND" if is_infected else "OK"
        self.wfile.write(self.server.answer or f"stream: {verdict}\x00".encode())

    def _chunks(self) -> Iterator[bytes]:
        while size := struct.unpack("!I", self.rfile.read(4))[0]:
            yield self.rfile.read(size)


def _has_eicar(content: bytes) -> bool:
    if EICAR in content:
        return True
    if not content.startswith(b"PK"):
        return False
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return any(_has_eicar(archive.read(name)) for name in archive.namelist())


@contextmanager
def running_scanner(folder: Path) -> Iterator[tuple[Scanner, str]]:
    """Run a scanner, and give it with its address."""
    path = folder / "clamd.sock"
    with Scanner(str(path), _Handler) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        try:
            yield server, f"unix://{path}"
        finally:
            server.shutdown()
