import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections

from audit import clock
from desk.jobs import services as jobs
from desk.worker import enqueue_due_jobs
from exchange.webhooks.tasks import enqueue_due_webhooks

EVERY_SECONDS = 60


class Command(BaseCommand):
    help = "Queue the daily jobs and webhooks that are due. Nothing is queued twice."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--forever", action="store_true", help="repeat every minute until stopped")
        parser.add_argument(
            "--check", action="store_true", help="queue nothing; fail if a job of today is late"
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
        for name in enqueue_due_jobs(at=clock.now()):
            self.stdout.write(f"Queued {name}.")
        for pk in enqueue_due_webhooks(at=clock.now()):
            self.stdout.write(f"Queued webhook {pk}.")
