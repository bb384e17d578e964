"""What an import of organisations and people would do."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, Self

from importing.engine.services.contents import Preview, RowChange
from partners.models import Area, Board, Membership, Organisation, Partnership, User


@dataclass(kw_only=True)
class PersonChange(RowChange[Any]):
    """One row: an organisation, and perhaps a person in it.

    Attributes:
        seats: boards on which the organisation gets a seat.
        membership: the role that the person gets; None when they have it, or when the row has no person.
    """

    shown_in_text: ClassVar[frozenset[str]] = frozenset()

    organisation_name: str
    post: str = ""
    organisation: Organisation | None = None
    user: User | None = None
    membership: Membership | None = None
    seats: list[Board] = field(default_factory=list)
    starts_on: date | None = None

    @property
    def name(self) -> str:
        return self.organisation_name

    @property
    def text(self) -> str:
        return self.post


@dataclass(kw_only=True)
class PeoplePreview(Preview[Partnership, PersonChange]):
    """What an import would do to a partnership. Rows without an id would be created, in this order."""

    new_areas: Sequence[Area] = ()
    new_organisations: Sequence[Organisation] = ()
    new_boards: Sequence[Board] = ()

    def without_rejected(self) -> Self:
        rest = super().without_rejected()
        organisations = [row.organisation for row in rest.rows if row.organisation is not None]
        used = {id(row) for row in organisations} | {id(row.area) for row in organisations}
        used |= {id(board) for row in rest.rows for board in row.seats}
        rest.new_areas = [row for row in self.new_areas if id(row) in used]
        rest.new_organisations = [row for row in self.new_organisations if id(row) in used]
        rest.new_boards = [row for row in self.new_boards if id(row) in used]
        return rest
