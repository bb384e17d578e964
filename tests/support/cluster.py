"""A PostgreSQL server of a test run's own, in a temporary directory."""

import getpass
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

import pytest

SERVER_START_SECONDS = 30
INITIAL = ("-U", "suite", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")


def server_programs() -> Path | None:
    """The directory that holds initdb and postgres, newest version first."""
    candidates = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True
    )
    if pg_config := shutil.which("pg_config"):
        answer = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False)
        candidates.insert(0, Path(answer.stdout.strip()))
    if initdb := shutil.which("initdb"):
        candidates.append(Path(initdb).resolve().parent)
    return next(
        (path for path in candidates if (path / "initdb").exists() and (path / "postgres").exists()), None
    )


def unprivileged_user() -> str:
    """PostgreSQL refuses to run as root, so root lends it an ordinary user."""
    if os.geteuid() != 0:
        return getpass.getuser()
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def copy_files(origin: Path, copy: Path) -> None:
    """The whole directory, with its owners: PostgreSQL reads no files but its own user's."""
    subprocess.run(["cp", "-a", origin, copy], check=True)


class Cluster:
    """A PostgreSQL of the run's own: no port, no password, no durability."""

    def __init__(self, programs: Path) -> None:
        self.programs = programs
        self.user = unprivileged_user()
        # Kept short and apart from DATA_DIR: a socket's path may have no more than 107 characters.
        self.directory = Path(tempfile.mkdtemp(prefix="pg-"))
        self.server: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        return self.directory / "data"

    def url(self, database: str) -> str:
        return f"postgresql://suite@{quote(str(self.directory), safe='')}/{database}"

    def start(self, template: Path | None = None) -> None:
        """Begin with a copy of the template's files, or with an empty cluster."""
        entry = pwd.getpwnam(self.user)
        os.chown(self.directory, entry.pw_uid, entry.pw_gid)
        if template:
            copy_files(template, self.data)
        else:
            self._run("initdb", "-D", self.data, *INITIAL)
        self.start_again()

    def start_again(self) -> None:
        """Start the server on the files that are there."""
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.directory),
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "max_connections": "60",
            # Nobody else is here: no time goes into what pays off over days, or for queries of minutes.
            "autovacuum": "off",
            "jit": "off",
            "wal_level": "minimal",
            "max_wal_senders": "0",
            "checkpoint_timeout": "1h",
        }
        flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with (self.directory / "log").open("wb") as log:
            self.server = subprocess.Popen(
                [self.programs / "postgres", "-D", self.data, *flags],
                stdout=log,
                stderr=log,
                cwd=self.directory,
                **self._identity(),
            )
        self._wait()

    def _identity(self) -> dict[str, str | int]:
        if os.geteuid() != 0:
            return {}
        entry = pwd.getpwnam(self.user)
        return {"user": entry.pw_uid, "group": entry.pw_gid}

    def _run(self, program: str, *arguments: str | Path) -> None:
        done = subprocess.run(
            [self.programs / program, *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd=self.directory,
            **self._identity(),
        )
        if done.returncode:
            raise pytest.UsageError(f"{program} failed:\n{done.stdout}{done.stderr}")

    def _wait(self) -> None:
        deadline = time.monotonic() + SERVER_START_SECONDS
        socket = self.directory / ".s.PGSQL.5432"
        ready = "database system is ready to accept connections"
        while not (socket.exists() and ready in (self.directory / "log").read_text()):
            if time.monotonic() > deadline or (self.server and self.server.poll() is not None):
                log = (self.directory / "log").read_text()
                self.stop()
                raise pytest.UsageError(f"PostgreSQL did not start:\n{log}")
            time.sleep(0.05)

    def shut_down(self) -> None:
        if self.server and self.server.poll() is None:
            self.server.send_signal(signal.SIGINT)  # a fast shutdown: open connections are cut
            try:
                self.server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.server.kill()
                self.server.wait()

    def stop(self) -> None:
        self.shut_down()
        shutil.rmtree(self.directory, ignore_errors=True)
