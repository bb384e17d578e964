"""Whether this process can serve: its database, migrations, clock, keys, and room for evidence."""

import logging
import shutil
import tempfile
import threading
import time
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.template.defaultfilters import filesizeformat

from audit.clock import ClockError
from audit.skew import require_agreeing_clocks
from web import syslog
from web.keys import wrong_keys

logger = logging.getLogger(__name__)
OK = "ok"
EVERY_SECONDS = 3
STALE_SECONDS = 10
# What is said but turns no visitor away: the log waits, and standard error has it.
WARNINGS = frozenset({"syslog"})


class Health(NamedTuple):
    """The result of each check by its name: "ok", or what is wrong."""

    checks: dict[str, str]

    @property
    def is_ready(self) -> bool:
        return all(result == OK for name, result in self.checks.items() if name not in WARNINGS)

    @property
    def status(self) -> int:
        return 200 if self.is_ready else 503

    @property
    def body(self) -> dict[str, str]:
        return {"status": OK if self.is_ready else "unavailable", **self.checks}


def check_health() -> Health:
    """Run every check. Takes as long as the database does to answer, or not to."""
    checks = {"database": OK, "clock": OK, "migrations": OK, "evidence": _evidence()}
    if state := syslog.state():
        checks["syslog"] = state
    try:
        require_agreeing_clocks()
    except ClockError as error:
        checks["clock"] = error.reason
    except (DatabaseError, InterfaceError):
        return Health({"database": "unreachable", "evidence": checks["evidence"]})
    try:
        checks["migrations"] = _migrations()
        if checks["migrations"] == OK:
            checks["keys"] = "; ".join(wrong_keys()) or OK
    except (DatabaseError, InterfaceError):
        checks["database"] = "unreachable"
    return Health(checks)


def _migrations() -> str:
    """Count the migrations that this version needs and the database lacks."""
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    return f"{missing} not applied" if missing else OK


def _evidence() -> str:
    """Write into the folder of evidence, and look how much room it has."""
    folder = Path(settings.MEDIA_ROOT)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"ready")
            file.flush()
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return f"cannot be written: {error.strerror}"
    return OK if free >= settings.DISK_FREE_BYTES else f"{filesizeformat(free)} left on the disk"


class Monitor:
    """Checks health in a thread, so that a question is answered at once even while the database answers nothing."""

    def __init__(self) -> None:
        self._latest: Health | None = None
        self._logged: Health | None = None
        self._changed_at = time.monotonic()
        self._lock = threading.Lock()

    def start(self) -> None:
        threading.Thread(target=self._run, name="health", daemon=True).start()
        # The first waits as long as a database that hangs.
        threading.Thread(target=self._watch, name="health log", daemon=True).start()

    @property
    def latest(self) -> Health:
        """The latest health; not ready when no check has ended for `STALE_SECONDS`."""
        with self._lock:
            health, age = self._latest, time.monotonic() - self._changed_at
        if age > STALE_SECONDS:
            return Health({"database": f"no answer for {STALE_SECONDS} seconds or more"})
        return health or Health({"database": "not checked yet"})

    def check(self) -> None:
        """Check once and note the result."""
        health = check_health()
        with self._lock:
            self._latest, self._changed_at = health, time.monotonic()

    def log(self) -> None:
        """Write a line into the log if health has changed since the one before."""
        health = self.latest
        if health != self._logged:
            self._logged = health
            level = logging.INFO if health.is_ready else logging.ERROR
            logger.log(level, "Health: %s", ", ".join(f"{name} {text}" for name, text in health.body.items()))

    def _run(self) -> None:
        while True:
            try:
                self.check()
            except Exception:
                logger.exception("The health check failed.")
            finally:
                connection.close_if_unusable_or_obsolete()
            time.sleep(EVERY_SECONDS)

    def _watch(self) -> None:
        while True:
            if self._latest is not None:
                self.log()
            time.sleep(EVERY_SECONDS / 3)


_monitors: list[Monitor] = []


def start_monitor() -> Monitor:
    """Start the monitor of this process."""
    monitor = Monitor()
    monitor.start()
    _monitors[:] = [monitor]
    return monitor


def latest_health() -> Health:
    """Return what the monitor of this process found, or check now if there is none."""
    return _monitors[0].latest if _monitors else check_health()
