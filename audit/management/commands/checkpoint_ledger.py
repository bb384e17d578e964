from typing import Any

from django.core.management.base import CommandError

from audit import clock
from audit.actors import SYSTEM
from audit.commands import LedgersCommand
from audit.models import Ledger
from audit.services import SigningKeyError, checkpoint, public_key


class Command(LedgersCommand):
    help = "Sign the head of a ledger, or of every ledger, with LEDGER_SIGNING_KEY (Ed25519)."

    def handle(self, *, partnership: str | None, **_options: Any) -> None:
        ledgers = self.ledgers(partnership)
        try:
            self.stdout.write(f"Public key: {public_key()}")
            for ledger in ledgers:
                self.sign(ledger)
        except SigningKeyError as error:
            raise CommandError(str(error)) from error

    def sign(self, ledger: Ledger) -> None:
        made = checkpoint(actor=SYSTEM, ledger=ledger, at=clock.now())
        if made is None:
            self.stdout.write(f"{ledger}: no entry yet, nothing to sign")
        else:
            self.stdout.write(f"{ledger}: signed up to {made.sequence} {made.digest}")
