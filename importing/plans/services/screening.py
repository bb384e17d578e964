"""Personal data in the cells of a file, told before anything is imported."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath

from django.core.exceptions import ValidationError

from actions.models import Pillar
from audit.models import Tracked
from audit.screening import FOUND, new_findings, reason_to_keep
from importing.plans.services.contents import FieldChange
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


def personal_names(*, table: Table, pillars: Sequence[Pillar]) -> list[Problem]:
    """Return what the names of new pillars would bring in; a pillar may stand in a cell or in a heading's row."""
    found = new_findings({pillar.name: pillar.name for pillar in pillars}, list)
    return [
        Problem(
            table.sheet,
            table.header_row,
            "",
            "",
            finding.excerpt,
            f"a new pillar's name holds {finding.masked}",
        )
        for findings in found.values()
        for finding in findings
    ]


def require_plain_name(*, filename: str) -> None:
    """Refuse a file whose name holds personal data: the name stands in the entries of all that is imported from it.

    Raises:
        ValidationError: keyed by `file`.
    """
    words = PurePath(filename).stem.replace("_", " ")
    found = new_findings({"file": words}, list).get("file", [])
    if found:
        held = " and ".join(one.masked for one in found)
        raise ValidationError({"file": f"The name of the file holds {held}. Give it another name first."})


def require_reason(*, found: Sequence[Problem]) -> None:
    """Refuse to import personal data without a reason to keep it.

    Raises:
        ValidationError: code `personal_data`, naming each cell and what kind of data it holds; `personal_data_reason`.
    """
    if found and not reason_to_keep():
        raise ValidationError(
            [ValidationError(f"{cell.place}: {cell.message}", code=FOUND) for cell in found]
        )
