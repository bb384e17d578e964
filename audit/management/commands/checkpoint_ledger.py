from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit import clock
from audit.actors import SYSTEM
from audit.models import Ledger
from audit.services import SigningKeyError, checkpoint, public_key


class Command(BaseCommand):
    help = "Sign the head of a ledger, or of every ledger, with LEDGER_SIGNING_KEY (Ed25519)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--partnership", metavar="NAME", help="only this partnership's ledger; all without it"
        )

    def handle(self, *, partnership: str | None, **_options: Any) -> None:
        ledgers = Ledger.objects.filter(name=partnership) if partnership else Ledger.objects.all()
        if partnership and not ledgers:
            raise CommandError(f"There is no partnership called {partnership!r}.", returncode=2)
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
