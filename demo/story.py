"""The events in one partnership's tables, each a service call at its own moment."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from django.core.exceptions import ValidationError

from actions.models import Plan
from actions.plans.services import change_plan, create_plan, save_pillar
from audit.actors import Actor
from demo.reading import Row, Tables, moment
from demo.reference import ReferenceLoader, partnership_of
from demo.replay import replay
from importing.engine.services.flow import apply_import
from importing.plans.services.importer import PlanImporter
from partners.models import Organisation, Partnership, User
from programme.overview.catalogue import resource_at
from programme.records.services.importing import RecordsImporter

Event = tuple[datetime, Callable[[], object]]

# Tables with one step a row; a partnership may lack some.
HISTORIES = (
    "meetings.csv",
    "history.csv",
    "inspections.csv",
    "recommendations.csv",
    "inspection_history.csv",
    "return_history.csv",
    "papers.csv",
    "access_reviews.csv",
)


class DemoError(Exception):
    """The demonstration cannot be loaded; the message says why and how to put it right."""


@dataclass(frozen=True)
class Story:
    """One partnership's tables and the administrator who enters its reference data.

    Attributes:
        row: its slug, name and opening moment.
        administrator: returns the account that opens it at that moment.
        password: of every account; without one nobody can sign in to them.
    """

    row: Row
    tables: Tables
    administrator: Callable[[datetime], Actor]
    password: str | None = None

    def events(self) -> Iterator[Event]:
        created_at = moment(self.row["created_at"])
        yield created_at, partial(self._create, created_at)
        for plan in self.tables.rows("plans.csv"):
            created_at, live_at = moment(plan["created_at"]), moment(plan["live_at"])
            yield created_at, partial(self._import, plan, created_at)
            yield live_at, partial(self._set_state, plan, Plan.State.LIVE, live_at)
            if plan["closed_at"]:
                closed_at = moment(plan["closed_at"])
                yield closed_at, partial(self._set_state, plan, Plan.State.CLOSED, closed_at)
        for row in self.tables.rows("programme.csv") if self.tables.has("programme.csv") else ():
            at = moment(row["at"])
            yield at, partial(self._import_records, row, at)
        for name in filter(self.tables.has, HISTORIES):
            for step in self.tables.rows(name):
                yield moment(step["at"]), partial(self._replay, step)

    @property
    def partnership(self) -> Partnership:
        return partnership_of(self.row["slug"])

    def _create(self, at: datetime) -> None:
        loader = ReferenceLoader(
            actor=self.administrator(at), at=at, row=self.row, tables=self.tables, password=self.password
        )
        loader.load()

    def _replay(self, step: Row) -> None:
        replay(step, self.partnership, self.tables)

    def _import(self, row: Row, at: datetime) -> None:
        """Create a plan and import its sheet, as its manager does on the page."""
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

    def _import_records(self, row: Row, at: datetime) -> None:
        """Import a sheet of records around the plan, as the manager does on the page."""
        resource = resource_at(row["room"], row["kind"])
        try:
            apply_import(
                actor=User.objects.get_by_natural_key(row["actor"]),
                importer=RecordsImporter(resource=resource, partnership=self.partnership),
                data=self.tables.text(row["file"]).encode(),
                filename=row["file"],
                at=at,
            )
        except ValidationError as error:
            raise DemoError("\n".join([f"{row['file']} cannot be imported:", *error.messages])) from error

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
    """Set a pillar's aim and lead, which the plan's sheet does not have."""
    pillar = plan.pillars.get(name=row["name"])
    pillar.aim = row["aim"]
    if row["lead"]:
        pillar.lead = Organisation.objects.get(partnership=plan.partnership, name=row["lead"])
    save_pillar(actor=actor, pillar=pillar, at=at)
