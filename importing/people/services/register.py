"""A partnership's districts, organisations, boards and people by name, with those that a file adds."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext

from importing.engine.services.organisations import CellError, Organisations, only_one
from partners.accounts.four_eyes import is_bound
from partners.models import Area, Board, BoardSeat, Membership, Organisation, Partnership, Role, User
from web.tables.specification import names_of, plain

KINDS = names_of(Organisation.Kind.choices)
# The role, and whether it is an alternate's.
ROLES = {
    **{name: (value, False) for name, value in names_of(Role.choices).items()},
    "main spoc": (Role.SPOC, False),
    "alternate spoc": (Role.SPOC, True),
    "deputy spoc": (Role.SPOC, True),
    "manager": (Role.PROGRAMME_MANAGER, False),
    "contact": (Role.PARTNER_CONTACT, False),
}


def role_words() -> str:
    """Return the roles that a file may give, in the language of the service."""
    return ", ".join([*(str(label) for _, label in Role.choices), gettext("Alternate SPOC")])


@dataclass
class Register:
    """Read once, in a constant number of queries; the rows that the file adds have no id."""

    partnership: Partnership
    on: date
    areas: dict[str, Area] = field(default_factory=dict)
    boards: dict[str, Board] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.known = Organisations(partnership=self.partnership)
        self.areas = {plain(row.name): row for row in Area.objects.filter(partnership=self.partnership)}
        self.boards = {plain(row.name): row for row in Board.objects.filter(partnership=self.partnership)}
        self.users = {row.email.casefold(): row for row in User.objects.filter(kind=User.Kind.USER)}
        current = Q(ends_on=None) | Q(ends_on__gte=self.on)
        self.memberships = list(
            Membership.objects.filter(current, partnership=self.partnership).select_related("user")
        )
        self.seats: set[tuple[int | str, int | str]] = set(
            BoardSeat.objects.filter(current, board__partnership=self.partnership, vacant=False).values_list(
                "board", "organisation"
            )
        )
        self.four_eyes = is_bound()
        self.new_areas: list[Area] = []
        self.new_boards: list[Board] = []
        self.new_organisations: list[Organisation] = []
        self.new_roles: set[tuple[str, str, str]] = set()
        self.new_main_spocs: dict[str, str] = {}

    def area(self, text: str) -> Area:
        """Return the district of a name; a new one when there is none."""
        key = plain(text)
        if key not in self.areas:
            area = Area(partnership=self.partnership, name=" ".join(text.split()), order=len(self.areas) + 1)
            self.areas[key] = area
            self.new_areas.append(area)
        return self.areas[key]

    def organisation(self, text: str) -> Organisation:
        """Return the organisation of a name, short name or alias; a new one when there is none.

        Raises:
            CellError: when the name could be more than one.
        """
        key = plain(text)
        if key in self.organisations:
            return self.organisations[key]
        rows = self.known.matching(text=text)
        if rows:
            return only_one(items=rows, noun=gettext("an organisation"))
        organisation = Organisation(
            partnership=self.partnership, name=" ".join(text.split()), kind=Organisation.Kind.OTHER
        )
        self.organisations[key] = organisation
        self.new_organisations.append(organisation)
        return organisation

    def board(self, text: str, tier: str) -> Board:
        """Return the board of a name; a new one of this tier when there is none.

        Raises:
            CellError: when a new board has no tier.
        """
        key = plain(text)
        if key not in self.boards:
            if not tier:
                raise CellError(gettext("is a new board: enter its tier, such as Gold, Silver or Bronze"))
            board = Board(partnership=self.partnership, name=" ".join(text.split()), tier=tier)
            self.boards[key] = board
            self.new_boards.append(board)
        return self.boards[key]

    def role_of(self, user: User, organisation: Organisation, role: str) -> Membership | None:
        """Return the membership that gives a person this role already."""
        return next(
            (
                row
                for row in self.memberships
                if (row.user_id, row.organisation_id, row.role) == (user.pk, organisation.pk, role)
            ),
            None,
        )

    def main_spoc(self, organisation: Organisation) -> str:
        """Return who the main SPOC of an organisation is, in the register or in the file; empty if nobody."""
        for row in self.memberships:
            if row.organisation_id == organisation.pk and row.role == Role.SPOC and not row.alternate:
                return str(row.user)
        return self.new_main_spocs.get(plain(organisation.name), "")
