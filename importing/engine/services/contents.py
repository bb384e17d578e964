"""The result of comparing a file with the record, row by row, with the problems that stop an import."""

import hashlib
import json
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, ClassVar, Generic, Self, TypeVar

from audit.models import Tracked
from web.tables import ColumnTitle, Problem

Record = TypeVar("Record", bound=Tracked)


class Outcome(StrEnum):
    """What an import does with a row. `SKIPPED`: the row differs from the record, and the record is not changed."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    REJECTED = "rejected"


# A page of more rows takes long to make and to load.
MOST_LISTED = 500
LOOK_FIRST = [Outcome.REJECTED, Outcome.SKIPPED, Outcome.UPDATED, Outcome.CREATED]


@dataclass(frozen=True)
class FieldChange:
    """One field's new value: `value` is what is stored, `old` and `new` what people read."""

    name: str
    label: str
    old: str
    new: str
    value: Any = None


@dataclass(frozen=True)
class SkippedChange:
    """A difference between the app and the file that is not imported, and the reason."""

    label: str
    app: str
    file: str
    reason: str


@dataclass(kw_only=True)
class RowChange(ABC, Generic[Record]):
    """One row of the file against its record; `record` is None when the import would create it."""

    # Fields that the row's name and text show already when the record is new.
    shown_in_text: ClassVar[frozenset[str]] = frozenset()

    number: int
    record: Record | None = None
    changes: list[FieldChange] = field(default_factory=list)
    skipped: list[SkippedChange] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    personal: list[Problem] = field(default_factory=list)

    @property
    @abstractmethod
    def name(self) -> str:
        """What people call the record: an action's reference, a finding's kind and number."""

    @property
    @abstractmethod
    def text(self) -> str:
        """The record's own words, in short."""

    @property
    def outcome(self) -> Outcome:
        if self.problems:
            return Outcome.REJECTED
        if self.record is None:
            return Outcome.CREATED
        if self.changes:
            return Outcome.UPDATED
        return Outcome.SKIPPED if self.skipped else Outcome.UNCHANGED

    @property
    def listed_changes(self) -> list[FieldChange]:
        """The changes to list beside the row's name and text."""
        if self.record is not None:
            return self.changes
        return [change for change in self.changes if change.name not in self.shown_in_text]

    @property
    def digest_parts(self) -> list[Any]:
        """Everything the import would do with this row, as JSON values."""
        changes = [[change.name, change.old, change.new] for change in self.changes]
        return [self.number, self.name, self.outcome, self.record and self.record.pk, changes]

    def new_value(self, name: str) -> Any:
        """Return the value that a field would get; None when it would not change."""
        return next((change.value for change in self.changes if change.name == name), None)


Target = TypeVar("Target", bound=Tracked)
Row = TypeVar("Row", bound=RowChange[Any])


@dataclass(kw_only=True)
class Preview(Generic[Target, Row]):
    """What an import would do.

    Attributes:
        target: the row that the file is imported into, such as a plan; without an id when the import would create it.
        not_in_file: records of the target that the file does not name. They are left alone.
        personal: what looks like personal data. It is imported only with a reason to keep it.
        unknown_organisations: names that the file uses for organisations which the partnership does not have.
        columns: all columns that the header of the file names.
        left_out: how many rows with problems are left out of an import of the others.
    """

    target: Target
    filename: str
    sha256: str
    sheet: str
    header_row: int
    not_imported: Sequence[str]
    notes: Sequence[str] = ()
    warnings: Sequence[str] = ()
    rows: list[Row] = field(default_factory=list)
    not_in_file: Sequence[Any] = ()
    problems: list[Problem] = field(default_factory=list)
    personal: list[Problem] = field(default_factory=list)
    unknown_organisations: Sequence[str] = ()
    left_out: int = 0
    columns: Sequence[ColumnTitle] = ()

    def without_rejected(self) -> Self:
        """Return what an import of the rows without problems would do."""
        rows = [row for row in self.rows if row.outcome != Outcome.REJECTED]
        numbers = {row.number for row in self.rows if row.outcome == Outcome.REJECTED}
        return replace(
            self,
            rows=rows,
            problems=[problem for problem in self.problems if problem.row not in numbers],
            personal=[cell for cell in self.personal if cell.row not in numbers],
            left_out=len(self.rows) - len(rows),
        )

    @property
    def can_be_applied_in_part(self) -> bool:
        """Return whether some rows have problems, and the others can be imported without them."""
        if self.can_be_applied:
            return False
        rest = self.without_rejected()
        return rest.can_be_applied and rest.changes_anything

    @property
    def can_be_applied(self) -> bool:
        return not self.problems

    @property
    def changes_anything(self) -> bool:
        return self.counts[Outcome.CREATED] + self.counts[Outcome.UPDATED] > 0

    @property
    def counts(self) -> dict[str, int]:
        """Rows by outcome, every outcome named. They add up to the records of the file."""
        numbers = Counter(row.outcome for row in self.rows)
        return {outcome.value: numbers[outcome] for outcome in Outcome}

    @property
    def listed_rows(self) -> list[Row]:
        """The rows to list on the page: those that are not unchanged, and of very many the ones to look at first."""
        rows = [row for row in self.rows if row.outcome != Outcome.UNCHANGED]
        if len(rows) > MOST_LISTED:
            rows.sort(key=lambda row: LOOK_FIRST.index(row.outcome))
        return rows[:MOST_LISTED]

    @property
    def names_not_in_file(self) -> list[str]:
        return [str(record) for record in self.not_in_file]

    @property
    def digest_parts(self) -> list[Any]:
        """What the import would change besides its rows, as JSON values."""
        return [self.target.pk]

    @property
    def digest(self) -> str:
        """A fingerprint of everything the import would do: equal when, and only when, it would do the same."""
        parts = [self.sha256, self.sheet, self.digest_parts, [row.digest_parts for row in self.rows]]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    @property
    def summary(self) -> str:
        """The ledger's note on the whole import: the file and the numbers of rows."""
        counts = ", ".join(f"{name} {number}" for name, number in self.counts.items())
        left_out = f", left out {self.left_out}" if self.left_out else ""
        return f"{self.filename}, SHA-256 {self.sha256}, sheet {self.sheet}: {counts}{left_out}"

    def place(self, row: Row) -> str:
        """Return where in the file a row is, for the ledger's note on its record."""
        return f"{self.filename}, sheet {self.sheet}, row {row.number}"
