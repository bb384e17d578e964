"""What an import of findings would do, without doing it."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError

from audit.clock import london_date
from importing.findings.services.comparing import Comparison, Recorded, cause_numbers
from importing.findings.services.contents import Preview, RowChange
from importing.findings.services.rows import FINDINGS, FindingRow, as_number, read_rows
from importing.plans.services.directory import Organisations
from importing.plans.services.screening import require_plain_name
from inspections.core import policies
from inspections.core.policies import MANAGERS_ONLY
from inspections.models import Inspection
from partners.policies import rights_of
from web.tables import Problem, Table, TableError, read_table


def preview_import(
    *, actor: Any, inspection: Inspection, data: bytes, filename: str, at: datetime, sheet: str = ""
) -> Preview:
    """Compare a file with an inspection's findings and say, row by row, what an import would add, change and keep.

    A finding is known by its kind and number; without a number, by its text. A blank cell says nothing: it never
    empties a field. Findings that are not in the file are listed and left alone, those proposed for closure or closed
    stay as they are, and so does what was edited here since an import said it. Nothing is written.

    Args:
        sheet: the sheet to read; the first with a header that fits when empty.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: keyed by `file` when it cannot be read at all. What is wrong with single cells is in the
            preview's problems.
    """
    file = read_file(actor=actor, inspection=inspection, data=data, filename=filename, sheet=sheet, at=at)
    return compare_file(actor=actor, inspection=inspection, file=file, at=at)


@dataclass(frozen=True)
class FindingsFile:
    """A table of findings, and the file it was read from."""

    table: Table
    name: str
    sha256: str


def read_file(
    *, actor: Any, inspection: Inspection, data: bytes, filename: str, sheet: str, at: datetime
) -> FindingsFile:
    """Read a table of findings. This is the slow half of an import and needs no lock.

    Raises:
        PermissionDenied, ValidationError: as `preview_import`.
    """
    _require_manager(actor, inspection, london_date(at))
    require_plain_name(filename=filename)
    if len(data) > settings.IMPORT_MAX_BYTES:
        most = f"{settings.IMPORT_MAX_BYTES / 1024**2:g} MB"
        raise ValidationError({"file": f"The file is larger than {most}, the most that can be imported."})
    try:
        table = read_table(data, filename, FINDINGS, sheet)
    except TableError as fault:
        raise ValidationError({"file": str(fault)}) from fault
    return FindingsFile(table, filename, hashlib.sha256(data).hexdigest())


def compare_file(*, actor: Any, inspection: Inspection, file: FindingsFile, at: datetime) -> Preview:
    """Compare what was read with what is recorded.

    Raises:
        PermissionDenied, ValidationError: as `preview_import`.
    """
    on, table = london_date(at), file.table
    _require_manager(actor, inspection, on)
    organisations = Organisations(partnership=inspection.partnership)
    read = read_rows(table=table, inspection=inspection, organisations=organisations)
    references = {ref for row in read.findings for ref in row.said.get("actions", ())}
    recorded = Recorded.of(actor=actor, inspection=inspection, references=references, on=on)
    causes = cause_numbers(recorded=recorded, rows=read.findings)
    rows = [Comparison(table, recorded, causes, row).result() for row in read.findings]
    _reject_repeated(table, read.findings, rows)
    for row in rows:
        row.problems += [problem for problem in table.problems if problem.row == row.number]
    named = {row.finding.pk for row in rows if row.finding is not None}
    return Preview(
        inspection=inspection,
        filename=file.name,
        sha256=file.sha256,
        sheet=table.sheet,
        not_imported=table.not_imported,
        notes=read.notes,
        warnings=table.warnings,
        rows=rows,
        not_in_file=[finding for finding in recorded.findings if finding.pk not in named],
        problems=_in_order(table.problems, *(row.problems for row in rows)),
        personal=[cell for row in rows for cell in row.personal],
    )


def _require_manager(actor: Any, inspection: Inspection, on: date) -> None:
    if not policies.may_manage(rights_of(actor, on), inspection.partnership_id):
        raise PermissionDenied(MANAGERS_ONLY)


def _reject_repeated(table: Table, read: list[FindingRow], rows: list[RowChange]) -> None:
    first: dict[tuple[Any, ...], int] = {}
    for finding_row, row in zip(read, rows, strict=True):
        for key in _keys(finding_row, row):
            if first.setdefault(key, row.number) != row.number:
                column = "number" if finding_row.number else "text"
                message = f"is the same finding as that of row {first[key]}"
                row.problems.append(table.problem(finding_row.row, column, message))
                break


def _keys(read: FindingRow, row: RowChange) -> Iterable[tuple[Any, ...]]:
    if row.finding is not None:
        yield ("recorded", row.finding.pk)
    if read.number:
        yield ("number", read.kind, as_number(text=read.number))
    elif read.text:
        yield ("text", read.kind, " ".join(read.text.split()))


def _in_order(*found: Iterable[Problem]) -> list[Problem]:
    """Every problem once, in the order in which a person meets them in the sheet."""
    every = {problem: None for problems in found for problem in problems}
    return sorted(every, key=lambda problem: (problem.row, len(problem.letter), problem.letter))
