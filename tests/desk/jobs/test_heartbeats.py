"""Somebody notices within minutes when a worker or the schedule ends, and what it left is closed."""

import logging
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import BaseCommand, CommandError, call_command
from django.db import OperationalError
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from audit.actors import SYSTEM
from desk import lasting
from desk.jobs.models import Heartbeat
from desk.jobs.services import HEARTBEATS_STAY, LONGEST_WAIT, SILENCE, beat, close_lost_tasks, silences
from desk.lasting import LastingWorker
from desk.management.commands import run_schedule
from desk.worker import run_job
from tests.cast import Cast

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
WORKER, SCHEDULE = Heartbeat.Kind.WORKER, Heartbeat.Kind.SCHEDULE


def alive(kind: Heartbeat.Kind, name: str, at: datetime = NOW) -> None:
    beat(actor=SYSTEM, kind=kind, name=name, at=at)


def test_a_service_without_worker_and_schedule_is_noticed() -> None:
    assert silences(at=NOW) == ["no worker has run yet", "no schedule has run yet"]
    alive(WORKER, "first")
    alive(SCHEDULE, "here")
    assert silences(at=NOW + SILENCE) == []
    later = NOW + timedelta(minutes=4)
    assert silences(at=later) == ["no worker has run for 4 minutes", "no schedule has run for 4 minutes"]
    alive(WORKER, "second", later)
    assert silences(at=later) == ["no schedule has run for 4 minutes"]


def test_processes_of_days_ago_are_forgotten() -> None:
    alive(WORKER, "old")
    alive(WORKER, "old")
    alive(WORKER, "new", NOW + HEARTBEATS_STAY + timedelta(seconds=1))
    assert list(Heartbeat.objects.values_list("name", flat=True)) == ["new"]


def test_only_the_system_shows_that_it_runs(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        beat(actor=cast.manager, kind=WORKER, name="x", at=NOW)
    with pytest.raises(PermissionDenied):
        close_lost_tasks(actor=cast.manager, at=NOW)


def test_tasks_that_nobody_takes_are_noticed() -> None:
    alive(WORKER, "first")
    alive(SCHEDULE, "here")
    run_job.enqueue(job="returns", day="2026-03-04")
    DBTaskResult.objects.update(enqueued_at=NOW - LONGEST_WAIT)
    assert silences(at=NOW) == []
    assert silences(at=NOW + timedelta(minutes=1)) == ["the oldest task has waited for 16 minutes"]


def running_task(worker: str, started_at: datetime) -> DBTaskResult:
    task = DBTaskResult.objects.get(pk=run_job.enqueue(job="returns", day="2026-03-04").id)
    task.claim(worker)
    DBTaskResult.objects.filter(pk=task.pk).update(started_at=started_at)
    return task


def test_the_tasks_of_killed_workers_are_closed_and_those_of_others_are_not() -> None:
    alive(WORKER, "killed", NOW - timedelta(minutes=10))
    alive(WORKER, "busy", NOW - timedelta(minutes=1))
    killed = running_task("killed", NOW - timedelta(minutes=12))
    unknown = running_task("never seen", NOW - timedelta(minutes=12))
    busy = running_task("busy", NOW - timedelta(hours=2))
    just_begun = running_task("not seen yet", NOW - timedelta(minutes=1))
    assert close_lost_tasks(actor=SYSTEM, at=NOW) == 2
    assert close_lost_tasks(actor=SYSTEM, at=NOW) == 0
    status = dict(DBTaskResult.objects.values_list("pk", "status"))
    assert [status[task.pk] for task in (killed, unknown)] == ["FAILED", "FAILED"]
    assert [status[task.pk] for task in (busy, just_begun)] == ["RUNNING", "RUNNING"]


@pytest.mark.django_db(transaction=True)
def test_the_check_passes_once_both_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Worker, "configure_signals", lambda worker: None)
    monkeypatch.setattr("desk.jobs.services.late_jobs", lambda at: {})
    with pytest.raises(CommandError, match="no worker has run yet; no schedule has run yet"):
        call_command("run_schedule", check=True)
    call_command("run_schedule")
    call_command("run_worker", batch=True, startup_delay=False)
    call_command("run_schedule", check=True)


def test_the_check_of_every_minute_does_not_check_the_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BaseCommand, "check", lambda *_args, **_options: pytest.fail("The code is checked."))
    options = {"forever": False, "interval": 0, "force_color": False, "no_color": True, "skip_checks": False}
    with pytest.raises(CommandError, match="no worker has run yet"):
        run_schedule.Command().execute(check=True, **options)


@pytest.mark.django_db(transaction=True)
def test_worker_and_schedule_outlive_the_database(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    waits: list[float] = []
    monkeypatch.setattr("desk.lasting.time.sleep", waits.append)
    worker = LastingWorker(batch=False, interval=0, startup_delay=False)
    ids: list[str] = []

    def run(self: Any) -> None:
        ids.append(self.worker_id)
        if len(ids) < 3:
            raise OperationalError("terminating connection\nDETAIL: more")
        self.running = False

    monkeypatch.setattr(Worker, "run", run)
    worker.run()
    assert len(set(ids)) == 3
    assert waits == [lasting.TRY_AGAIN_SECONDS] * 2
    assert [record.getMessage() for record in caplog.records if record.name == "desk.lasting"] == [
        "The database does not answer: terminating connection"
    ] * 2


def test_a_worker_that_hangs_shows_no_more_that_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its thread of heartbeats goes on, so that a hung task would be unseen if it did not look at the work."""
    beats: list[str] = []
    hangs, goes_on = threading.Event(), threading.Event()
    monkeypatch.setattr(lasting, "BEAT_SECONDS", 0.01)

    def show(*, name: str, **_options: Any) -> None:
        beats.append(name)
        if hangs.is_set():
            goes_on.set()

    class Watch(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            assert record.getMessage() == "The worker hangs: it has not worked for 0.01 seconds."
            hangs.set()

    monkeypatch.setattr(lasting, "beat", show)
    watch = Watch()
    lasting.logger.addHandler(watch)
    try:
        with lasting.beating(WORKER, lambda: "busy"):
            assert hangs.wait(10), "A task that hangs is not noticed."
            while not goes_on.is_set():
                sum(range(1000))
    finally:
        lasting.logger.removeHandler(watch)
    assert set(beats) == {"busy"}
