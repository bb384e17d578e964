"""Health is answered whatever holds the service up, and the service comes back by itself."""

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test import Client

from audit import clock
from tests.architecture.source import ROOT
from tests.service.rig import THREADS, Service, ask, running, wait_until
from tests.support.template_database import TEMPLATE
from web.health import STALE_SECONDS, Health, Monitor, check_health
from web.keys import WRONG_KEY

on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="only on PostgreSQL")


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with running(DATABASE_LOCK_SECONDS="2") as service:
        yield service


@on_postgresql
def test_an_unavailable_database_is_reported_and_recovers(service: Service) -> None:
    service.cluster.shut_down()
    answer = service.ask("/accounts/login/", "POST", body=b"login=a%40b.example&password=wrong")
    assert answer.status in (403, 503)
    page = service.ask("/actions/", headers={"Cookie": "sessionid=abcdefghijklmnopqrstuvwxyz123456"})
    assert (page.status, page.headers["retry-after"]) == (503, "30")
    assert page.headers["x-request-id"] in page.body
    wait_until(lambda: service.ready().status == 503, "the service says that it is not ready")
    assert '"database": "unreachable"' in service.ready().body
    assert ask(service.operations_port, "/livez").status == 200
    service.cluster.start_again()
    wait_until(lambda: service.ready().status == 200, "the service is ready again")
    assert service.ask("/accounts/login/").status == 200
    assert "Health: status unavailable, database unreachable" in service.log


@on_postgresql
def test_health_is_answered_while_every_thread_waits_for_a_lock(service: Service) -> None:
    """One idle lock and twice as many visitors as threads: each is answered within the time-out of a lock."""
    cookie = {"Cookie": "sessionid=abcdefghijklmnopqrstuvwxyz123456"}
    with psycopg.connect(service.cluster.url(TEMPLATE)) as other, ThreadPoolExecutor(2 * THREADS) as pool:
        other.execute("LOCK TABLE django_session IN ACCESS EXCLUSIVE MODE")
        visitors = [
            pool.submit(service.ask, "/actions/", headers=cookie, seconds=30) for _ in range(2 * THREADS)
        ]
        time.sleep(0.5)  # until they wait
        start = time.monotonic()
        assert ask(service.operations_port, "/livez", seconds=1).status == 200
        assert service.ready(seconds=1).status == 200
        assert time.monotonic() - start < 1
        assert not any(visitor.done() for visitor in visitors)
        answers = [visitor.result() for visitor in visitors]
        other.rollback()
    assert {(answer.status, answer.headers.get("retry-after")) for answer in answers} == {(503, "5")}
    assert service.ask("/actions/", headers=cookie).status == 302


@on_postgresql
def test_a_frozen_database_makes_it_unready_and_it_comes_back(service: Service) -> None:
    cookie = {"Cookie": "sessionid=abcdefghijklmnopqrstuvwxyz123456"}
    with ThreadPoolExecutor(1) as pool:
        with service.frozen_database():
            visitor = pool.submit(service.ask, "/actions/", headers=cookie, seconds=60)
            wait_until(lambda: service.ready().status == 503, "a frozen database is seen", STALE_SECONDS + 10)
            assert "no answer for 10 seconds or more" in service.ready().body
            assert ask(service.operations_port, "/livez", seconds=1).status == 200
            frozen = "Health: status unavailable, database no answer for 10 seconds or more"
            wait_until(lambda: frozen in service.log, "the log says so")
        assert visitor.result().status in (302, 503)
    wait_until(lambda: service.ready().status == 200, "the service is ready again")
    wait_until(lambda: "Health: status ok" in service.log.rpartition(frozen)[2], "the log says so")


@on_postgresql
def test_a_killed_worker_is_replaced(service: Service) -> None:
    assert service.server is not None
    before = _workers(service.server.pid)
    subprocess.run(["kill", "-KILL", *before], check=True)
    wait_until(lambda: bool(_workers(service.server.pid) - before), "another worker")  # type: ignore[union-attr]
    wait_until(lambda: service.ready().status == 200, "the service is ready again")
    assert service.ask("/livez").status == 200


@on_postgresql
def test_another_secret_key_is_named_in_log_and_health(service: Service) -> None:
    assert service.manage("run_schedule").returncode == 0
    other = service.beside(ROOT)
    other.environment["SECRET_KEY"] = "another-secret-key-" * 4
    try:
        other.launch()
        wait_until(lambda: WRONG_KEY in other.ready().body, "it says which key is wrong")
        assert other.ready().status == 503
        wait_until(lambda: f"keys {WRONG_KEY}" in other.log, "the log says so")
    finally:
        other.end()
    assert service.ready().status == 200


def _workers(pid: int) -> set[str]:
    return {
        child
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        if "resource_tracker" not in Path(f"/proc/{child}/cmdline").read_text()
    }


@pytest.mark.django_db
def test_readiness_names_what_is_wrong(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    assert check_health().body == {
        "status": "ok",
        **dict.fromkeys(("database", "clock", "migrations", "keys", "evidence"), "ok"),
    }
    live = Client()
    with monkeypatch.context() as patch:
        wrong = clock.system() + timedelta(hours=1)
        patch.setattr("audit.clock.system", lambda: wrong)
        assert [name for name, result in check_health().checks.items() if result != "ok"] == ["clock"]
        assert live.get("/livez").status_code == 200
    settings.DISK_FREE_BYTES = 1 << 60
    assert check_health().checks["evidence"].endswith("left on the disk")
    (tmp_path / "file").write_text("no folder")
    settings.MEDIA_ROOT = str(tmp_path / "file" / "media")
    assert check_health().checks["evidence"] == "cannot be written: Not a directory"
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'desk'")
    assert check_health().checks["migrations"] == "1 not applied"
    response = live.get("/readyz")
    assert response.status_code == 503
    assert live.get("/livez").status_code == 200
    assert response.json()["status"] == "unavailable"


def test_a_health_that_nobody_checked_for_long_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.health.check_health", lambda: Health({"database": "ok"}))
    monitor = Monitor()
    assert not monitor.latest.is_ready
    monitor.check()
    assert monitor.latest.is_ready
    later = time.monotonic() + STALE_SECONDS + 1
    monkeypatch.setattr("web.health.time.monotonic", lambda: later)
    assert not monitor.latest.is_ready


def test_commands_have_no_limit_for_statements() -> None:
    show = "from django.conf import settings as s; print(s.DATABASE_LIMITS['DATABASE_STATEMENT_SECONDS'])"
    environment = {"PATH": "/usr/bin", "MODE": "test", "SECRET_KEY": "x", "DATABASE_STATEMENT_SECONDS": "9"}
    command = [sys.executable, "manage.py", "shell", "--no-imports", "--command", show]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout == "0\n", done.stderr
