"""A worker outlives a restart of its database, the schedule closes what a killed one left, and nothing is done twice."""

import os
import re
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
from tests.cast import TODAY
from tests.service.post_office import PostOffice, post_office
from tests.service.rig import Service, wait_until
from tests.service.world import fill_service
from tests.support.template_database import TEMPLATE

pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="only on PostgreSQL")
TASK = """
INSERT INTO django_tasks_database_dbtaskresult (id, status, enqueued_at, args_kwargs, priority, task_path, worker_ids, queue_name,
    backend_name, run_after, exception_class_path, traceback)
VALUES (%s, 'READY', now(), jsonb_build_object('args', '[]'::jsonb, 'kwargs', jsonb_build_object('job', %s::text, 'day', %s::text)), 0,
    'desk.worker.run_job', '[]', 'default', 'default', now(), '', '')
"""
QUICKLY = ("--interval", "0.1", "--no-startup-delay", "--skip-checks")
STATUS = "SELECT status FROM django_tasks_database_dbtaskresult WHERE id = %s"


@pytest.fixture
def service() -> Iterator[Service]:
    """A database with its settings; no web service is started."""
    service = Service()
    yield service
    service.stop()


@contextmanager
def working(service: Service) -> Iterator[subprocess.Popen[bytes]]:
    with started(service, "worker", "run_worker", *QUICKLY) as worker:
        yield worker


@contextmanager
def started(service: Service, log: str, *command: str) -> Iterator[subprocess.Popen[bytes]]:
    """Start a command that lasts, with a log of its own, and kill it at the end."""
    with (service.data / log).open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", *command],
            env=service.environment,
            cwd=ROOT,
            stdout=output,
            stderr=output,
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def ask_database(service: Service, sql: str, *values: object) -> list[tuple[object, ...]]:
    with psycopg.connect(service.cluster.url(TEMPLATE), autocommit=True) as database:
        cursor = database.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


def queue(service: Service, job: str, day: str) -> uuid.UUID:
    task = uuid.uuid4()
    ask_database(service, TASK, task, job, day)
    return task


def has_status(service: Service, task: uuid.UUID, status: str) -> bool:
    return ask_database(service, STATUS, task) == [(status,)]


def do_task(service: Service, job: str = "returns", day: str = "2020-01-01") -> None:
    task = queue(service, job, day)
    wait_until(lambda: has_status(service, task, "SUCCESSFUL"), "the task is done")


def let_minutes_pass(service: Service) -> None:
    """Date the marks of running work four minutes back, and a digest that is being sent, longer."""
    for table, column, ago in (
        ("desk_heartbeat", "at", "4 minutes"),
        ("django_tasks_database_dbtaskresult", "started_at", "4 minutes"),
        ("desk_digest", "sending_at", "20 minutes"),
    ):
        ask_database(service, f"UPDATE {table} SET {column} = {column} - interval '{ago}'")


def beats_of_schedule(service: Service) -> list[tuple[object, ...]]:
    return ask_database(service, "SELECT at FROM desk_heartbeat WHERE kind = 'schedule'")


def test_worker_and_schedule_survive_a_database_restart_and_a_killed_worker_is_reported(
    service: Service,
) -> None:
    schedule_command = ("run_schedule", "--forever", "--interval", "0.1")
    with working(service) as worker, started(service, "schedule", *schedule_command) as schedule:
        do_task(service)
        wait_until(lambda: beats_of_schedule(service) != [], "the schedule runs")
        service.cluster.shut_down()
        for name in ("worker", "schedule"):
            log = service.data / name
            wait_until(lambda: b"does not answer" in log.read_bytes(), f"the {name} says so")  # noqa: B023
        service.cluster.start_again()
        before = beats_of_schedule(service)
        do_task(service)
        wait_until(lambda: beats_of_schedule(service) != before, "the schedule goes on")
        assert (worker.poll(), schedule.poll()) == (None, None)
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
    ask_database(service, "UPDATE desk_heartbeat SET at = now() - interval '4 minutes' WHERE kind = 'worker'")
    check = service.manage("run_schedule", "--check")
    assert check.returncode == 1
    assert re.search("no worker has run for [45] minutes", check.stderr), check.stderr
    assert "no schedule" not in check.stderr
    for name in ("worker", "schedule"):
        assert b"Traceback" not in (service.data / name).read_bytes()


def is_running(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_web_service_with_a_worker_beside_it_runs_jobs_and_ends_the_worker_with_itself(
    service: Service,
) -> None:
    service.launch(1, "--with-worker")
    do_task(service)
    server = service.server
    assert server is not None
    server.terminate()
    assert server.wait() == 0
    wait_until(lambda: not is_running(server.pid), "no process of it is left")
    service.server = None


def test_a_job_whose_worker_is_killed_twice_is_closed_twice_and_mails_nobody_twice() -> None:
    with post_office() as office:
        service = Service(EMAIL_URL=f"smtp://{office.address}", DEMO_DATE=TODAY.isoformat())
        try:
            fill_service(service, with_tasks=True)
            _be_killed_twice(service, office)
        finally:
            service.stop()


def _be_killed_twice(service: Service, office: PostOffice) -> None:
    # Emails about accounts that were queued before: only digests are counted here.
    ask_database(service, "DELETE FROM django_tasks_database_dbtaskresult")
    day = TODAY.isoformat()
    job = "INSERT INTO desk_jobrun (job, day, state, attempts, queued_at, result) VALUES ('digests', %s, 'queued', 1, now(), '')"
    ask_database(service, job, day)
    # The first is killed when the server has taken a mail and not said so, the second before it has sent one.
    for silent_after, is_reached in (("DATA", lambda: office.received), ("", lambda: office.connections > 1)):
        office.silent_after = silent_after
        task = queue(service, "digests", day)
        with working(service):
            wait_until(lambda: bool(is_reached()), "the mail server has the mail")  # noqa: B023
        let_minutes_pass(service)
        assert "Closed 1 tasks of workers that have ended." in service.manage("run_schedule").stdout
        assert has_status(service, task, "FAILED")
    office.silent_after = None
    with working(service):
        do_task(service, "digests", day)
    states = dict(ask_database(service, "SELECT state, count(*) FROM desk_digest GROUP BY state"))
    assert states == {"unknown": 1, "sent": len(office.received) - 1}
    assert len(office.received) > 1
    assert set(office.received.values()) == {1}
    assert ask_database(service, "SELECT state FROM desk_jobrun WHERE job = 'digests' AND day = %s", day) == [
        ("done",)
    ]
