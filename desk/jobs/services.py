"""Daily jobs: queued when they are due, tried until they are done, and never done twice."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Max, Min
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from audit.actors import Actor
from audit.clock import LONDON, london_date
from audit.policies import forbid, why_not_system
from desk.jobs.models import Heartbeat, JobRun
from web.language import lazy_text

# After so long a queued run counts as lost, and is queued again.
PATIENCE = timedelta(minutes=30)
MOST_ATTEMPTS = 5
# A worker or schedule shows every minute that it runs. After so long it counts as dead.
SILENCE = timedelta(minutes=3)
# A task that waits for so long has no worker, or too few.
LONGEST_WAIT = timedelta(minutes=15)
HEARTBEATS_STAY = timedelta(days=1)
WORKER_LOST = lazy_text("The worker ended before the task did.")


@dataclass(frozen=True)
class Job:
    """A daily job: the London time it is due, and the jobs that must be over first."""

    name: str
    due: time
    after: tuple[str, ...] = ()
    weekday: int | None = None
    """The day of the week on which it is due, Monday is 0; every day without it."""

    def is_of(self, day: date) -> bool:
        return self.weekday in (None, day.weekday())

    def due_at(self, day: date) -> datetime:
        return datetime.combine(day, self.due, LONDON)


# Never between one and two in the morning: when the clocks change, that hour is missing or comes twice.
JOBS = (
    Job("housekeeping", time(3)),
    Job("scan", time(3, 30)),
    Job("verification", time(4), weekday=6),
    Job("access", time(4, 30)),
    Job("returns", time(5)),
    Job("escalations", time(6)),
    Job("digests", time(7), after=("returns", "escalations")),
)


def due_jobs(*, at: datetime) -> list[Job]:
    """List today's jobs that are due and not over, once the jobs before them are over; a missed day is not made up for."""
    day = london_date(at)
    over = set(
        JobRun.objects.filter(day=day).exclude(state=JobRun.State.QUEUED).values_list("job", flat=True)
    )
    return [
        job
        for job in JOBS
        if job.is_of(day) and job.name not in over and at >= job.due_at(day) and over.issuperset(job.after)
    ]


def claim_job(*, actor: Actor, job: Job, at: datetime) -> bool:
    """Record that the caller queues a job of today; false where another caller has, unless that run seems lost.

    After `MOST_ATTEMPTS` the run is given up instead.

    Raises:
        PermissionDenied: unless the actor is the system.
    """
    forbid(why_not_system(actor))
    day = london_date(at)
    with transaction.atomic():
        JobRun.objects.get_or_create(job=job.name, day=day)
        run = JobRun.objects.select_for_update().get(job=job.name, day=day)
        if run.is_over or (run.queued_at is not None and at < run.queued_at + PATIENCE):
            return False
        if run.attempts >= MOST_ATTEMPTS:
            run.state = JobRun.State.GIVEN_UP
            reason = f": {run.result}" if run.result else ""
            run.result = f"Not done after {MOST_ATTEMPTS} attempts{reason}"
            run.save(update_fields=["state", "result"])
            return False
        run.attempts += 1
        run.queued_at = at
        run.save(update_fields=["attempts", "queued_at"])
    return True


def begin_job(*, actor: Actor, job: str, day: date, at: datetime) -> JobRun | None:
    """Return the run of a job that a worker took from the queue; None when there is nothing left to do.

    The run of an earlier day is given up: today's does its work.

    Raises:
        PermissionDenied: unless the actor is the system.
    """
    forbid(why_not_system(actor))
    run = JobRun.objects.filter(job=job, day=day).first()
    if run is None or run.is_over:
        return None
    if day != london_date(at):
        run.state, run.result = JobRun.State.GIVEN_UP, "No worker took it on its day"
        run.save(update_fields=["state", "result"])
        return None
    return run


def finish_job(*, actor: Actor, run: JobRun, result: str, at: datetime, is_done: bool = True) -> None:
    """Record the result of a job in figures, or why it is not done and will be tried again.

    Raises:
        PermissionDenied: unless the actor is the system.
    """
    forbid(why_not_system(actor))
    run.result = result
    if is_done:
        run.state, run.finished_at = JobRun.State.DONE, at
    run.save(update_fields=["state", "finished_at", "result"])


