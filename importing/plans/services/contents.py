"""What an import would do, row by row, and what stands in its way."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from actions.models import Action, Pillar, Plan
from partners.models import Partnership
from web.tables import Problem


class Outcome(StrEnum):
    """What becomes of a row. `kept`: it differs, and the app's own record stands."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    KEPT = "kept"
    REJECTED = "rejected"


@dataclass(frozen=True)
class FieldChange:
    """One field's new value: `value` is what is stored, `old` and `new` what people read."""

    name: str
    label: str
    old: str
    new: str
    value: Any


@dataclass(frozen=True)
class Kept:
    """A difference that is not applied, and why."""

    label: str
    app: str
    file: str
    reason: str


@dataclass
class RowChange:
    """One row of the file against the action it is about; `action` is None when it is to be created."""

    number: int
    ref: str
    title: str
    action: Action | None = None
    changes: list[FieldChange] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    personal: list[Problem] = field(default_factory=list)
    due_phrase: str = ""
    allocates: bool = False

    @property
    def outcome(self) -> Outcome:
        if self.problems:
            return Outcome.REJECTED
        if self.action is None:
            return Outcome.CREATED
        if self.changes:
            return Outcome.UPDATED
        return Outcome.KEPT if self.kept else Outcome.UNCHANGED

    def new(self, name: str) -> Any:
        return next((change.value for change in self.changes if change.name == name), None)


@dataclass
class Preview:
    """What an import would do. `plan` has no id when the import would create it, nor has a new pillar."""

    partnership: Partnership
    plan: Plan
    filename: str
    sha256: str
    sheet: str
    header_row: int
    not_imported: Sequence[str]
    notes: Sequence[str] = ()
    warnings: Sequence[str] = ()
    new_pillars: Sequence[Pillar] = ()
    rows: list[RowChange] = field(default_factory=list)
    not_in_file: Sequence[Action] = ()
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
        """Rows by outcome, every outcome named; they add up to the rows of the file."""
        found = Counter(row.outcome for row in self.rows)
        return {outcome.value: found[outcome] for outcome in Outcome}

    @property
    def digest(self) -> str:
        """A fingerprint of everything the import would do: equal when, and only when, it would do the same."""
        rows = [
            [row.number, row.ref, row.outcome, [[c.name, c.old, c.new] for c in row.changes], row.allocates]
            for row in self.rows
        ]
        what = [
            self.sha256,
            self.sheet,
            self.plan.pk,
            self.plan.title,
            [p.name for p in self.new_pillars],
            rows,
        ]
        return hashlib.sha256(json.dumps(what).encode()).hexdigest()
