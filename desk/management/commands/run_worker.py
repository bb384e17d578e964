from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from desk.lasting import LastingWorker


class Command(BaseCommand):
    help = "Run queued jobs until it is stopped. Several may run."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--batch", action="store_true", help="stop when the queue is empty")
        parser.add_argument(
            "--interval", type=float, default=1, help="seconds between two looks at an empty queue"
        )
        parser.add_argument(
            "--no-startup-delay",
            action="store_false",
            dest="startup_delay",
            help="begin without a random delay",
        )

    def handle(self, *, batch: bool, interval: float, startup_delay: bool, **_options: Any) -> None:
        worker = LastingWorker(batch=batch, interval=interval, startup_delay=startup_delay)
        worker.configure_signals()
        worker.run()
