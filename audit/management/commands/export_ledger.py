import os
import tempfile
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit import clock
from audit.models import Ledger
from audit.services import export_lines


class Command(BaseCommand):
    help = "Write a ledger to a file that `python -m audit.verify` checks on any machine."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--partnership", metavar="NAME", required=True, help="whose ledger")
        parser.add_argument("file", metavar="FILE.jsonl", help="where to; - for standard output")

    def handle(self, *, partnership: str, file: str, **_options: Any) -> None:
        ledger = Ledger.objects.filter(name=partnership).first()
        if ledger is None:
            raise CommandError(f"There is no partnership called {partnership!r}.", returncode=2)
        if file == "-":
            for line in export_lines(ledger=ledger, at=clock.now()):
                self.stdout.write(line, ending="")
            return
        try:
            lines = self.write(ledger, Path(file))
        except OSError as error:
            raise CommandError(f"Cannot write {file}: {error.strerror}") from error
        except ValueError as error:
            raise CommandError(f"An entry cannot be read, and verify_ledger names it: {error}") from error
        self.stdout.write(self.style.SUCCESS(f"{lines} lines of the ledger of {ledger} written to {file}"))

    def write(self, ledger: Ledger, path: Path) -> int:
        """Write beside the file and move it there once whole, so that half an export is never taken for one."""
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as part:
            try:
                count = 0
                for line in export_lines(ledger=ledger, at=clock.now()):
                    part.write(line)
                    count += 1
                part.flush()
                os.fsync(part.fileno())
                Path(part.name).replace(path)
            except BaseException:
                Path(part.name).unlink(missing_ok=True)
                raise
        return count
