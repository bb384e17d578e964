"""What an import would do to a plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Self

from django.utils.translation import gettext

from actions.models import Action, Pillar, Plan
from importing.engine.services.contents import FieldChange, Preview, RowChange
from web.language import day_text


@dataclass(kw_only=True)
class ActionChange(RowChange[Action]):
    """One row of the file against its action.

    Attributes:
        due_phrase: the due date as the file prints it.
        original_due: the first due date, where the file has a revised one beside it.
        allocates: whether the import would allocate the action.
    """

    shown_in_text: ClassVar[frozenset[str]] = frozenset({"title"})

    ref: str
    title: str
    due_phrase: str = ""
    original_due: date | None = None
    allocates: bool = False

    @property
    def name(self) -> str:
        return self.ref

    @property
    def text(self) -> str:
        return self.title

    @property
    def sets_original_due(self) -> bool:
        """Whether the import records that the due date was another one before."""
        due = self.new_value("due")
        is_first = self.allocates or self.record is None or self.record.original_due is None
        return bool(is_first and due and self.original_due and due != self.original_due)

    @property
    def listed_changes(self) -> list[FieldChange]:
        changes = []
        if self.allocates:
            changes.append(FieldChange("state", gettext("Status"), "", gettext("Allocated, not started")))
        if self.sets_original_due:
            changes.append(
                FieldChange("original_due", gettext("Original due date"), "", day_text(self.original_due))
            )
        return [*super().listed_changes, *changes]

    @property
    def digest_parts(self) -> list[Any]:
        return [*super().digest_parts, self.allocates, str(self.original_due)]


@dataclass(kw_only=True)
class PlanPreview(Preview[Plan, ActionChange]):
    """What an import would do to a plan. A plan or pillar without an id would be created."""

    new_pillars: Sequence[Pillar] = ()

    def without_rejected(self) -> Self:
        rest = super().without_rejected()
        pillars = {id(row.new_value("pillar")) for row in rest.rows}
        rest.new_pillars = [pillar for pillar in self.new_pillars if id(pillar) in pillars]
        return rest

    @property
    def digest_parts(self) -> list[Any]:
        return [*super().digest_parts, self.target.title, [pillar.name for pillar in self.new_pillars]]

    def place(self, row: ActionChange) -> str:
        """Return where in the file a row is; for a new action, also its due date as printed."""
        place = super().place(row)
        return (
            gettext("{place}; due as printed: {due_phrase}").format(place=place, due_phrase=row.due_phrase)
            if row.due_phrase and row.record is None
            else place
        )
