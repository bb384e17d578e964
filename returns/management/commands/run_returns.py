from typing import Any

from django.core.management.base import BaseCommand

from audit import clock
from audit.actors import SYSTEM
from returns.services.opening import open_and_close_returns


class Command(BaseCommand):
    help = (
        "Open returns for every reporting period that has ended, and mark returns as missed when their last day has "
        "passed. You can run it at any time and as often as you like."
    )

    def handle(self, **_options: Any) -> None:
        changes = open_and_close_returns(actor=SYSTEM, at=clock.now())
        opened, missed = len(changes.opened), len(changes.missed)
        if not (opened or missed):
            self.stdout.write("No returns to open or close")
            return
        returns = "return" if opened == 1 else "returns"
        self.stdout.write(f"{opened} {returns} opened, {missed} missed")
