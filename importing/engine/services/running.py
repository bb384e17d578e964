"""Long imports, which a worker runs: their state, read from the workers' queue, and their result in words."""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from audit.actors import Actor
from audit.models import Tracked
from audit.screening import keeping
from importing.engine.services.contents import Outcome, Preview
from importing.engine.services.flow import Importer, apply_import
from importing.engine.services.reversal import past_imports
from importing.engine.services.undo import undo_import
from importing.engine.services.uploads import open_upload, remove_upload
from web.faults import fault_of
from web.language import lazy_text

logger = logging.getLogger(__name__)

# A person waits for so many seconds; a worker does what takes longer.
WAIT_SECONDS = 3
# Far longer than the largest file takes. The queue shows the work of a worker that died as running for ever.
LOST_AFTER = timedelta(minutes=15)
DELAYED_AFTER = timedelta(minutes=2)
SHOWN = 20
# What people read of each outcome of a row.
OUTCOMES = {
    Outcome.CREATED: lazy_text("New"),
    Outcome.UPDATED: lazy_text("Changed"),
    Outcome.UNCHANGED: lazy_text("Unchanged"),
    Outcome.SKIPPED: lazy_text("Skipped"),
    Outcome.REJECTED: lazy_text("Has a problem"),
}


class RunState(StrEnum):
    WAITING = "waiting"
    DELAYED = "delayed"
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Run:
    """A long import, or the undoing of one.

    Attributes:
        token: confirms the preview that it imports; empty for undoing an import.
        undo: the entry of the import that it undoes; empty for an import.
        rows: how many rows it has.
        seconds: about how long it takes.
        result: what it did.
        problems: why it did nothing.
    """

    state: RunState
    token: str
    undo: str
    rows: int
    seconds: int
    result: str = ""
    problems: Sequence[str] = ()

    @property
    def is_going_on(self) -> bool:
        return self.state in (RunState.WAITING, RunState.DELAYED, RunState.RUNNING)

    @property
    def may_be_repeated(self) -> bool:
        return self.state in (RunState.REFUSED, RunState.STOPPED)

    @property
    def size(self) -> str:
        return gettext("{rows:,} rows").format(rows=self.rows)

    @property
    def expected_seconds(self) -> int:
        """About how long it takes, in tens of seconds."""
        return 10 * (1 + self.seconds // 10)


def seconds_of(*, importer: Importer[Any], rows: int) -> int:
    """Return about how long an import, or undoing one, takes."""
    return rows // importer.rows_per_second


def run_key(*, name: str) -> str:
    """Return the key of a run by what it does, so that a second press of a button starts no second one."""
    return hashlib.sha256(name.encode()).hexdigest()[:32]


def find_run(*, actor: Actor, key: str, at: datetime) -> Run | None:
    """Return the actor's run with a key; None when there is none.

    Two presses in one moment may queue it twice. The ledger's lock lets one of them import, and that one counts.

    Args:
        at: the machine's time.
    """
    tasks = DBTaskResult.objects.filter(args_kwargs__kwargs__key=key, args_kwargs__kwargs__user=actor.pk)
    runs = [_run(task, at) for task in tasks.order_by("-enqueued_at")]
    done = [run for run in runs if run.state == RunState.DONE]
    going_on = [run for run in runs if run.is_going_on]
    return next(iter([*done, *going_on, *runs]), None)


def _run(task: DBTaskResult[Any, Any], at: datetime) -> Run:
    arguments, value = task.args_kwargs["kwargs"], task.return_value or {}
    facts: dict[str, Any] = {name: arguments[name] for name in ("token", "undo", "rows", "seconds")}
    if task.status == TaskResultStatus.READY:
        is_delayed = task.enqueued_at + DELAYED_AFTER < at
        return Run(RunState.DELAYED if is_delayed else RunState.WAITING, **facts)
    if task.status == TaskResultStatus.RUNNING:
        is_lost = task.started_at is not None and task.started_at + LOST_AFTER < at
        return Run(RunState.STOPPED if is_lost else RunState.RUNNING, **facts)
    if "result" in value:
        return Run(RunState.DONE, **facts, result=value["result"])
    if "problems" in value:
        return Run(RunState.REFUSED, **facts, problems=value["problems"])
    return Run(RunState.STOPPED, **facts)


def run_import(
    *,
    actor: Actor,
    importer: Importer[Any],
    target: Tracked,
    token: str,
    undo: str,
    reason: str,
    leave_out: bool,
    at: datetime,
) -> dict[str, Any]:
    """Import a confirmed file, or undo an import, and return the result or the problems in words.

    Args:
        target: the row that the file is imported into.
        token: of the file; empty to undo an import.
        undo: the entry of the import to undo; empty to import the file.
        reason: why personal data in the file must stay; empty when none was given.
        leave_out: import the rows without problems, and leave the others out.
    """
    try:
        if undo:
            past = past_imports(importer=importer, target=target)
            entry = next(each.entry for each in past if str(each.entry.sequence) == undo)
            reversal = undo_import(actor=actor, importer=importer, target=target, entry=entry, at=at)
            return {"result": reversal.summary}
        upload, data = open_upload(actor=actor, target=target, token=token)
        with keeping(lambda: reason):
            preview = apply_import(
                actor=actor,
                importer=importer,
                data=data,
                filename=upload.filename,
                sheet=upload.sheet,
                keys=upload.chosen_keys,
                expected=upload.digest,
                leave_out_problems=leave_out,
                at=at,
            )
    except ValidationError as error:
        return _refusal(error)
    except Exception as error:
        fault = fault_of(error)
        if fault is None:
            raise
        logger.exception("A long import was not done.")
        return {"problems": [fault.text]}
    remove_upload(actor=actor, upload=upload)
    return {"result": result_in_words(preview=preview)}


def counts_in_words(*, preview: Preview[Any, Any]) -> list[tuple[str, int]]:
    """Return the rows of a preview by outcome, each outcome in words."""
    return [(label, preview.counts[outcome]) for outcome, label in OUTCOMES.items()]


def result_in_words(*, preview: Preview[Any, Any]) -> str:
    """Return what an import did: its rows by outcome, without those that no row has, and how many were left out."""
    numbers = [(label.lower(), number) for label, number in counts_in_words(preview=preview) if number]
    counts = ", ".join(f"{number:,} {label}" for label, number in numbers)
    return (
        gettext("{counts}. Rows left out: {left_out}").format(counts=counts, left_out=preview.left_out)
        if preview.left_out
        else counts
    )


def _refusal(error: ValidationError) -> dict[str, Any]:
    messages = error.messages
    more = (
        [gettext("There are {number} more problems.").format(number=len(messages) - SHOWN)]
        if len(messages) > SHOWN
        else []
    )
    return {"problems": [*messages[:SHOWN], *more]}