def late_jobs(*, at: datetime) -> dict[str, str]:
    """Return today's jobs that should be done by now, each with the reason, if it is known. Each has the time of two lost runs."""
    day = london_date(at)
    runs = {run.job: run for run in JobRun.objects.filter(day=day)}
    done = {name for name, run in runs.items() if run.state == JobRun.State.DONE}
    return {
        job.name: runs[job.name].result if job.name in runs else ""
        for job in JOBS
        if job.is_of(day) and job.name not in done and at >= job.due_at(day) + 2 * PATIENCE
    }


def skip_job(*, actor: Actor, job: str, at: datetime) -> None:
    """Record that a job of today is not run, because a restored copy would do a second time what it did already.

    Raises:
        PermissionDenied: unless the actor is the system.
    """
    forbid(why_not_system(actor))
    JobRun.objects.update_or_create(
        job=job,
        day=london_date(at),
        defaults={"state": JobRun.State.DONE, "finished_at": at, "result": "Skipped after a restore"},
    )


def close_all_tasks(*, actor: Actor, at: datetime) -> int:
    """Close every task that waits or runs, and return their number: a restored copy's queue is of another day.

    Raises:
        PermissionDenied: unless the actor is the system.
    """
    forbid(why_not_system(actor))
    waiting = DBTaskResult.objects.filter(status__in=[TaskResultStatus.READY, TaskResultStatus.RUNNING])
    return waiting.update(status=TaskResultStatus.FAILED, finished_at=at, traceback="Closed after a restore.")


def beat(*, actor: Actor, kind: Heartbeat.Kind, name: str, at: datetime) -> None:
    """Record that a process runs, and forget the processes of days ago.

    Args:
        name: the id of the worker, or the machine of the schedule.

    Raises:
        PermissionDenied: unless the actor is the system.
    """
    forbid(why_not_system(actor))
    Heartbeat.objects.update_or_create(name=name, defaults={"kind": kind, "at": at})
    Heartbeat.objects.filter(at__lt=at - HEARTBEATS_STAY).delete()


def heartbeat_ages(*, at: datetime) -> dict[str, timedelta | None]:
    """Return how long ago a process of each kind last showed that it runs; None for never."""
    latest = dict(Heartbeat.objects.order_by().values_list("kind").annotate(Max("at")))
    return {kind: at - latest[kind] if kind in latest else None for kind in Heartbeat.Kind.values}


def longest_wait(*, at: datetime) -> timedelta:
    """Return how long the oldest task that a worker could take has waited."""
    ready = DBTaskResult.objects.ready().aggregate(enqueued=Min("enqueued_at"))["enqueued"]
    return at - ready if ready else timedelta(0)


def silences(*, at: datetime) -> list[str]:
    """Name what does not run: a silent worker or schedule, and tasks that nobody takes."""
    lines = [
        f"no {kind} has run for {_minutes(age)}" if age else f"no {kind} has run yet"
        for kind, age in heartbeat_ages(at=at).items()
        if age is None or age > SILENCE
    ]
    wait = longest_wait(at=at)
    return [*lines, f"the oldest task has waited for {_minutes(wait)}"] if wait > LONGEST_WAIT else lines


def close_lost_tasks(*, actor: Actor, at: datetime) -> int:
    """Close the tasks of workers that have ended, and return their number. What they did not do is queued by its own rules.

    Raises:
        PermissionDenied: unless the actor is the system.
    """
    forbid(why_not_system(actor))
    alive = set(Heartbeat.objects.filter(at__gte=at - SILENCE).values_list("name", flat=True))
    running = DBTaskResult.objects.running().filter(started_at__lt=at - SILENCE)
    lost = [pk for pk, workers in running.values_list("pk", "worker_ids") if not alive.intersection(workers)]
    return (
        DBTaskResult.objects.running()
        .filter(pk__in=lost)
        .update(status=TaskResultStatus.FAILED, finished_at=at, traceback=WORKER_LOST)
    )


def _minutes(age: timedelta) -> str:
    return f"{age.total_seconds() / 60:.0f} minutes"
