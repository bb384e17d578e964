"""Where the suite runs: its settings, its data directory and its database server.

Loaded with `-p tests.harness` before Django reads its settings. TEST_DATABASE says on which database: `sqlite` (the
default, in a file, because tests race two real connections) or `postgresql` (a throw-away cluster that listens on a
socket in a temporary directory and goes when the run ends). With CI=true nothing may be missing and nothing may be
skipped, unless the reason begins with "only on ".
"""

import atexit
import getpass
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from pathlib import Path
from urllib.parse import quote

import pytest

CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}
DATABASE = os.environ.get("TEST_DATABASE", "sqlite")
IS_WORKER = "PYTEST_XDIST_WORKER" in os.environ
NO_POSTGRESQL = "no PostgreSQL server programs (initdb, postgres) on this machine"
SERVER_START_SECONDS = 30
# Whatever a developer's shell says about a deployment is none of the suite's business.
FOREIGN = [
    "ALLOWED_HOSTS",
    "CSRF_TRUSTED_ORIGINS",
    "DEBUG",
    "DEMO_DATE",
    "EMAIL_URL",
    "SECRET_KEY_FALLBACKS",
    "EVIDENCE_MAX_BYTES",
    "IMPORT_MAX_BYTES",
    "ACCESS_TOKEN_SECONDS",
    "BEHIND_PROXY",
    "LEDGER_FORMER_PUBLIC_KEYS",
    "LOG_LEVEL",
    "SITE_ADDRESS",
    "ESCALATE_AFTER_DAYS",
]


def prepare_environment() -> None:
    """Give this process the suite's settings; a parallel worker inherits all but its own data directory."""
    if IS_WORKER:
        directory = Path(os.environ["DATA_DIR"]) / os.environ["PYTEST_XDIST_WORKER"]
    else:
        directory = Path(tempfile.mkdtemp(prefix="prevent-tracker-"))
        atexit.register(shutil.rmtree, directory, ignore_errors=True)
        for name in FOREIGN:
            os.environ.pop(name, None)
        os.environ["DATABASE_URL"] = f"sqlite:///{directory / 'unused.sqlite3'}"
    directory.mkdir(exist_ok=True)
    os.environ |= {
        "MODE": "test",
        "SECRET_KEY": "not-a-secret-" * 5,
        "LEDGER_SIGNING_KEY": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",  # the bytes 0 to 31, in base64
        "DATA_DIR": str(directory),
        # Playwright keeps an event loop in the test's own thread; the ORM calls beside it are synchronous all the same.
        "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
    }


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


class Cluster:
    """A PostgreSQL of the run's own: no port, no password, no durability."""

    def __init__(self, programs: Path) -> None:
        self.programs = programs
        self.user = unprivileged_user()
        # Kept short and apart from DATA_DIR: a socket's path may have no more than 107 characters.
        self.directory = Path(tempfile.mkdtemp(prefix="pg-"))
        self.server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgresql://suite@{quote(str(self.directory), safe='')}/postgres"

    def start(self) -> None:
        entry = pwd.getpwnam(self.user)
        os.chown(self.directory, entry.pw_uid, entry.pw_gid)
        data = self.directory / "data"
        self._run(
            "initdb", "-D", data, "-U", "suite", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"
        )
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.directory),
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "max_connections": "60",
        }
        flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with (self.directory / "log").open("wb") as log:
            self.server = subprocess.Popen(
                [self.programs / "postgres", "-D", data, *flags],
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

    def stop(self) -> None:
        if self.server and self.server.poll() is None:
            self.server.send_signal(signal.SIGINT)  # a fast shutdown: open connections are cut
            try:
                self.server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.server.kill()
                self.server.wait()
        shutil.rmtree(self.directory, ignore_errors=True)


def start_database() -> None:
    """Start what TEST_DATABASE names and tell Django, and every parallel worker, where it is."""
    if DATABASE not in {"sqlite", "postgresql"}:
        raise pytest.UsageError(f"TEST_DATABASE must be sqlite or postgresql, not {DATABASE!r}")
    if DATABASE == "sqlite":
        return
    programs = server_programs()
    if programs is None:
        if CI:
            raise pytest.UsageError(NO_POSTGRESQL)
        print(f"\n{'=' * 78}\nNOT TESTED ON POSTGRESQL: {NO_POSTGRESQL}\n{'=' * 78}")
        raise SystemExit(0)
    cluster = Cluster(programs)
    atexit.register(cluster.stop)
    # A run that is told to stop leaves through atexit too, and takes its server along.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    cluster.start()
    os.environ["DATABASE_URL"] = cluster.url


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(args: list[str]) -> Generator[None, None, None]:
    prepare_environment()
    if not IS_WORKER and not {"--help", "-h", "--version", "--collect-only", "--fixtures"} & set(args):
        start_database()
    return (yield)


def pytest_report_header() -> str:
    return f"database: {DATABASE}"


def _must_not_skip(longrepr: object) -> str | None:
    """The reason of a skip that CI does not accept."""
    if not CI or not isinstance(longrepr, tuple):
        return None
    reason = str(longrepr[2]).removeprefix("Skipped: ")
    return None if reason.startswith("only on ") else reason


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and (reason := _must_not_skip(report.longrepr)):
        report.outcome, report.longrepr = "failed", f"skipped, which CI does not accept: {reason}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if report.skipped and (reason := _must_not_skip(report.longrepr)):
        report.outcome, report.longrepr = "failed", f"skipped, which CI does not accept: {reason}"
    return report
