import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from desk.backups.encryption import create_key


class Command(BaseCommand):
    help = "Make the key that opens backups. Keep the file away from the service; it needs the printed half only."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the new file for the private half")

    def handle(self, *, file: Path, **_options: Any) -> None:
        private, public = create_key()
        try:
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise CommandError(f"{file} cannot be made: {error.strerror}.") from error
        with os.fdopen(descriptor, "w") as private_file:
            private_file.write(f"# Opens the backups for {public}\n{private}\n")
        self.stdout.write(f"BACKUP_RECIPIENTS={public}")
