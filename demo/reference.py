"""Reference data of one partnership: places, organisations, boards, responsibilities and accounts."""

from datetime import date, datetime
from typing import TypeVar

from audit.actors import Actor
from demo.reading import Row, Tables
from partners.accounts.services.users import create_user
from partners.memberships.services import grant_membership
from partners.models import (
    Area,
    Board,
    BoardSeat,
    MouArea,
    Organisation,
    OrganisationAlias,
    Partnership,
    Responsibility,
)
from partners.organisations.services import save_reference
from partners.partnerships.services import create_partnership

Reference = TypeVar(
    "Reference", Area, Organisation, OrganisationAlias, Board, BoardSeat, MouArea, Responsibility
)


class ReferenceLoader:
    """Enter one partnership's reference tables as its administrator, all at one moment."""

    def __init__(self, *, actor: Actor, at: datetime, row: Row, tables: Tables, password: str | None) -> None:
        self.actor = actor
        self.at = at
        self.row = row
        self.tables = tables
        self.password = password
        self.areas: dict[str, Area] = {}
        self.organisations: dict[str, Organisation] = {}
        self.boards: dict[str, Board] = {}

    def load(self) -> None:
        self.partnership = create_partnership(
            actor=self.actor,
            name=self.row["name"],
            slug=self.row["slug"].replace("_", "-"),
            is_sandbox=self.row.get("sandbox") == "yes",
            at=self.at,
        )
        for row in self._rows("areas"):
            self.areas[row["name"]] = self._save(
                Area(partnership=self.partnership, name=row["name"], order=int(row["order"]))
            )
        for row in self._rows("organisations"):
            self._organisation(row)
        self._boards()
        self._seats()
        self._responsibilities()
        for row in self._rows("accounts"):
            self._account(row)

    def _rows(self, table: str) -> list[Row]:
        return self.tables.rows(f"{table}.csv")

    def _save(self, row: Reference) -> Reference:
        return save_reference(actor=self.actor, row=row, at=self.at)

    def _organisation(self, row: Row) -> None:
        organisation = self._save(
            Organisation(
                partnership=self.partnership,
                name=row["name"],
                short_name=row["short_name"],
                kind=row["kind"],
                schedule_6_sector=row["schedule_6_sector"],
                parent=self.organisations[row["parent"]] if row["parent"] else None,
                area=self.areas[row["area"]] if row["area"] else None,
            )
        )
        self.organisations[row["name"]] = self.organisations[row["short_name"] or row["name"]] = organisation
        for alias in filter(None, row["aliases"].split(";")):
            self._save(OrganisationAlias(partnership=self.partnership, organisation=organisation, name=alias))

    def _boards(self) -> None:
        for row in self._rows("boards"):
            self.boards[row["name"]] = self._save(
                Board(
                    partnership=self.partnership,
                    name=row["name"],
                    tier=row["tier"],
                    cadence=row["cadence"],
                    parent=self.boards[row["parent"]] if row["parent"] else None,
                    area=self.areas[row["area"]] if row["area"] else None,
                    decides_on_actions=row["decides"] == "yes",
                )
            )

    def _seats(self) -> None:
        seats: dict[tuple[str, str], BoardSeat] = {}
        for row in self._rows("seats"):
            before = seats[row["board"], row["succeeds"]] if row["succeeds"] else None
            seats[row["board"], row["post"]] = self._save(
                BoardSeat(
                    board=self.boards[row["board"]],
                    organisation=self.organisations[row["organisation"]],
                    post=row["post"],
                    starts_on=date.fromisoformat(row["starts_on"]) if row["starts_on"] else None,
                    ends_on=date.fromisoformat(row["ends_on"]) if row["ends_on"] else None,
                    succeeds=before,
                    source=row["source"],
                )
            )

    def _responsibilities(self) -> None:
        mou_areas = {
            row["name"]: self._save(
                MouArea(partnership=self.partnership, name=row["name"], order=int(row["order"]))
            )
            for row in self._rows("mou_areas")
        }
        for row in self._rows("responsibilities"):
            self._save(
                Responsibility(
                    mou_area=mou_areas[row["mou_area"]],
                    organisation=self.organisations[row["organisation"]],
                    kind=row["kind"],
                )
            )

    def _account(self, row: Row) -> None:
        user = create_user(
            actor=self.actor, email=row["email"], name=row["name"], at=self.at, password=self.password
        )
        grant_membership(
            actor=self.actor,
            user=user,
            partnership=self.partnership,
            organisation=self.organisations[row["organisation"]],
            role=row["role"],
            alternate=row["alternate"] == "yes",
            starts_on=date.fromisoformat(row["starts_on"]),
            ends_on=date.fromisoformat(row["ends_on"]) if row["ends_on"] else None,
            at=self.at,
        )


def partnership_of(slug: str) -> Partnership:
    return Partnership.objects.get(slug=slug.replace("_", "-"))
