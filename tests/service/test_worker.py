"""A worker process outlives a restart of its database, and the schedule closes what a killed one left."""

import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connection

from tests.architecture.source import ROOT
from tests.service.rig import Service, wait_until
from tests.support.template_database import TEMPLATE

pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="only on PostgreSQL")
TASK = """
INSERT INTO django_tasks_database_dbtaskresult (id, status, enqueued_at, args_kwargs, priority, task_path, worker_ids, queue_name,
    backend_name, run_after, exception_class_path, traceback)
VALUES (%s, 'READY', now(), '{"args": [], "kwargs": {"job": "returns", "day": "2020-01-01"}}', 0, 'desk.worker.run_job', '[]',
    'default', 'default', now(), '', '')
"""


@pytest.fixture
def service() -> Iterator[Service]:
    """A database with its settings; no web service is started."""
    service = Service()
    yield service
    service.stop()


@contextmanager
def working(service: Service) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "manage.py", "run_worker", "--interval", "0.1", "--no-startup-delay"]
    with (service.data / "worker").open("ab") as log:
        worker = subprocess.Popen(command, env=service.environment, cwd=ROOT, stdout=log, stderr=log)
    try:
        yield worker
    finally:
        worker.kill()
        worker.wait()


def ask_database(service: Service, sql: str, *values: object) -> list[tuple[object, ...]]:
    with psycopg.connect(service.cluster.url(TEMPLATE), autocommit=True) as database:
        cursor = database.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


def do_task(service: Service) -> None:
    task = uuid.uuid4()
    ask_database(service, TASK, task)
    status = "SELECT status FROM django_tasks_database_dbtaskresult WHERE id = %s"
    wait_until(lambda: ask_database(service, status, task) == [("SUCCESSFUL",)], "the task is done")


def test_a_worker_survives_a_database_restart_and_a_killed_one_is_reported(
    service: Service,
) -> None:
    with working(service) as worker:
        do_task(service)
        service.cluster.shut_down()
        wait_until(lambda: b"does not answer" in (service.data / "worker").read_bytes(), "the worker says so")
        service.cluster.start_again()
        do_task(service)
        assert worker.poll() is None
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
    ask_database(service, "INSERT INTO desk_heartbeat (kind, name, at) VALUES ('schedule', 'here', now())")
    ask_database(service, "UPDATE desk_heartbeat SET at = now() - interval '4 minutes' WHERE kind = 'worker'")
    check = service.manage("run_schedule", "--check")
    assert check.returncode == 1
    assert "no worker has run for 4" in check.stderr
    assert "no schedule" not in check.stderr
    assert b"Traceback" not in (service.data / "worker").read_bytes()
