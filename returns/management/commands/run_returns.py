from typing import Any

from django.core.management.base import BaseCommand

from audit import clock
from audit.actors import SYSTEM
from returns.services.opening import keep_returns


class Command(BaseCommand):
    help = (
        "Open the returns of every live plan's periods that have ended, and record as missed those whose last day has "
        "passed. Safe to run at any time and as often as you like."
    )

    def handle(self, **_options: Any) -> None:
        kept = keep_returns(actor=SYSTEM, at=clock.now())
        opened, missed = len(kept.opened), len(kept.missed)
        if not (opened or missed):
            self.stdout.write("Nothing to open or to close")
            return
        returns = "return" if opened == 1 else "returns"
        self.stdout.write(f"{opened} {returns} opened, {missed} missed")
