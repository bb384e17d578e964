"""What an import of findings would do, row by row, and what stands in its way."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from importing.plans.services.contents import FieldChange, Kept, Outcome
from inspections.models import Inspection, Recommendation
from web.tables import Problem


@dataclass
class RowChange:
    """One row of the file against the finding it is about; `finding` is None when it is to be added."""

    number: int
    kind: str
    printed: str
    """The finding's number as the file has it."""
    text: str
    finding: Recommendation | None = None
    changes: list[FieldChange] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    personal: list[Problem] = field(default_factory=list)

    @property
    def outcome(self) -> Outcome:
        if self.problems:
            return Outcome.REJECTED
        if self.finding is None:
            return Outcome.CREATED
        if self.changes:
            return Outcome.UPDATED
        return Outcome.KEPT if self.kept else Outcome.UNCHANGED

    @property
    def name(self) -> str:
        label = str(dict(Recommendation.Kind.choices).get(self.kind, ""))
        return f"{label} {self.printed}".strip()

    def new(self, name: str) -> Any:
        return next((change.value for change in self.changes if change.name == name), None)


@dataclass
class Preview:
    """What an import would do to the findings of an inspection."""

    inspection: Inspection
    filename: str
    sha256: str
    sheet: str
    not_imported: Sequence[str]
    notes: Sequence[str] = ()
    warnings: Sequence[str] = ()
    rows: list[RowChange] = field(default_factory=list)
    not_in_file: Sequence[Recommendation] = ()
    problems: list[Problem] = field(default_factory=list)
    personal: list[Problem] = field(default_factory=list)
    """What looks like personal data: imported only with a reason to keep it."""

    @property
    def can_be_applied(self) -> bool:
        return not self.problems

    @property
    def changes_anything(self) -> bool:
        return self.counts[Outcome.CREATED] + self.counts[Outcome.UPDATED] > 0

    @property
    def counts(self) -> dict[str, int]:
        """Rows by outcome, every outcome named; they add up to the rows of the file that are findings."""
        found = Counter(row.outcome for row in self.rows)
        return {outcome.value: found[outcome] for outcome in Outcome}

    @property
    def digest(self) -> str:
        """A fingerprint of everything the import would do: equal when, and only when, it would do the same."""
        rows = [
            [
                row.number,
                row.outcome,
                row.finding and row.finding.pk,
                [[c.name, c.old, c.new] for c in row.changes],
            ]
            for row in self.rows
        ]
        what = [self.sha256, self.sheet, self.inspection.pk, rows]
        return hashlib.sha256(json.dumps(what).encode()).hexdigest()
