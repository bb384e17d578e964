"""A service as it is deployed: granian on a port of this machine, with a PostgreSQL server of its own."""

import copy
import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import NamedTuple

import pytest

from tests.architecture.source import ROOT
from tests.support.cluster import Cluster, server_programs
from tests.support.harness import CI, NO_POSTGRESQL
from tests.support.template_database import TEMPLATE, postgresql_template

PATIENCE = 60
THREADS = 4


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: str


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def ask(
    port: int,
    path: str,
    method: str = "GET",
    *,
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
    seconds: float = 20,
) -> Answer:
    """Send one request on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        connection.request(method, path, body, {"Host": "localhost", **(headers or {})})
        response = connection.getresponse()
        names = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, names, response.read().decode("utf-8", "replace"))
    finally:
        connection.close()


def wait_until(is_so: Callable[[], bool], what: str, seconds: float = PATIENCE) -> float:
    """Wait until something is so, and return the seconds it took."""
    start = time.monotonic()
    while time.monotonic() - start < seconds:
        try:
            if is_so():
                return time.monotonic() - start
        except OSError:
            pass
        time.sleep(0.05)
    raise AssertionError(f"Not within {seconds} seconds: {what}")


class Service:
    """One web service with its database server."""

    def __init__(self, **settings: str) -> None:
        programs = server_programs()
        if programs is None:
            pytest.fail(NO_POSTGRESQL) if CI else pytest.skip(NO_POSTGRESQL)
        self.cluster = Cluster(programs)
        self.cluster.start(postgresql_template(programs))
        self.port, self.operations_port = free_port(), free_port()
        self.directory = tempfile.TemporaryDirectory(prefix="service-")
        self.data = Path(self.directory.name)
        self.environment = {
            "PATH": os.environ["PATH"],
            "MODE": "test",
            "SECRET_KEY": "for-this-test-only-" * 4,
            "LEDGER_SIGNING_KEY": os.environ["LEDGER_SIGNING_KEY"],
            "DATABASE_URL": self.cluster.url(TEMPLATE),
            "DATA_DIR": str(self.data),
            "OPERATIONS_ADDRESS": f"127.0.0.1:{self.operations_port}",
            **settings,
        }
        self.server: subprocess.Popen[bytes] | None = None
        self.code = ROOT

    def start(self, workers: int = 1) -> None:
        self.launch(workers)
        wait_until(lambda: self.ready().status == 200, "the service is ready")

    def launch(self, workers: int = 1, *more: str) -> None:
        """Start the web service without waiting for it."""
        options = ["--port", str(self.port), "--workers", str(workers), "--threads", str(THREADS)]
        options += ["--header-seconds", "2", "--stop-seconds", "1", *more]
        with (self.data / "log").open("ab") as log:
            self.server = subprocess.Popen(
                [sys.executable, "-m", "prevent_tracker.serve", *options],
                env=self.environment,
                cwd=self.code,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @contextmanager
    def kept_running(self, workers: int) -> Iterator[None]:
        """Start the web service, and start it again when it ends, as a service manager does."""
        is_over = Event()

        def watch() -> None:
            while not is_over.wait(0.1):
                if self.server and self.server.poll() is not None:
                    self.launch(workers)

        self.start(workers)
        thread = Thread(target=watch, daemon=True)
        thread.start()
        try:
            yield
        finally:
            is_over.set()
            thread.join()

    @property
    def log(self) -> str:
        return (self.data / "log").read_text("utf-8", "replace")

    def ask(self, path: str, method: str = "GET", **options: object) -> Answer:
        return ask(self.port, path, method, **options)  # type: ignore[arg-type]

    def ready(self, seconds: float = 2) -> Answer:
        return ask(self.operations_port, "/readyz", seconds=seconds)

    def manage(self, *command: str, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *command],
            env=self.environment | settings,
            cwd=self.code,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    @contextmanager
    def frozen_database(self) -> Iterator[None]:
        """Stop every process of the database server, as a machine that hangs does."""
        assert self.cluster.server is not None
        pids = [self.cluster.server.pid, *_children(self.cluster.server.pid)]
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)

    def beside(self, code: Path) -> "Service":
        """Another web service on the same database, that runs other code."""
        other = copy.copy(self)
        other.code, other.server = code, None
        other.port, other.operations_port = free_port(), free_port()
        other.environment = self.environment | {"OPERATIONS_ADDRESS": f"127.0.0.1:{other.operations_port}"}
        return other

    def end(self) -> None:
        """End the web service alone."""
        if self.server:
            os.killpg(self.server.pid, signal.SIGKILL)
            self.server.wait()

    def stop(self) -> None:
        self.end()
        self.cluster.stop()
        self.directory.cleanup()


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@contextmanager
def running(**settings: str) -> Iterator[Service]:
    service = Service(**settings)
    try:
        service.start()
        yield service
    finally:
        service.stop()
