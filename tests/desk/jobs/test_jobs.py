"""Daily jobs: queued once when they are due in London, run until they are done, whoever dies."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from audit.actors import SYSTEM
from audit.clock import stopped
from desk import worker as tasks
from desk.jobs.services import (
    JOBS,
    MOST_ATTEMPTS,
    PATIENCE,
    begin_job,
    claim_job,
    due_jobs,
    finish_job,
    late_jobs,
)
from desk.models import Digest, JobRun
from tests.actions.core.test_races import at_once
from tests.cast import AT, LONDON, Cast
from tests.factories import ActionFactory
from tests.service.post_office import post_office

pytestmark = pytest.mark.django_db
TODAY = AT.date()


def queue(at: datetime = AT) -> list[str]:
    return tasks.enqueue_due_jobs(at=at)


def end(job: str, at: datetime = AT) -> None:
    run = begin_job(actor=SYSTEM, job=job, day=at.astimezone(LONDON).date(), at=at)
    assert run is not None
    finish_job(actor=SYSTEM, run=run, result="", at=at)


def test_a_job_is_queued_once_and_digests_after_what_they_tell_of() -> None:
    assert queue() == ["housekeeping", "scan", "access", "returns", "escalations"]
    assert queue(AT + timedelta(minutes=1)) == []
    end("returns")
    assert queue(AT + timedelta(minutes=2)) == []
    end("escalations")
    assert queue(AT + timedelta(minutes=3)) == ["digests"]


def test_a_lost_run_is_queued_again_and_finally_abandoned() -> None:
    queued = [queue(AT + number * PATIENCE) for number in range(MOST_ATTEMPTS + 2)]
    assert queued == [["housekeeping", "scan", "access", "returns", "escalations"]] * MOST_ATTEMPTS + [
        [],
        ["digests"],
    ]
    assert JobRun.objects.filter(state="given_up").count() == 5


def test_a_late_job_is_not_started_and_a_past_day_is_abandoned() -> None:
    queue()
    end("returns")
    assert begin_job(actor=SYSTEM, job="returns", day=TODAY, at=AT) is None
    assert begin_job(actor=SYSTEM, job="escalations", day=TODAY, at=AT + timedelta(days=1)) is None
    assert JobRun.objects.get(job="escalations").state == "given_up"


@pytest.mark.parametrize("changes_on", [date(2020, 3, 29), date(2020, 10, 25)])
def test_each_job_comes_once_on_the_days_when_the_clocks_change(changes_on: date) -> None:
    midnight = datetime(changes_on.year, changes_on.month, changes_on.day, tzinfo=LONDON).astimezone(UTC)
    queued = []
    for quarter in range(100):
        moment = midnight + timedelta(minutes=15 * quarter)
        for job in queue(moment):
            queued.append((job, moment.astimezone(LONDON).strftime("%d %H:%M")))
            end(job, moment)
    day = f"{changes_on:%d}"
    today = [(job, when) for job, when in queued if when.startswith(day)]
    assert today == [
        ("housekeeping", f"{day} 03:00"),
        ("scan", f"{day} 03:30"),
        ("verification", f"{day} 04:00"),
        ("access", f"{day} 04:30"),
        ("returns", f"{day} 05:00"),
        ("escalations", f"{day} 06:00"),
        ("digests", f"{day} 07:00"),
    ]


@pytest.mark.django_db(transaction=True)
def test_the_worker_runs_what_the_command_queues(
    cast: Cast, mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ActionFactory(cast=cast, allocated=True)
    monkeypatch.setattr(Worker, "configure_signals", lambda worker: None)
    for _ in range(2):
        call_command("run_schedule")
        call_command("run_worker", batch=True, startup_delay=False)
    assert {run.job: run.state for run in JobRun.objects.all()} == dict.fromkeys(
        tasks.WORK.keys() - {"verification"}, "done"
    )
    assert set(DBTaskResult.objects.values_list("status", flat=True)) == {"SUCCESSFUL"}
    # The owner has a new action, and the manager an access review.
    assert {digest.user.email: digest.state for digest in Digest.objects.all()} == {
        "bradford.spoc@example.org": "sent",
        "manager@example.org": "sent",
    }
    assert len(mailoutbox) == 2
    assert JobRun.objects.get(job="digests").result == "2 sent, 0 refused, 0 unknown, 0 failed"
    call_command("run_schedule", check=True)


@pytest.mark.django_db(transaction=True)
def test_on_sundays_evidence_and_ledgers_are_verified(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    sunday = AT + timedelta(days=6 - AT.weekday())
    assert "verification" not in [job.name for job in due_jobs(at=sunday - timedelta(days=1))]
    assert "verification" in queue(sunday)
    monkeypatch.setattr("audit.clock.now", lambda: sunday)
    assert tasks.run_job.call(job="verification", day=sunday.date().isoformat()) == "2 commands; all is whole"
    assert JobRun.objects.get(job="verification").state == "done"


def test_an_incomplete_job_stays_failed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    sunday = AT + timedelta(days=6 - AT.weekday())
    queue(sunday)
    monkeypatch.setattr("audit.clock.now", lambda: sunday)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE partners_area SET name = name || ' altered'")
    with pytest.raises(RuntimeError, match="NOT WHOLE"):
        tasks.run_job.call(job="verification", day=sunday.date().isoformat())
    assert JobRun.objects.get(job="verification").state == "queued"


def test_the_check_names_what_is_late() -> None:
    with pytest.raises(
        CommandError,
        match="Late: housekeeping, scan, access, returns, escalations, digests; no worker has run yet",
    ):
        call_command("run_schedule", check=True)
    assert not JobRun.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_queue_a_job_once() -> None:
    assert sorted(map(len, at_once(queue, queue))) == [0, 5] or JobRun.objects.count() == 5
    assert set(JobRun.objects.values_list("attempts", flat=True)) == {1}


def test_digests_wait_for_a_mail_server_that_is_silent_and_are_sent_when_it_answers(
    cast: Cast, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    ActionFactory(cast=cast, allocated=True)
    claim_job(actor=SYSTEM, job=JOBS[-1], at=AT)
    with post_office() as office, stopped(AT):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = office.server_address[:2]
        settings.EMAIL_TIMEOUT = 0.2
        office.silent_after = ""
        assert tasks.run_job.call("digests", str(TODAY)) == "the mail server cannot be used"
        office.silent_after = None
        assert (JobRun.objects.get().state, Digest.objects.count()) == ("queued", 0)
        (line,) = [each for each in caplog.records if each.name == "desk.worker"]
        assert line.getMessage() == (
            "The mail server cannot be used (Connection unexpectedly closed: timed out). Digests that were not sent are tried again."
        )
        assert line.exc_info is None
        assert late_jobs(at=AT)["digests"] == "the mail server cannot be used"
        with pytest.raises(CommandError, match=r"digests \(the mail server cannot be used\)"):
            call_command("run_schedule", check=True)
        assert tasks.run_job.call("digests", str(TODAY)).startswith("1 sent")
    assert office.received == {"bradford.spoc@example.org": 1}
    assert JobRun.objects.get().state == "done"
