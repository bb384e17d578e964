"""Send the log to a receiver of syslog over TLS (RFC 5424, RFC 5425), where `SYSLOG_ADDRESS` names one.

A thread sends what a queue holds, so that no request waits for the receiver. While it cannot be reached, lines wait in the
queue; when that is full, new ones are counted and left out. Standard error has them all.
"""

import logging
import os
import queue
import socket
import ssl
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime
from urllib.parse import urlsplit

APP = "prevent-tracker"
PORT = 6514
SECONDS = 10
"""How long the receiver may take to connect, and to take a line."""
MOST_WAITING = 10_000
LONGEST_PAUSE = 30
LAST_SECONDS = 2
"""How long a process that ends waits for its last lines to be sent."""
# Facilities and severities of RFC 5424.
SECURITY_FACILITY, OTHER_FACILITY = 10, 16
SEVERITIES = {"CRITICAL": 2, "ERROR": 3, "WARNING": 4, "INFO": 6, "DEBUG": 7}
OK = "ok"


class SyslogHandler(logging.Handler):
    """Sends each record as one message, in the order of the log."""

    def __init__(self, address: str, ca_file: str = "", *, most_waiting: int = MOST_WAITING) -> None:
        """Prepare to send; the first record connects.

        Args:
            address: `tls://host:6514`.
            ca_file: file of certificates that the receiver's is checked against; the system's without it.
        """
        super().__init__()
        parts = urlsplit(address)
        self.host, self.port = parts.hostname or "", parts.port or PORT
        self.context = ssl.create_default_context(cafile=ca_file or None)
        self.lost = 0
        self.failure = ""
        self._failed_at: datetime | None = None
        self._waiting: queue.Queue[bytes] = queue.Queue(most_waiting)
        self._connection: ssl.SSLSocket | None = None
        self._process = 0
        self._stopping = threading.Event()
        _handlers.append(self)

    def emit(self, record: logging.LogRecord) -> None:
        try:
            message = self._message(record)
        except Exception:  # noqa: BLE001  logging's own way to report what cannot be formatted
            self.handleError(record)
            return
        self._start()
        try:
            self._waiting.put_nowait(message)
        except queue.Full:
            self.lost += 1

    @property
    def state(self) -> str:
        """The text for the health check: "ok", or what is wrong and since when.

        It has no counts: a change of health is a line of the log, and each line would change them.
        """
        lost = "lines were lost" if self.lost else ""
        if not self.failure:
            return lost or OK
        since = f"{self._failed_at:%-d %B %H:%M} UTC" if self._failed_at else "the start"
        return "; ".join(filter(None, [f"not sent since {since}: {self.failure}", lost]))

    def flush(self) -> None:
        """Wait a little for the last lines, unless the receiver cannot be reached."""
        deadline = time.monotonic() + LAST_SECONDS
        while self._waiting.unfinished_tasks and not self.failure and time.monotonic() < deadline:
            time.sleep(0.01)

    def close(self) -> None:
        self.flush()
        self._stopping.set()
        with suppress(ValueError):
            _handlers.remove(self)
        super().close()

    def _message(self, record: logging.LogRecord) -> bytes:
        facility = SECURITY_FACILITY if record.name == "security" else OTHER_FACILITY
        priority = facility * 8 + SEVERITIES.get(record.levelname, 5)
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        kind = getattr(record, "fields", {}).get("event", "-")
        head = f"<{priority}>1 {moment} {socket.gethostname() or '-'} {APP} {os.getpid()} {kind} - "
        message = (head + self.format(record)).encode()
        return b"%d %b" % (len(message), message)

    def _start(self) -> None:
        """Start the thread of this process: a fork takes no threads along."""
        if self._process == os.getpid():
            return
        with self.lock or threading.RLock():
            if self._process != os.getpid():
                self._process, self._connection = os.getpid(), None
                threading.Thread(target=self._run, name="syslog", daemon=True).start()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                message = self._waiting.get(timeout=1)
            except queue.Empty:
                continue
            pause = 1
            while not self._send(message) and not self._stopping.wait(pause):
                pause = min(2 * pause, LONGEST_PAUSE)
            self._waiting.task_done()
        self._disconnect()

    def _send(self, message: bytes) -> bool:
        try:
            if self._connection is None or self._is_closed(self._connection):
                self._disconnect()
                plain = socket.create_connection((self.host, self.port), timeout=SECONDS)
                try:
                    self._connection = self.context.wrap_socket(plain, server_hostname=self.host)
                except OSError:
                    plain.close()
                    raise
            self._connection.sendall(message)
        except OSError as error:
            self._disconnect()
            self._failed_at = self._failed_at or datetime.now(UTC)
            self.failure = error.reason if isinstance(error, ssl.SSLError) else str(error.strerror or error)
            return False
        self.failure, self._failed_at = "", None
        return True

    def _is_closed(self, connection: ssl.SSLSocket) -> bool:
        """Return whether the receiver has closed the connection: it sends nothing else."""
        connection.settimeout(0)
        try:
            return connection.recv(1) == b""
        except (ssl.SSLWantReadError, BlockingIOError):
            return False
        except OSError:
            return True
        finally:
            connection.settimeout(SECONDS)

    def _disconnect(self) -> None:
        if self._connection is not None:
            with suppress(OSError):
                self._connection.close()
            self._connection = None


_handlers: list[SyslogHandler] = []


def state() -> str:
    """Return the state of this process's handler for the health check; empty where none is set."""
    return _handlers[0].state if _handlers else ""
