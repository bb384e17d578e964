import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection

from desk.backups.databases import NO_ANSWER
from desk.backups.encryption import BackupError, read_key
from desk.backups.restoring import in_words, read_backup, restore_backup


class Command(BaseCommand):
    help = (
        "Restore a backup into an empty database and an empty folder, keep the copy from mailing anybody again, "
        "and verify evidence and ledgers. Exits 1 when something is missing or altered."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the backup")
        parser.add_argument("--key", type=Path, required=True, help="the file with the private key")
        parser.add_argument(
            "--from",
            metavar="ADDRESS",
            dest="service",
            help="the address of the service that it comes from; without it, this one's",
        )
        parser.add_argument(
            "--check", action="store_true", help="read the backup to its end and write nothing"
        )

    def handle(self, *, file: Path, key: Path, service: str | None, check: bool, **_options: Any) -> None:
        try:
            arguments: dict[str, Any] = {
                "path": file,
                "keys": read_key(key),
                "service": service or settings.SITE_ADDRESS,
            }
            if check:
                self.stdout.write(f"{in_words(read_backup(**arguments))} It is complete.")
                return
            self.stdout.write(in_words(restore_backup(connection=connection, **arguments)))
        except OperationalError as error:
            raise CommandError(NO_ANSWER.format(str(error).partition("\n")[0])) from error
        except BackupError as error:
            raise CommandError(f"{error}\nNothing was restored." if not check else str(error)) from error
        call_command("migrate", interactive=False, verbosity=0)
        call_command("after_restore", stdout=self.stdout)
        self._verify("verify_evidence", "verify_ledger")

    def _verify(self, *commands: str) -> None:
        """Run each check, also after one that failed."""
        failed = []
        for name in commands:
            try:
                call_command(name, stdout=self.stdout)
            except SystemExit:
                failed.append(name)
        if failed:
            sys.exit(1)
