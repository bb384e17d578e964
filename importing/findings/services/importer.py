"""Import of findings into an inspection."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext

from audit.actors import Actor
from audit.clock import london_date
from audit.models import Ledger
from importing.engine.services.flow import Importer, ImportFile, sort_problems
from importing.engine.services.organisations import Organisations
from importing.findings.services.comparing import Comparison, FindingsRecord, cause_numbers
from importing.findings.services.contents import FindingChange, FindingsPreview
from importing.findings.services.rows import FINDINGS, SAMPLE, FindingRow, comparable_number, read_rows
from importing.findings.services.writing import IMPORTED, write_findings
from inspections.core import policies
from inspections.models import Inspection
from partners.policies import rights_of
from web.language import lazy_text
from web.tables import Table


@dataclass(frozen=True)
class FindingsImporter(Importer[FindingsPreview]):
    """Import of findings into an inspection.

    A finding is known by its kind and number; without a number, by its text. Findings proposed for closure or
    closed are not changed, nor are fields edited in the app since the last import.
    """

    inspection: Inspection

    specification = FINDINGS
    sample = SAMPLE
    verb = IMPORTED
    changed_since_preview = lazy_text(
        "The findings have changed since this preview. Check what the import would do now, then confirm again."
    )

    @property
    def ledger_id(self) -> int:
        return self.inspection.partnership.ledger_id

    def why_not_import(self, *, actor: Actor, on: date) -> str:
        return policies.why_not_manage(rights_of(actor, on), self.inspection.partnership_id)

    def compare(self, *, actor: Actor, file: ImportFile, at: datetime) -> FindingsPreview:
        table, inspection = file.table, self.inspection
        organisations = Organisations(partnership=inspection.partnership)
        content = read_rows(table=table, inspection=inspection, organisations=organisations)
        references = {ref for row in content.findings for ref in row.values.get("actions", ())}
        record = FindingsRecord.read(
            actor=actor, inspection=inspection, references=references, on=london_date(at)
        )
        causes = cause_numbers(record=record, rows=content.findings)
        rows = [Comparison(table, record, causes, row).result() for row in content.findings]
        _reject_repeated(table, content.findings, rows)
        file.add_problems(rows)
        pks_in_file = {row.record.pk for row in rows if row.record is not None}
        return FindingsPreview(
            target=inspection,
            **file.facts,
            notes=content.notes,
            warnings=table.warnings,
            unknown_organisations=organisations.unknown,
            rows=rows,
            not_in_file=[finding for finding in record.findings if finding.pk not in pks_in_file],
            problems=sort_problems(groups=[table.problems, *(row.problems for row in rows)]),
            personal=[cell for row in rows for cell in row.personal],
        )

    def write(self, *, actor: Actor, preview: FindingsPreview, ledger: Ledger, at: datetime) -> None:
        write_findings(actor=actor, preview=preview, ledger=ledger, at=at)


def _reject_repeated(table: Table, finding_rows: list[FindingRow], rows: list[FindingChange]) -> None:
    first: dict[tuple[Any, ...], int] = {}
    for finding_row, row in zip(finding_rows, rows, strict=True):
        for key in _keys(finding_row, row):
            if first.setdefault(key, row.number) != row.number:
                column = "number" if finding_row.number else "text"
                message = gettext("is the same finding as row {first}").format(first=first[key])
                row.problems.append(table.problem(finding_row.row, column, message))
                break


def _keys(finding_row: FindingRow, row: FindingChange) -> Iterable[tuple[Any, ...]]:
    if row.record is not None:
        yield ("recorded", row.record.pk)
    if finding_row.number:
        yield ("number", finding_row.kind, comparable_number(text=finding_row.number))
    elif finding_row.text:
        yield ("text", finding_row.kind, " ".join(finding_row.text.split()))
