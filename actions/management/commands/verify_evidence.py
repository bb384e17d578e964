import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from actions.evidence.services import remove_orphans as remove
from actions.evidence.verifying import verify_files
from audit import clock
from audit.actors import SYSTEM


class Command(BaseCommand):
    help = "Check that each file of evidence is stored and unaltered. Exits 1 when not."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--remove-orphans", action="store_true", help="remove files that no evidence on record names"
        )

    def handle(self, *, remove_orphans: bool, **_options: Any) -> None:
        verdict = verify_files(at=clock.system())
        for word, lines in (
            ("MISSING", verdict.missing),
            ("ALTERED", verdict.altered),
            ("UNREADABLE", verdict.unreadable),
        ):
            for line in lines:
                self.stdout.write(self.style.ERROR(f"{word} {line}"))
        for name in verdict.orphans:
            self.stdout.write(self.style.WARNING(f"orphaned: {name}"))
        if remove_orphans:
            self.stdout.write(f"{remove(actor=SYSTEM, names=verdict.orphans)} orphaned files removed.")
        self.stdout.write((self.style.SUCCESS if verdict.ok else self.style.ERROR)(verdict.summary))
        if not verdict.ok:
            sys.exit(1)
