import sys
from typing import Any

from audit.commands import LedgersCommand
from audit.services import Verdict, verify

PROBLEMS_SHOWN = 20


class Command(LedgersCommand):
    help = "Check that ledgers are whole and that the rows they vouch for are as recorded. Exits 1 when not."

    def handle(self, *, partnership: str | None, **_options: Any) -> None:
        ledgers = self.ledgers(partnership)
        whole = [self.report(verify(ledger=ledger)) for ledger in ledgers]
        if not all(whole):
            sys.exit(1)

    def report(self, verdict: Verdict) -> bool:
        """Print a verdict and return whether the ledger is whole."""
        for note in verdict.notes:
            self.stdout.write(self.style.WARNING(f"{verdict.ledger}: note: {note}"))
        for problem in verdict.problems[:PROBLEMS_SHOWN]:
            self.stdout.write(self.style.ERROR(f"{verdict.ledger}: BAD {problem.message}"))
        if len(verdict.problems) > PROBLEMS_SHOWN:
            self.stdout.write(f"{verdict.ledger}: ... and {len(verdict.problems) - PROBLEMS_SHOWN} more")
        looked_at = f"{verdict.entries} entries, {verdict.checkpoints} checkpoints, {verdict.rows} rows"
        if verdict.ok:
            self.stdout.write(self.style.SUCCESS(f"{verdict.ledger}: whole ({looked_at})"))
            return True
        for mismatch in verdict.key_mismatches:
            self.stdout.write(
                self.style.ERROR(f"{verdict.ledger}: THE SIGNING KEY DOES NOT MATCH. {mismatch}")
            )
        if not verdict.problems:
            self.stdout.write(f"{verdict.ledger}: apart from the key, nothing is wrong ({looked_at})")
            return False
        first = verdict.first_bad_sequence
        bad = "No entry is bad, but rows are" if first is None else f"First bad sequence: {first}"
        self.stdout.write(self.style.ERROR(f"{verdict.ledger}: NOT WHOLE ({looked_at}). {bad}"))
        return False
