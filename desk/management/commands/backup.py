from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection

from audit import clock
from desk.backups.databases import NO_ANSWER
from desk.backups.encryption import BackupError
from desk.backups.making import make_backup


class Command(BaseCommand):
    help = "Back up the database and the stored files together into one encrypted file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="where to write it; its name says when it was made")

    def handle(self, *, folder: Path, **_options: Any) -> None:
        recipients = settings.BACKUP_RECIPIENTS
        try:
            path = make_backup(connection=connection, folder=folder, recipients=recipients, at=clock.system())
        except OperationalError as error:
            raise CommandError(NO_ANSWER.format(str(error).partition("\n")[0])) from error
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{path}: {path.stat().st_size:,} bytes")
