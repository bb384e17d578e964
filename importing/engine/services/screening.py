"""Personal data in a file, shown before anything is imported."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from audit.models import Tracked
from audit.screening import PERSONAL_DATA_CODE, new_findings, reason_to_keep
from importing.engine.services.contents import FieldChange
from web.tables import Problem, Row, Table


def personal_data(
    *, table: Table, row: Row, changes: Sequence[FieldChange], record: Tracked | None
) -> list[Problem]:
    """Return the personal data that a row would add to its record, cell by cell."""
    values = {change.name: change.value for change in changes}
    findings = new_findings(
        values, lambda: [*(change.old for change in changes), *(record.free_words() if record else ())]
    )
    return [
        replace(
            table.problem(row, name, gettext("contains {masked}").format(masked=finding.masked)),
            value=finding.excerpt,
        )
        for name, cell_findings in findings.items()
        for finding in cell_findings
    ]


def personal_names(*, table: Table, names: Sequence[str], noun: str) -> list[Problem]:
    """Return the personal data in the names of new records, which may come from a heading rather than a cell.

    Args:
        noun: what is named, such as "a new pillar".
    """
    findings = new_findings({name: name for name in names}, list)
    return [
        Problem(
            table.sheet,
            table.header_row,
            "",
            "",
            finding.excerpt,
            gettext("{noun}'s name contains {masked}").format(noun=noun, masked=finding.masked),
        )
        for name_findings in findings.values()
        for finding in name_findings
    ]


def require_plain_name(*, filename: str) -> None:
    """Refuse a file whose name contains personal data: every ledger entry of the import repeats the name.

    Raises:
        ValidationError: keyed by `file`.
    """
    words = PurePath(filename).stem.replace("_", " ")
    findings = new_findings({"file": words}, list).get("file", [])
    if findings:
        data = " and ".join(finding.masked for finding in findings)
        raise ValidationError(
            {
                "file": gettext(
                    "The file name contains {data}. Rename the file, then select it again"
                ).format(data=data)
            }
        )


def require_reason(*, cells: Sequence[Problem]) -> None:
    """Refuse to import personal data without a reason to keep it.

    Raises:
        ValidationError: code `personal_data`, naming each cell and the kind of data in it; `personal_data_reason`
            when the reason itself is refused.
    """
    if cells and not reason_to_keep():
        raise ValidationError(
            [ValidationError(f"{cell.place}: {cell.message}", code=PERSONAL_DATA_CODE) for cell in cells]
        )
