"""The daily jobs as the workers run them. A task reads the clock and calls services."""

import logging
from collections.abc import Callable
from datetime import date, datetime
from io import StringIO

from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django_tasks import task

from actions.evidence.services import scan_stored_files
from audit import clock
from audit.actors import SYSTEM
from audit.clock import london_date
from audit.services import delete_old_reads
from desk.escalations.services import escalate
from desk.jobs import services as jobs
from desk.notices.services.sending import prune_lines, send_digests
from exchange.webhooks.services.delivering import prune_deliveries
from importing.engine.services.uploads import remove_old_uploads
from partners.access_reviews.services.schedule import review_access
from partners.accounts.services.unused import suspend_unused
from returns.services.opening import open_and_close_returns
from web import scanner
from web.services import delete_old_drafts, delete_old_responses, delete_old_temporary_files

logger = logging.getLogger(__name__)
HOUSEKEEPING = (
    "clearsessions",
    "cleartokens",
    "checkpoint_ledger",
    "learn_search_words",
    "prune_db_task_results",
)
# Jobs that write to people.
OUTBOUND = frozenset({"digests"})
VERIFICATION = ("verify_evidence", "verify_ledger")


def enqueue_due_jobs(*, at: datetime) -> list[str]:
    """Queue today's jobs that are due, each once however often it is called, and return their names."""
    queued = []
    for job in jobs.due_jobs(at=at):
        if job.name in OUTBOUND and not settings.OUTBOUND:
            continue
        with transaction.atomic():
            if jobs.claim_job(actor=SYSTEM, job=job, at=at):
                run_job.enqueue(job=job.name, day=london_date(at).isoformat())
                queued.append(job.name)
    return queued


@task()
def run_job(job: str, day: str) -> str:
    """Run a job of a day unless it is done or the day is over; the scheduler queues an unfinished one again."""
    if job in OUTBOUND and not settings.OUTBOUND:
        # Queued before the setting was off. Its digests would count as sent.
        return "outbound is off"
    run = jobs.begin_job(actor=SYSTEM, job=job, day=date.fromisoformat(day), at=clock.now())
    if run is None:
        return "nothing to do"
    result, is_done = WORK[job](clock.now())
    jobs.finish_job(actor=SYSTEM, run=run, result=result, at=clock.now(), is_done=is_done)
    return result


def _clean_up(at: datetime) -> tuple[str, bool]:
    for command in HOUSEKEEPING:
        call_command(command, stdout=StringIO())
    answers = delete_old_responses(actor=SYSTEM, at=at)
    drafts = delete_old_drafts(actor=SYSTEM, at=at)
    messages = prune_deliveries(actor=SYSTEM, at=at)
    lines = prune_lines(actor=SYSTEM, at=at)
    reads = delete_old_reads(actor=SYSTEM, at=at)
    files = remove_old_uploads(actor=SYSTEM, at=clock.system())
    files += delete_old_temporary_files(actor=SYSTEM, at=clock.system())
    deleted = f"{answers} answers, {drafts} drafts, {messages} messages, {lines} lines, {reads} reads, {files} temporary files"
    return f"{len(HOUSEKEEPING)} commands; deleted {deleted}", True


def _verify(at: datetime) -> tuple[str, bool]:
    """Check the evidence and the ledgers. What is wrong stays a failed job, so that the schedule's check names it.

    Raises:
        RuntimeError: the files or a ledger are not as recorded.
    """
    output = StringIO()
    try:
        for command in VERIFICATION:
            call_command(command, stdout=output)
    except SystemExit as end:
        raise RuntimeError(output.getvalue()) from end
    return f"{len(VERIFICATION)} commands; all is whole", True


def _review_access(at: datetime) -> tuple[str, bool]:
    unused, reviews = suspend_unused(actor=SYSTEM, at=at), review_access(actor=SYSTEM, at=at)
    accounts = f"{unused.announced} suspensions announced, {unused.suspended} accounts suspended"
    return (
        f"{accounts}; {reviews.opened} reviews opened, {reviews.announced} ends of memberships announced, {reviews.ended} ended",
        True,
    )


def _scan(at: datetime) -> tuple[str, bool]:
    """Scan the stored files again, because scanners learn. Without the scanner the job stays to be done."""
    if not scanner.is_configured():
        return "no scanner is set", True
    return str(scan_stored_files(actor=SYSTEM, at=at)), True


def _keep_returns(at: datetime) -> tuple[str, bool]:
    changes = open_and_close_returns(actor=SYSTEM, at=at)
    return f"{len(changes.opened)} opened, {len(changes.missed)} missed", True


def _escalate(at: datetime) -> tuple[str, bool]:
    return f"{len(escalate(actor=SYSTEM, at=at))} escalated", True


def _send_digests(at: datetime) -> tuple[str, bool]:
    try:
        outcome = send_digests(actor=SYSTEM, at=at)
    except OSError as error:
        text = "The mail server cannot be used (%s). Digests that were not sent are tried again."
        logger.error(text, error)  # noqa: TRY400  one line
        return "the mail server cannot be used", False
    return str(outcome), outcome.to_try_again == 0


WORK: dict[str, Callable[[datetime], tuple[str, bool]]] = {
    "housekeeping": _clean_up,
    "verification": _verify,
    "scan": _scan,
    "access": _review_access,
    "returns": _keep_returns,
    "escalations": _escalate,
    "digests": _send_digests,
}
