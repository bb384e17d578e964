"""Where the suite runs: its settings, its data directory and its database server.

Loaded with `-p tests.support.harness` before Django reads its settings. TEST_DATABASE says on which database: `sqlite` (the
default, in a file, because tests race two real connections) or `postgresql` (a throw-away cluster that listens on a
socket in a temporary directory and goes when the run ends). With CI=true nothing may be missing and nothing may be
skipped, unless the reason begins with "only on ".
"""

import atexit
import gc
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

# Their classes look for their sources among all modules that are there: before Django and the tests there are few.
import scim2_client  # noqa: F401

from tests.support import template_database
from tests.support.cluster import Cluster, server_programs

CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}
DATABASE = os.environ.get("TEST_DATABASE", "sqlite")
IS_WORKER = "PYTEST_XDIST_WORKER" in os.environ
NO_POSTGRESQL = "no PostgreSQL server programs (initdb, postgres) on this machine"
# Whatever a developer's shell says about a deployment is none of the suite's business.
FOREIGN = [
    "ALLOWED_HOSTS",
    "CSRF_TRUSTED_ORIGINS",
    "DEBUG",
    "DEMO_DATE",
    "EMAIL_URL",
    "PRIVATE_HOSTS",
    "CLOCK_TOLERANCE_SECONDS",
    "WEBHOOK_ALLOWED_NETWORKS",
    "WEBHOOK_CA_FILE",
    "WEBHOOK_SECRET_KEYS",
    "MFA_REQUIRED",
    "WEBHOOK_KEEP_DAYS",
    "READS_KEEP_DAYS",
    "UNUSED_ACCOUNT_DAYS",
    "SECRET_LINK_HOURS",
    "MEMBERSHIP_REVIEW_GRACE_DAYS",
    "SECRET_KEY_FALLBACKS",
    "SITE_LANGUAGE",
    "EVIDENCE_MAX_BYTES",
    "EVIDENCE_BYTES_PER_ACTION",
    "EVIDENCE_BYTES_PER_ORGANISATION",
    "EVIDENCE_BYTES_PER_DAY",
    "IMPORT_MAX_BYTES",
    "RETURN_MAX_BYTES",
    "FILE_PARSER_MEMORY_MB",
    "CLAMD_ADDRESS",
    "ACCESS_TOKEN_SECONDS",
    "BEHIND_PROXY",
    "TRUSTED_PROXIES",
    "SIGN_IN_FAILURES_PER_ADDRESS",
    "SIGN_IN_FAILURES_PER_ACCOUNT",
    "CORS_ORIGINS",
    "RATE_LIMIT_CACHE_URL",
    "LEDGER_FORMER_PUBLIC_KEYS",
    "LOG_LEVEL",
    "LOG_FORMAT",
    "SYSLOG_ADDRESS",
    "SYSLOG_CA_FILE",
    "CONTACT_EMAIL",
    "SECURITY_CONTACT",
    "SECURITY_CONTACT_UNTIL",
    "DATA_CONTROLLER",
    "ERROR_REPORTS_DSN",
    "SITE_ADDRESS",
    "ESCALATE_AFTER_DAYS",
    "ESCALATE_RETURNS_AFTER_DAYS",
    "DATABASE_CONNECT_SECONDS",
    "DATABASE_LOCK_SECONDS",
    "DATABASE_STATEMENT_SECONDS",
    "DATABASE_IDLE_SECONDS",
    "DATABASE_SUPERUSER_ALLOWED",
    "DISK_FREE_BYTES",
    "OUTBOUND",
    "BACKUP_RECIPIENTS",
    "OPERATIONS_ADDRESS",
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
        # A process for each file would cost hundreds of tests half a second each; tests/web/test_isolated.py starts them.
        "FILE_PARSER_SECONDS": "0",
        # Hundreds of tests ask as the same few callers within a minute that stands still.
        "API_READS_PER_MINUTE": "1000000",
        "API_WRITES_PER_MINUTE": "1000000",
        # Playwright keeps an event loop in the test's own thread; the ORM calls beside it are synchronous all the same.
        "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
    }


def collect_garbage_seldom() -> None:
    """Look for garbage cycles where there is some: rows and queries come and go without leaving any."""
    gc.set_threshold(50_000, 20, 50)


def start_database() -> None:
    """Start what TEST_DATABASE names and tell Django, and every parallel worker, where it is."""
    if DATABASE not in {"sqlite", "postgresql"}:
        raise pytest.UsageError(f"TEST_DATABASE must be sqlite or postgresql, not {DATABASE!r}")
    if DATABASE == "sqlite":
        os.environ["TEST_TEMPLATE"] = str(template_database.sqlite_template())
        return
    programs = server_programs()
    if programs is None:
        if CI:
            raise pytest.UsageError(NO_POSTGRESQL)
        print(f"\n{'=' * 78}\nNOT TESTED ON POSTGRESQL: {NO_POSTGRESQL}\n{'=' * 78}")
        raise SystemExit(0)
    # A run that is told to stop leaves through atexit too, and takes its server along.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    cluster = Cluster(programs)
    atexit.register(cluster.stop)
    cluster.start(template_database.postgresql_template(programs))
    os.environ["DATABASE_URL"] = cluster.url("postgres")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(args: list[str]) -> Generator[None, None, None]:
    collect_garbage_seldom()
    prepare_environment()
    if not IS_WORKER and not {"--help", "-h", "--version", "--collect-only", "--fixtures"} & set(args):
        start_database()
    return (yield)


def pytest_collection_finish() -> None:
    """What was imported stays: no later look for garbage need go through it."""
    gc.freeze()


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
