from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError

from audit import clock
from audit.screening import keeping
from importing.plans.services.applying import apply_import
from importing.plans.services.contents import Outcome, Preview, RowChange
from importing.plans.services.previewing import preview_import
from partners.models import Partnership, User


class Command(BaseCommand):
    help = (
        "Import a plan from an Excel workbook or a CSV file. Prints every problem with its place and exits 1 when "
        "there is any: nothing is imported unless everything can be."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="an .xlsx or .csv file")
        parser.add_argument("--partnership", required=True, metavar="NAME")
        parser.add_argument(
            "--plan", required=True, metavar="TITLE", help="created when new, for the year it names"
        )
        parser.add_argument(
            "--actor", required=True, metavar="EMAIL", help="the programme manager who imports"
        )
        parser.add_argument(
            "--sheet", default="", metavar="NAME", help="the first with a plan's header if left out"
        )
        parser.add_argument(
            "--keep-personal-data-reason",
            default="",
            metavar="REASON",
            help="why what looks like personal data in the file is kept; without it, such a file is refused",
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        request = self._request(options)
        try:
            preview = preview_import(**request)
            self._show(preview)
            if preview.can_be_applied and not options["dry_run"]:
                with keeping(lambda: options["keep_personal_data_reason"]):
                    preview = apply_import(**request, expected=preview.digest)
        except PermissionDenied as refusal:
            raise CommandError(f"{request['actor'].email}: {refusal}") from refusal
        except ValidationError as refusal:
            raise CommandError("\n".join(refusal.messages)) from refusal
        self._sum_up(preview, dry_run=options["dry_run"])

    def _request(self, options: dict[str, Any]) -> dict[str, Any]:
        path: Path = options["file"]
        try:
            data = path.read_bytes()
        except OSError as fault:
            raise CommandError(f"{path} cannot be read: {fault.strerror}") from fault
        partnership = Partnership.objects.filter(name__iexact=options["partnership"]).first()
        if partnership is None:
            raise CommandError(f"There is no partnership called {options['partnership']}.")
        actor = User.objects.filter(email__iexact=options["actor"], is_active=True).first()
        if actor is None:
            raise CommandError(f"There is no active account with the e-mail address {options['actor']}.")
        return {
            "actor": actor,
            "partnership": partnership,
            "plan_title": options["plan"],
            "data": data,
            "filename": path.name,
            "sheet": options["sheet"],
            "at": clock.now(),
        }

    def _show(self, preview: Preview) -> None:
        self.stdout.write(f"Sheet {preview.sheet}, header in row {preview.header_row}")
        if preview.not_imported:
            self.stdout.write(f"Columns not imported: {', '.join(preview.not_imported)}")
        for row in preview.rows:
            self._show_row(row)
        for action in preview.not_in_file:
            self.stdout.write(f"Not in the file, left as it is: {action.ref} {action.title}")
        for warning in preview.warnings:
            self.stdout.write(f"Check: {warning}")
        for note in preview.notes:
            self.stdout.write(f"Note, not imported: {note}")
        for problem in preview.problems:
            self.stderr.write(str(problem))
        for cell in preview.personal:
            self.stderr.write(f"Personal data, {cell.place}: {cell.message}")

    def _show_row(self, row: RowChange) -> None:
        if row.outcome == Outcome.UNCHANGED:
            return
        self.stdout.write(f"Row {row.number}: {row.ref} {row.title}: {row.outcome}")
        for change in row.changes if row.outcome == Outcome.UPDATED else ():
            self.stdout.write(f"  {change.label}: {change.old or '(blank)'} -> {change.new}")
        for kept in row.kept:
            self.stdout.write(f"  {kept.label}: kept {kept.app or '(blank)'}, not {kept.file}. {kept.reason}")

    def _sum_up(self, preview: Preview, *, dry_run: bool) -> None:
        counts = ", ".join(f"{name} {number}" for name, number in preview.counts.items())
        if not preview.can_be_applied:
            number = len(preview.problems)
            raise CommandError(
                f"{number} problem(s), so nothing was imported. Without them it would be: {counts}"
            )
        self.stdout.write(f"{'Would be' if dry_run else 'Imported'}: {counts}")
