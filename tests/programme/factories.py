"""Factories for the records around the plan, made by the service that people use."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from factory import SelfAttribute, SubFactory

from programme.models import (
    Attendance,
    ChampionsCount,
    Completion,
    TrainingEvent,
    TrainingProgramme,
)
from programme.records.services.records import save_record
from tests.factories import ServiceFactory
from tests.support.clock import EARLIER

if TYPE_CHECKING:
    from tests.cast import Cast


class RecordFactory(ServiceFactory):
    """A record of the manager's; `cast` must be given."""

    source = "Prevent Business Plan 2020/21"
    as_at = date(2020, 3, 31)
    at = EARLIER
    actor = SelfAttribute("cast.manager")

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class: type[Any], *args: Any, **fields: Any) -> Any:
        cast: Cast = fields.pop("cast")
        partnership = fields.pop("partnership", cast.yorkshire)
        return save_record(row=model_class(partnership=partnership), **fields)


class TrainingProgrammeFactory(RecordFactory):
    class Meta:
        model = TrainingProgramme

    name = "Prevent awareness"
    audience = "All officers and staff"


class TrainingEventFactory(RecordFactory):
    """A conference that the force held, attended by at least 130 people."""

    class Meta:
        model = TrainingEvent

    title = "Champions launch"
    kind = TrainingEvent.Kind.CONFERENCE
    starts_on = date(2019, 2, 4)
    host = SelfAttribute("cast.police")
    state = TrainingEvent.State.HELD
    attended = 130
    attended_qualifier = "at_least"


class AttendanceFactory(RecordFactory):
    """Twelve people of Bradford District."""

    class Meta:
        model = Attendance

    event = SubFactory(TrainingEventFactory, cast=SelfAttribute("..cast"))
    organisation = SelfAttribute("cast.bradford_district")
    people = 12


class CompletionFactory(RecordFactory):
    """Forty of Bradford District's eighty, in the first quarter of 2020."""

    class Meta:
        model = Completion

    programme = SubFactory(TrainingProgrammeFactory, cast=SelfAttribute("..cast"))
    organisation = SelfAttribute("cast.bradford_district")
    period_from = date(2020, 1, 1)
    period_to = date(2020, 3, 31)
    eligible = 80
    completed = 40


class ChampionsCountFactory(RecordFactory):
    class Meta:
        model = ChampionsCount

    organisation = SelfAttribute("cast.bradford_district")
    level = ChampionsCount.Level.DELIVERY
    people = 9


def stock(cast: Cast) -> None:
    """Make a record of every kind."""
    AttendanceFactory(cast=cast)
    CompletionFactory(cast=cast)
    ChampionsCountFactory(cast=cast)
