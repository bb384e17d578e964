"""Personal data in the cells of a file, told before anything is imported."""

from collections.abc import Sequence
from dataclasses import replace

from django.core.exceptions import ValidationError

from actions.services.importing.contents import FieldChange
from audit.models import Tracked
from audit.screening import FOUND, new_findings, reason_to_keep
from web.tables import Problem, Row, Table


def personal_data(
    *, table: Table, row: Row, changes: Sequence[FieldChange], recorded: Tracked | None
) -> list[Problem]:
    """Return what a row would bring in, cell by cell, that the record does not hold there already."""
    words = {change.name: change.value for change in changes}
    found = new_findings(
        words, lambda: [*(change.old for change in changes), *(recorded.free_words() if recorded else ())]
    )
    return [
        replace(table.problem(row, name, f"holds {finding.masked}"), value=finding.excerpt)
        for name, findings in found.items()
        for finding in findings
    ]


def require_reason(*, found: Sequence[Problem]) -> None:
    """Refuse to import personal data without a reason to keep it.

    Raises:
        ValidationError: code `personal_data`, naming each cell and what kind of data it holds; `personal_data_reason`.
    """
    if found and not reason_to_keep():
        raise ValidationError(
            [ValidationError(f"{cell.place}: {cell.message}", code=FOUND) for cell in found]
        )
