import logging
import socket
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections

from audit import clock
from audit.actors import SYSTEM
from desk.jobs import services as jobs
from desk.lasting import TRY_AGAIN_SECONDS, outlive_the_database
from desk.models import Heartbeat
from desk.worker import OUTBOUND, enqueue_due_jobs
from exchange.webhooks.tasks import enqueue_due_webhooks
from web.keys import WRONG_KEY, wrong_keys
from web.services import record_secret_key

logger = logging.getLogger(__name__)
EVERY_SECONDS = 60


class Command(BaseCommand):
    # Health checks run it every minute, and checking the code as well would take two thirds of its time.
    requires_system_checks = ()
    help = "Queue the daily jobs and webhooks that are due. Nothing is queued twice."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--forever", action="store_true", help="repeat until stopped")
        parser.add_argument(
            "--interval", type=float, default=EVERY_SECONDS, help="seconds between two looks at what is due"
        )
        parser.add_argument(
            "--check",
            action="store_true",
            help="queue nothing; fail if a job of today is late, or a worker or the schedule does not run",
        )

    def handle(self, *, forever: bool, interval: float, check: bool, **_options: Any) -> None:
        if check:
            self._check()
            return
        if not forever:
            self._queue()
            return
        while True:
            close_old_connections()
            time.sleep(interval if outlive_the_database(self._queue) else min(interval, TRY_AGAIN_SECONDS))

    def _check(self) -> None:
        late = [
            f"{name} ({reason})" if reason else name
            for name, reason in jobs.late_jobs(at=clock.now()).items()
            if settings.OUTBOUND or name not in OUTBOUND
        ]
        wrong = [f"Late: {', '.join(late)}"] if late else []
        # Heartbeats are dated by the machine's clock, whatever day a demonstration is on.
        wrong += [*jobs.silences(at=clock.system()), *wrong_keys()]
        if wrong:
            raise CommandError("; ".join(wrong))

    def _queue(self) -> None:
        at = clock.system()
        jobs.beat(
            actor=SYSTEM, kind=Heartbeat.Kind.SCHEDULE, name=f"schedule {socket.gethostname()}"[:64], at=at
        )
        if not record_secret_key(actor=SYSTEM, at=at):
            logger.error("Nothing is queued: %s.", WRONG_KEY)
            return
        if lost := jobs.close_lost_tasks(actor=SYSTEM, at=at):
            self.stdout.write(f"Closed {lost} tasks of workers that have ended.")
        for name in enqueue_due_jobs(at=clock.now()):
            self.stdout.write(f"Queued {name}.")
        for pk in enqueue_due_webhooks(at=clock.now()):
            self.stdout.write(f"Queued webhook {pk}.")
