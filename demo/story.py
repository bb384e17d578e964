"""What happened in one partnership, as its tables tell it: each event a service called at its own moment."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from django.core.exceptions import ValidationError

from actions.models import Plan
from actions.plans.services import change_plan, create_plan, save_pillar
from demo.reading import Row, Tables, moment
from demo.reference import ReferenceLoader, partnership_of
from demo.replay import replay
from importing.engine.services.flow import apply_import
from importing.plans.services.importer import PlanImporter
from partners.models import Organisation, Partnership, User

Happening = tuple[datetime, Callable[[], object]]

# Tables of which every row is a step, at its own moment; a partnership may lack some.
HISTORIES = (
    "history.csv",
    "inspections.csv",
    "recommendations.csv",
    "inspection_history.csv",
    "return_history.csv",
)


class DemoError(Exception):
    """The demonstration cannot be loaded; the message says why and what to do."""


@dataclass(frozen=True)
class Story:
    """One partnership's tables, and who enters its reference data.

    Attributes:
        row: its slug, name and the moment it was opened.
        administrator: returns who opens it, at that moment.
        password: of every account; without one nobody can sign in to them.
    """

    row: Row
    tables: Tables
    administrator: Callable[[datetime], User]
    password: str | None = None

    def happenings(self) -> Iterator[Happening]:
        opened = moment(self.row["created_at"])
        yield opened, partial(self._open, opened)
        for plan in self.tables.rows("plans.csv"):
            created, live = moment(plan["created_at"]), moment(plan["live_at"])
            yield created, partial(self._import, plan, created)
            yield live, partial(self._set_state, plan, Plan.State.LIVE, live)
            if plan["closed_at"]:
                closed = moment(plan["closed_at"])
                yield closed, partial(self._set_state, plan, Plan.State.CLOSED, closed)
        for name in filter(self.tables.has, HISTORIES):
            for step in self.tables.rows(name):
                yield moment(step["at"]), partial(self._replay, step)

    @property
    def partnership(self) -> Partnership:
        return partnership_of(self.row["slug"])

    def _open(self, at: datetime) -> None:
        loader = ReferenceLoader(
            actor=self.administrator(at), at=at, row=self.row, tables=self.tables, password=self.password
        )
        loader.load()

    def _replay(self, step: Row) -> None:
        replay(step, self.partnership, self.tables)

    def _import(self, row: Row, at: datetime) -> None:
        """Open a plan and import its sheet, as its manager does on the page."""
        actor = User.objects.get_by_natural_key(row["actor"])
        plan = create_plan(
            actor=actor,
            partnership=self.partnership,
            title=row["title"],
            starts_on=date.fromisoformat(row["starts_on"]),
            ends_on=date.fromisoformat(row["ends_on"]),
            cadence=row["cadence"],
            marking=row["marking"],
            at=at,
        )
        try:
            self._apply(actor, plan, row["file"], at)
        except ValidationError as error:
            raise DemoError("\n".join([f"{row['file']} cannot be imported:", *error.messages])) from error
        for pillar in self.tables.rows("pillars.csv"):
            if pillar["plan"] == plan.title:
                _describe_pillar(actor, plan, pillar, at)

    def _apply(self, actor: User, plan: Plan, filename: str, at: datetime) -> None:
        apply_import(
            actor=actor,
            importer=PlanImporter(partnership=plan.partnership, plan_title=plan.title),
            data=self.tables.text(filename).encode(),
            filename=filename,
            at=at,
        )

    def _set_state(self, row: Row, state: str, at: datetime) -> None:
        actor = User.objects.get_by_natural_key(row["actor"])
        plan = Plan.objects.get(partnership=self.partnership, title=row["title"])
        change_plan(actor=actor, plan=plan, state=state, at=at)


def _describe_pillar(actor: User, plan: Plan, row: Row, at: datetime) -> None:
    """Say what a pillar is for and who leads it: a plan's sheet names it only."""
    pillar = plan.pillars.get(name=row["name"])
    pillar.aim = row["aim"]
    if row["lead"]:
        pillar.lead = Organisation.objects.get(partnership=plan.partnership, name=row["lead"])
    save_pillar(actor=actor, pillar=pillar, at=at)
