"""What runs every day without anybody asking: queued once it is due, run until it is done, never twice."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction

from audit.actors import Actor
from audit.clock import LONDON, london_date
from desk.jobs.models import JobRun

# A run that was queued so long ago and is not over is taken for lost, and queued again.
PATIENCE = timedelta(minutes=30)
MOST_ATTEMPTS = 5
NOT_YOURS = "Daily jobs are the system's to run."


@dataclass(frozen=True)
class Job:
    """A job of every day: when it is due by the clock on a London wall, and which jobs have to be over before."""

    name: str
    due: time
    after: tuple[str, ...] = ()

    def due_at(self, day: date) -> datetime:
        return datetime.combine(day, self.due, LONDON)


# No hour between one and two in the morning: on two days of the year there is none, or there are two.
JOBS = (
    Job("housekeeping", time(3)),
    Job("returns", time(5)),
    Job("escalations", time(6)),
    Job("digests", time(7), after=("returns", "escalations")),
)


def enqueue_due(*, actor: Actor, at: datetime, enqueue: Callable[[str, date], None]) -> list[str]:
    """Queue the jobs that are due and are not over, and return their names.

    However often it is called and by however many schedulers, a job is queued once; again only when its run seems
    lost. Days on which no scheduler ran are not made up for.

    Args:
        enqueue: puts a job of a day into the workers' queue, inside the transaction that records it.

    Raises:
        PermissionDenied: unless the actor is the system.
    """
    _require_system(actor)
    day = london_date(at)
    over = set(
        JobRun.objects.filter(day=day).exclude(state=JobRun.State.QUEUED).values_list("job", flat=True)
    )
    queued = []
    for job in JOBS:
        if job.name in over or at < job.due_at(day) or not over.issuperset(job.after):
            continue
        with transaction.atomic():
            if _take(job, day, at):
                enqueue(job.name, day)
                queued.append(job.name)
    return queued


def begin_job(*, actor: Actor, job: str, day: date, at: datetime) -> JobRun | None:
    """Return the run of a job that a worker took from the queue; None when there is nothing left to do for it.

    A run of a day that has passed is given up: what it would have done is done by today's.

    Raises:
        PermissionDenied: unless the actor is the system.
    """
    _require_system(actor)
    run = JobRun.objects.filter(job=job, day=day).first()
    if run is None or run.is_over:
        return None
    if day != london_date(at):
        run.state, run.result = JobRun.State.GIVEN_UP, "No worker took it on its day"
        run.save(update_fields=["state", "result"])
        return None
    return run


def finish_job(*, actor: Actor, run: JobRun, result: str, at: datetime) -> None:
    """Record that a job is done and what came of it, in figures.

    Raises:
        PermissionDenied: unless the actor is the system.
    """
    _require_system(actor)
    run.state, run.finished_at, run.result = JobRun.State.DONE, at, result
    run.save(update_fields=["state", "finished_at", "result"])


def late_jobs(*, at: datetime) -> list[str]:
    """Name today's jobs that should be done by now and are not; each may take until its next try is lost too."""
    day = london_date(at)
    done = set(JobRun.objects.filter(day=day, state=JobRun.State.DONE).values_list("job", flat=True))
    return [job.name for job in JOBS if job.name not in done and at >= job.due_at(day) + 2 * PATIENCE]


def _take(job: Job, day: date, at: datetime) -> bool:
    """Say whether this caller is the one to queue the job."""
    JobRun.objects.get_or_create(job=job.name, day=day)
    run = JobRun.objects.select_for_update().get(job=job.name, day=day)
    if run.is_over or (run.queued_at is not None and at < run.queued_at + PATIENCE):
        return False
    if run.attempts >= MOST_ATTEMPTS:
        run.state = JobRun.State.GIVEN_UP
        run.result = f"Not done after {MOST_ATTEMPTS} attempts"
        run.save(update_fields=["state", "result"])
        return False
    run.attempts += 1
    run.queued_at = at
    run.save(update_fields=["attempts", "queued_at"])
    return True


def _require_system(actor: Actor) -> None:
    if actor.actor_type != "system":
        raise PermissionDenied(NOT_YOURS)
