import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections

from audit import clock
from audit.actors import SYSTEM
from desk import worker as tasks
from desk.jobs import services as jobs
from exchange.webhooks.services.delivering import take_due

EVERY_SECONDS = 60


class Command(BaseCommand):
    help = "Queue the daily jobs that are due and not done; running it again queues nothing twice."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--forever", action="store_true", help="look every minute until it is stopped")
        parser.add_argument(
            "--check", action="store_true", help="queue nothing; fail when a job of today is late"
        )

    def handle(self, *, forever: bool, check: bool, **_options: Any) -> None:
        if check:
            late = jobs.late_jobs(at=clock.now())
            if late:
                raise CommandError(f"Late: {', '.join(late)}")
            return
        self._queue()
        while forever:
            time.sleep(EVERY_SECONDS)
            close_old_connections()
            self._queue()

    def _queue(self) -> None:
        for name in jobs.enqueue_due(actor=SYSTEM, at=clock.now(), enqueue=tasks.enqueue):
            self.stdout.write(f"Queued {name}.")
        for pk in take_due(actor=SYSTEM, at=clock.now(), enqueue=tasks.enqueue_webhook):
            self.stdout.write(f"Queued webhook {pk}.")
