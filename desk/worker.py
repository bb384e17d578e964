"""What the workers run. A task reads the clock and calls services; its arguments say which job and which day."""

from collections.abc import Callable
from datetime import date, datetime
from io import StringIO

from django.core.management import call_command
from django_tasks import task

from audit import clock
from audit.actors import SYSTEM
from desk.escalations.services.escalating import escalate
from desk.jobs import services as jobs
from desk.notices.services.sending import prune_lines, send_digests
from exchange.webhooks.services.delivering import deliver_next, prune_deliveries, release
from returns.services.opening import open_and_close_returns
from web.services import forget_answers

HOUSEKEEPING = (
    "clearsessions",
    "cleartokens",
    "checkpoint_ledger",
    "learn_search_words",
    "prune_db_task_results",
)
# A webhook that has fallen far behind gives way to others after so many messages of up to a hundred changes.
MOST_MESSAGES = 20


def enqueue(job: str, day: date) -> None:
    """Put a job of a day into the workers' queue."""
    run_job.enqueue(job=job, day=day.isoformat())


def enqueue_webhook(webhook_id: int) -> None:
    """Put a webhook with something to send into the workers' queue."""
    deliver_webhook.enqueue(webhook_id=webhook_id)


@task()
def deliver_webhook(webhook_id: int) -> str:
    """Send a webhook's messages one after the other; what is left after some is queued again by the scheduler."""
    sent = 0
    while sent < MOST_MESSAGES:
        outcome = deliver_next(actor=SYSTEM, webhook_id=webhook_id, at=clock.now())
        if outcome is None or not outcome.is_delivered:
            break
        sent += 1
    release(actor=SYSTEM, webhook_id=webhook_id)
    return f"{sent} sent"


@task()
def run_job(job: str, day: str) -> str:
    """Run a job of a day unless it is done or the day is over; what is left of it is queued again by the scheduler."""
    run = jobs.begin_job(actor=SYSTEM, job=job, day=date.fromisoformat(day), at=clock.now())
    if run is None:
        return "nothing to do"
    result, is_done = WORK[job](clock.now())
    if is_done:
        jobs.finish_job(actor=SYSTEM, run=run, result=result, at=clock.now())
    return result


def _keep_house(at: datetime) -> tuple[str, bool]:
    for command in HOUSEKEEPING:
        call_command(command, stdout=StringIO())
    forgotten = forget_answers(actor=SYSTEM, at=at)
    pruned = prune_deliveries(actor=SYSTEM, at=at)
    lines = prune_lines(actor=SYSTEM, at=at)
    done = f"{len(HOUSEKEEPING)} commands; forgotten: {forgotten} answers, {pruned} messages, {lines} lines"
    return done, True


def _keep_returns(at: datetime) -> tuple[str, bool]:
    changes = open_and_close_returns(actor=SYSTEM, at=at)
    return f"{len(changes.opened)} opened, {len(changes.missed)} missed", True


def _escalate(at: datetime) -> tuple[str, bool]:
    return f"{len(escalate(actor=SYSTEM, at=at))} escalated", True


def _send_digests(at: datetime) -> tuple[str, bool]:
    outcome = send_digests(actor=SYSTEM, at=at)
    return str(outcome), outcome.to_try_again == 0


WORK: dict[str, Callable[[datetime], tuple[str, bool]]] = {
    "housekeeping": _keep_house,
    "returns": _keep_returns,
    "escalations": _escalate,
    "digests": _send_digests,
}
