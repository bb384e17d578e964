from typing import Any

from django.core.management.base import BaseCommand

from audit import clock
from audit.actors import SYSTEM
from desk.jobs.services import close_all_tasks, skip_job
from exchange.webhooks.services.restoring import pause_running_webhooks


class Command(BaseCommand):
    help = "After a restore: mail nobody a second time, and send no webhook until somebody resumes it."

    def handle(self, **_options: Any) -> None:
        at = clock.now()
        tasks = close_all_tasks(actor=SYSTEM, at=at)
        skip_job(actor=SYSTEM, job="digests", at=at)
        webhooks = pause_running_webhooks(actor=SYSTEM, at=at)
        self.stdout.write(
            f"{tasks} queued tasks closed. Today's digests are not sent. {webhooks} webhooks paused."
        )
