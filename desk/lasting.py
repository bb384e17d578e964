"""Processes that last: they show that they run, and outlive a restart of the database."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import DatabaseError, InterfaceError, connections
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker

from audit import clock
from audit.actors import SYSTEM
from desk.jobs.services import beat
from desk.models import Heartbeat

logger = logging.getLogger(__name__)
BEAT_SECONDS = 60
TRY_AGAIN_SECONDS = 5


@contextmanager
def beating(kind: Heartbeat.Kind, name: Callable[[], str]) -> Iterator[None]:
    """Show every minute, in a thread, that the calling thread goes on, however long its work takes.

    Args:
        name: returns the name of the process, which may change.
    """
    is_over = threading.Event()
    work = ThreadProgress(threading.get_ident())
    thread = threading.Thread(
        target=_beat_until, args=(is_over, kind, name, work), name="heartbeat", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join(timeout=TRY_AGAIN_SECONDS)


class ThreadProgress:
    """Whether a thread still works. One that hangs, on a lock or a silent server, takes no processor time."""

    def __init__(self, thread: int) -> None:
        self._clock = time.pthread_getcpuclockid(thread)
        self._before = -1.0

    def has_worked(self) -> bool:
        """Return whether the thread has taken processor time since the last call."""
        before, self._before = self._before, time.clock_gettime(self._clock)
        return self._before > before


def _beat_until(
    is_over: threading.Event, kind: Heartbeat.Kind, name: Callable[[], str], work: ThreadProgress
) -> None:
    is_hung = False
    while True:
        was_hung, is_hung = is_hung, not work.has_worked()
        if not is_hung:
            outlive_the_database(lambda: beat(actor=SYSTEM, kind=kind, name=name(), at=clock.system()))
            connections.close_all()
        elif not was_hung:
            logger.error("The %s hangs: it has not worked for %s seconds.", kind.value, BEAT_SECONDS)
        if is_over.wait(BEAT_SECONDS):
            return


def outlive_the_database(work: Callable[[], object]) -> bool:
    """Do the work and return whether the database answered. If not, log that in one line instead of ending the process."""
    try:
        work()
    except (DatabaseError, InterfaceError) as error:
        logger.error("The database does not answer: %s", str(error).partition("\n")[0])  # noqa: TRY400  one line
        connections.close_all()
        return False
    return True


class LastingWorker(Worker):
    """Runs queued tasks until it is stopped, also after the database was away."""

    def __init__(self, *, batch: bool, interval: float, startup_delay: bool) -> None:
        super().__init__(
            queue_names=["default"],
            interval=interval,
            batch=batch,
            backend_name="default",
            startup_delay=startup_delay,
            max_tasks=None,
            worker_id=get_random_string(32),
            excluded_queue_names=[],
        )

    def run(self) -> None:
        with beating(Heartbeat.Kind.WORKER, lambda: self.worker_id):
            while self.running:
                if outlive_the_database(super().run) or self.batch:
                    return
                # The task that was running stays with a worker that is no more, and so is closed.
                self.worker_id = get_random_string(32)
                time.sleep(TRY_AGAIN_SECONDS)
