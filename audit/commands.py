"""What the commands about ledgers share."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.models import Ledger


class LedgersCommand(BaseCommand):
    """A command for one partnership's ledger, or for every ledger."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--partnership", metavar="NAME", help="only this partnership's ledger; all without it"
        )

    def ledgers(self, partnership: str | None) -> Any:
        """Return the ledgers to work on.

        Raises:
            CommandError: code 2, when there is no such partnership.
        """
        ledgers = Ledger.objects.filter(name=partnership) if partnership else Ledger.objects.all()
        if partnership and not ledgers:
            raise CommandError(f"There is no partnership called {partnership!r}.", returncode=2)
        return ledgers
