from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError

from audit import clock
from audit.screening import keeping
from importing.engine.services.contents import Outcome
from importing.engine.services.flow import apply_import, preview_import
from importing.plans.services.contents import ActionChange, PlanPreview
from importing.plans.services.importer import PlanImporter
from partners.models import Partnership, User


class Command(BaseCommand):
    help = (
        "Import a plan from an Excel workbook or a CSV file. If any cell has a problem, nothing is imported: the "
        "command prints every problem with its place and exits with status 1."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="an .xlsx, .ods or .csv file")
        parser.add_argument("--partnership", required=True, metavar="NAME")
        parser.add_argument(
            "--plan",
            required=True,
            metavar="TITLE",
            help="the plan's title; a new plan needs its financial year in the title",
        )
        parser.add_argument(
            "--actor",
            required=True,
            metavar="EMAIL",
            help="e-mail address of the programme manager who imports it",
        )
        parser.add_argument(
            "--sheet",
            default="",
            metavar="NAME",
            help="sheet to read; by default the first with the right columns",
        )
        parser.add_argument(
            "--keep-personal-data-reason",
            default="",
            metavar="REASON",
            help="why personal data in the file is kept; needed when the file has any",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="print what would be imported, without importing it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        request = self._request(options)
        try:
            preview = preview_import(**request)
            self._show(preview)
            if preview.can_be_applied and not options["dry_run"]:
                with keeping(lambda: options["keep_personal_data_reason"]):
                    preview = apply_import(**request, expected=preview.digest)
        except PermissionDenied as error:
            raise CommandError(f"{request['actor'].email}: {error}") from error
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        self._sum_up(preview, dry_run=options["dry_run"])

    def _request(self, options: dict[str, Any]) -> dict[str, Any]:
        path: Path = options["file"]
        try:
            data = path.read_bytes()
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}") from error
        partnership = Partnership.objects.filter(name__iexact=options["partnership"]).first()
        if partnership is None:
            raise CommandError(f"There is no partnership called {options['partnership']}.")
        actor = User.objects.filter(email__iexact=options["actor"], is_active=True).first()
        if actor is None:
            raise CommandError(f"There is no active account with the e-mail address {options['actor']}.")
        return {
            "actor": actor,
            "importer": PlanImporter(partnership=partnership, plan_title=options["plan"]),
            "data": data,
            "filename": path.name,
            "sheet": options["sheet"],
            "at": clock.now(),
        }

    def _show(self, preview: PlanPreview) -> None:
        self.stdout.write(f"Sheet {preview.sheet}, header in row {preview.header_row}")
        if preview.not_imported:
            self.stdout.write(f"Columns not imported: {', '.join(preview.not_imported)}")
        for row in preview.rows:
            self._show_row(row)
        for name in preview.names_not_in_file:
            self.stdout.write(f"Not in the file, not changed: {name}")
        for warning in preview.warnings:
            self.stdout.write(f"Check: {warning}")
        for note in preview.notes:
            self.stdout.write(f"Note, not imported: {note}")
        for problem in preview.problems:
            self.stderr.write(str(problem))
        for cell in preview.personal:
            self.stderr.write(f"Personal data, {cell.place}: {cell.message}")

    def _show_row(self, row: ActionChange) -> None:
        if row.outcome == Outcome.UNCHANGED:
            return
        self.stdout.write(f"Row {row.number}: {row.ref} {row.title}: {row.outcome}")
        for change in row.changes if row.outcome == Outcome.UPDATED else ():
            self.stdout.write(f"  {change.label}: {change.old or '(blank)'} -> {change.new}")
        for change in row.skipped:
            self.stdout.write(
                f"  {change.label}: not changed from {change.app or '(blank)'} to {change.file}. {change.reason}"
            )

    def _sum_up(self, preview: PlanPreview, *, dry_run: bool) -> None:
        counts = ", ".join(f"{name} {number}" for name, number in preview.counts.items())
        if not preview.can_be_applied:
            number = len(preview.problems)
            raise CommandError(
                f"{number} problem(s), so nothing was imported. Without them it would be: {counts}"
            )
        self.stdout.write(f"{'Would be' if dry_run else 'Imported'}: {counts}")
