"""Preview and import of a file: the same steps for every kind of import."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, Generic, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext

from audit.actors import Actor
from audit.clock import london_date
from audit.models import Ledger, Tracked
from audit.policies import forbid
from audit.services import writing
from importing.engine.services.contents import Preview, RowChange
from importing.engine.services.screening import require_plain_name, require_reason
from web.isolated import FileTooCostlyError, run_isolated
from web.tables import (
    ColumnTitle,
    MissingColumnsError,
    Problem,
    SheetError,
    Specification,
    Table,
    TableError,
    read_table,
)

Result = TypeVar("Result", bound=Preview[Any, Any])


class UnmatchedColumnsError(ValidationError):
    """A file without a required column, keyed by `file`. Somebody can say which of its columns it is."""

    def __init__(self, message: str, columns: Sequence[ColumnTitle]) -> None:
        super().__init__({"file": message})
        self.columns = columns


@dataclass(frozen=True)
class ImportFile:
    """A table, and the file it was read from."""

    table: Table
    name: str
    sha256: str

    @property
    def facts(self) -> dict[str, Any]:
        """What every preview says of its file."""
        return {
            "filename": self.name,
            "sha256": self.sha256,
            "sheet": self.table.sheet,
            "header_row": self.table.header_row,
            "not_imported": self.table.not_imported,
            "columns": self.table.titles,
        }

    def add_problems(self, rows: Iterable[RowChange[Any]]) -> None:
        """Give each row the problems that the table has with its cells."""
        for row in rows:
            row.problems += [problem for problem in self.table.problems if problem.row == row.number]


class Importer(ABC, Generic[Result]):
    """One kind of import: the columns it reads, who may run it, how it compares and what it writes."""

    specification: ClassVar[Specification]
    # Rows as they may look, by the keys of their columns: people download them as an example.
    sample: ClassVar[Sequence[Mapping[str, str]]] = ()
    # How many rows are imported in a second: each with its own service, on a machine that does other work too.
    rows_per_second: ClassVar[int] = 50
    # The verb of the ledger's entry about a whole import.
    verb: str
    # The refusal when the record changed between a preview and its confirmation.
    changed_since_preview: ClassVar[str]

    @property
    @abstractmethod
    def ledger_id(self) -> int:
        """The ledger that the import is recorded in."""

    @abstractmethod
    def why_not_import(self, *, actor: Actor, on: date) -> str:
        """Return why the actor may not run this import; empty when they may."""

    def why_not_undo(self, *, actor: Actor, row: Tracked) -> str:
        """Return why the import of a row cannot be undone although nothing happened to the row; empty when it can."""
        return ""

    @abstractmethod
    def compare(self, *, actor: Actor, file: ImportFile, at: datetime) -> Result:
        """Compare a file with what is recorded. Nothing is written."""

    @abstractmethod
    def write(self, *, actor: Actor, preview: Result, ledger: Ledger, at: datetime) -> None:
        """Write what the preview says, and its ledger entries."""


def preview_import(
    *,
    actor: Actor,
    importer: Importer[Result],
    data: bytes,
    filename: str,
    at: datetime,
    sheet: str = "",
    keys: Mapping[int, str] | None = None,
) -> Result:
    """Compare a file with the record, row by row. Nothing is written.

    A blank cell never empties a field. Records that are not in the file are listed and left alone.

    Args:
        sheet: the sheet to read; the first with a header that fits when empty.
        keys: which wanted column some of its columns are, by number; empty for one to leave out.

    Raises:
        PermissionDenied: unless the actor may run this import.
        UnmatchedColumnsError: when no column of the file is a required one.
        ValidationError: keyed by `file` when it cannot be read at all, by `sheet` when it has no such sheet; others as the importer says. What is wrong
            with single cells is in the preview's problems.
    """
    forbid(importer.why_not_import(actor=actor, on=london_date(at)))
    file = _read_file(importer, data, filename, sheet, keys)
    return importer.compare(actor=actor, file=file, at=at)


def apply_import(
    *,
    actor: Actor,
    importer: Importer[Result],
    data: bytes,
    filename: str,
    at: datetime,
    sheet: str = "",
    keys: Mapping[int, str] | None = None,
    expected: str = "",
    leave_out_problems: bool = False,
) -> Result:
    """Import a file in one transaction, and return what it did: all of it, or nothing.

    An import that would change nothing writes nothing, not even to the ledger.

    Args:
        sheet, keys: as for `preview_import`.
        expected: the digest of the preview that was confirmed; empty when there was none.
        leave_out_problems: import the rows without problems, and leave the others out.

    Raises:
        PermissionDenied, ValidationError: as `preview_import`.
        ValidationError: code `rejected` with every problem when a row cannot be imported; code `conflict` when the
            import would no longer do what was confirmed; code `personal_data` for cells without a reason to keep them.
    """
    forbid(importer.why_not_import(actor=actor, on=london_date(at)))
    # Reading is the slow half, and needs no lock.
    file = _read_file(importer, data, filename, sheet, keys)
    with writing(importer.ledger_id) as ledger:
        forbid(importer.why_not_import(actor=actor, on=london_date(at)))
        preview = importer.compare(actor=actor, file=file, at=at)
        digest = preview.digest
        if leave_out_problems:
            preview = preview.without_rejected()
        if not preview.can_be_applied:
            raise ValidationError([ValidationError(str(each), code="rejected") for each in preview.problems])
        if expected and digest != expected:
            raise ValidationError(importer.changed_since_preview, code="conflict")
        require_reason(cells=preview.personal)
        if preview.changes_anything:
            importer.write(actor=actor, preview=preview, ledger=ledger, at=at)
    return preview


@contextmanager
def naming_row(*, preview: Preview[Any, Any], row: RowChange[Any]) -> Iterator[None]:
    """Say in which row of the file a service refused what it was given.

    Raises:
        ValidationError: code `rejected`, an error for each of the service's.
    """
    try:
        yield
    except ValidationError as error:
        place = f"sheet {preview.sheet}, row {row.number}"
        errors = [ValidationError(f"{place}: {text}", code="rejected") for text in error.messages]
        raise ValidationError(errors) from error


def sort_problems(*, groups: Iterable[Iterable[Problem]]) -> list[Problem]:
    """Return each problem once, in the order of the sheet."""
    problems = {problem: None for group in groups for problem in group}
    return sorted(problems, key=lambda problem: (problem.row, len(problem.letter), problem.letter))


def _read_file(
    importer: Importer[Any], data: bytes, filename: str, sheet: str, keys: Mapping[int, str] | None
) -> ImportFile:
    require_plain_name(filename=filename)
    if len(data) > settings.IMPORT_MAX_BYTES:
        limit = filesizeformat(settings.IMPORT_MAX_BYTES)
        raise ValidationError(
            {"file": gettext("The selected file must be smaller than {limit}").format(limit=limit)}
        )
    try:
        table = run_isolated(read_table, data, filename, importer.specification, sheet, dict(keys or {}))
    except MissingColumnsError as error:
        raise UnmatchedColumnsError(str(error), error.titles) from error
    except SheetError as error:
        raise ValidationError({"sheet": str(error)}) from error
    except (TableError, FileTooCostlyError) as error:
        raise ValidationError({"file": str(error)}) from error
    return ImportFile(table, filename, hashlib.sha256(data).hexdigest())
