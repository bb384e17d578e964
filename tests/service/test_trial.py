"""The trial: while callers save without a pause, web workers and PostgreSQL backends are killed. Nothing is lost or doubled.

TRIAL_SECONDS says how long it lasts: `make trial` takes a minute.
"""

import itertools
import os
import random
import signal
import statistics
import time
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from tests.service.rig import Service
from tests.service.world import fill_service
from tests.service.writers import Writers
from tests.support.template_database import TEMPLATE

pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="only on PostgreSQL")
SECONDS = float(os.environ.get("TRIAL_SECONDS", "6"))
PAUSE = 1
# A worker is killed at most every six seconds: Granian ends itself when one dies again within 5.5, and counts as killed then.
KINDS = (*(("web worker", "backend", "backend") * 6), "web service")
BACKENDS = (
    "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
)


def keep_what_is_committed(service: Service) -> None:
    """Undo what makes the suite's PostgreSQL quick: a crash may not cost a commit, as in production."""
    with psycopg.connect(service.cluster.url(TEMPLATE), autocommit=True) as database:
        database.execute(f"ALTER DATABASE {TEMPLATE} SET synchronous_commit = on")


def web_workers(service: Service) -> list[int]:
    assert service.server is not None
    children = Path(f"/proc/{service.server.pid}/task/{service.server.pid}/children").read_text().split()
    names = {pid: Path(f"/proc/{pid}/cmdline") for pid in children}
    return [int(pid) for pid, path in names.items() if "resource_tracker" not in path.read_text()]


def backends(service: Service) -> list[int]:
    with psycopg.connect(service.cluster.url(TEMPLATE)) as database:
        return [pid for (pid,) in database.execute(BACKENDS)]


def kill_one(service: Service, kind: str, chance: random.Random) -> bool:
    """Kill a process as a machine without memory does. A killed backend makes PostgreSQL end all others and recover."""
    assert service.server is not None
    try:
        if kind == "web service":
            os.killpg(service.server.pid, signal.SIGKILL)
        elif kind == "web worker":
            os.kill(min(web_workers(service)), signal.SIGKILL)
        else:
            os.kill(chance.choice(backends(service)), signal.SIGKILL)
    except (ValueError, IndexError, OSError, psycopg.OperationalError):
        return False  # none is there, or PostgreSQL is not back yet
    return True


def test_what_was_acknowledged_is_saved_once_whatever_is_killed() -> None:
    """The next process is killed when a change was acknowledged after the one before."""
    recoveries: dict[str, list[float]] = {kind: [] for kind in KINDS}
    chance = random.Random(17)
    service = Service(API_WRITES_PER_MINUTE="1000000")
    try:
        world = fill_service(service)
        keep_what_is_committed(service)
        with service.kept_running(workers=2), Writers(service, world) as writers:
            end = time.monotonic() + SECONDS
            kinds = itertools.cycle(KINDS)
            while time.monotonic() < end or not recoveries["backend"]:
                time.sleep(PAUSE)
                kind = next(kinds)
                if kill_one(service, kind, chance):
                    recoveries[kind].append(writers.wait_for_another())
        saved = writers.saved()
        verdict = service.manage("verify_ledger", "--skip-checks")
    finally:
        service.stop()
    lost = [narrative for narrative in writers.acknowledged if not saved[narrative]]
    doubled = [narrative for narrative, times in saved.items() if times > 1]
    for kind, times in recoveries.items():
        if times:
            print(f"| {kind} | {len(times)} | {statistics.median(times):.2f} s | {max(times):.2f} s |")
    print(f"| acknowledged, lost, doubled | {len(writers.acknowledged)}, {len(lost)}, {len(doubled)} |")
    print(f"| sent again after | {dict(writers.troubles)} |")
    assert (lost, doubled) == ([], [])
    assert set(saved) == set(writers.acknowledged)
    assert recoveries["web worker"]
    assert recoveries["backend"]
    assert verdict.returncode == 0, verdict.stdout
