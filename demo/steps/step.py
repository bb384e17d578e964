"""One row of a history table, and the rows it names."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from actions.models import Action
from audit.clock import london_date
from demo.reading import Row, Tables
from partners.models import Organisation, Partnership, User


class ReplayError(ValueError):
    """A row of the history cannot be replayed: the message names the row."""


@dataclass(frozen=True)
class Step:
    """One row of a history with the people and the action it names."""

    row: Row
    partnership: Partnership
    actor: User
    at: datetime
    tables: Tables

    @property
    def action(self) -> Action:
        return self.action_called(self.row["ref"])

    @property
    def other_action(self) -> Action:
        return self.action_called(self.row["by_ref"])

    def action_called(self, ref: str) -> Action:
        """Fetch an action that the actor may see on that day."""
        visible = Action.objects.visible_to(self.actor, london_date(self.at))
        return visible.select_related("lead", "partnership").get(partnership=self.partnership, ref=ref)

    @property
    def due(self) -> date | None:
        return day(self.row["due"])

    @property
    def on(self) -> date:
        """The day in `due`, which this verb needs."""
        return date.fromisoformat(self.row["due"])

    @property
    def organisation(self) -> Organisation:
        return self.organisation_called(self.row["organisation"])

    def organisation_called(self, name: str) -> Organisation:
        organisations = Organisation.objects.filter(partnership=self.partnership)
        return organisations.filter(short_name=name).first() or organisations.get(name=name)

    @property
    def person(self) -> User:
        return User.objects.get_by_natural_key(self.row["owner"])


Verb = Callable[[Step], object]


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
