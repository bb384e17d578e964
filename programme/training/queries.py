"""What training records add up to: events held, people trained, Champions, and what is still to be recorded."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext

from audit.actors import Reader
from programme.training.models import (
    ChampionsCount,
    Completion,
    TrainingEvent,
    TrainingProgramme,
)
from standards.quantities import Qualifier, Quantity, total
from web.wording import quantity_text

State, Precision = TrainingEvent.State, TrainingEvent.Precision


@dataclass(frozen=True)
class Training:
    """The figures of the training page, from the records that the reader may view.

    Attributes:
        held: how many events were held; one that may be part of a series in the list is not added to it.
        people: how many people attended them.
        uncertain: the events that are not added, because they may be part of a series.
        not_recorded: planned events whose date has passed.
    """

    held: Quantity
    people: Quantity
    uncertain: Sequence[TrainingEvent]
    not_recorded: Sequence[TrainingEvent]
    planned: int
    cancelled: int


@dataclass(frozen=True)
class Progress:
    """How far a programme has come: completed of eligible."""

    programme: TrainingProgramme
    completed: Quantity
    eligible: Quantity

    @property
    def words(self) -> str:
        return gettext("{completed} of {eligible}").format(
            completed=quantity_text(self.completed), eligible=quantity_text(self.eligible)
        )

    @property
    def percent(self) -> int | None:
        """Whole per cent, rounded down; None unless both numbers are exact and someone is eligible."""
        exact = self.completed.qualifier == self.eligible.qualifier == Qualifier.EXACTLY
        if not exact or not self.eligible.value:
            return None
        return int((self.completed.value or 0) * 100 // self.eligible.value)


def training_figures(*, user: Reader, on: date) -> Training:
    """Count the events that the user may view."""
    events = list(TrainingEvent.objects.visible_to(user, on).select_related("may_include"))
    held = [event for event in events if event.state == State.HELD]
    series = {event.pk for event in held}
    uncertain = [event for event in held if event.may_include_id in series]
    counted = [event for event in held if event not in uncertain]
    return Training(
        held=total(event.quantity("number_held") for event in counted),
        people=total(_people(counted, uncertain)),
        uncertain=uncertain,
        not_recorded=[event for event in events if is_not_recorded(event=event, on=on)],
        planned=sum(event.state == State.PLANNED for event in events),
        cancelled=sum(event.state == State.CANCELLED for event in events),
    )


def is_not_recorded(*, event: TrainingEvent, on: date) -> bool:
    """Return whether a planned event is over, and nobody has said whether it was held."""
    last = last_day(event=event)
    return event.state == State.PLANNED and last is not None and last < on


def last_day(*, event: TrainingEvent) -> date | None:
    """Return the last day that an event's date, as exact as it is known, allows."""
    first = event.ends_on or event.starts_on
    if first is None or event.precision == Precision.UNKNOWN:
        return None
    if event.precision == Precision.YEAR:
        return date(first.year, 12, 31)
    if event.precision == Precision.MONTH:
        return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return first


def progress(*, user: Reader, on: date) -> list[Progress]:
    """Add up the newest completions of each programme by organisation."""
    rows = Completion.objects.visible_to(user, on).current().order_by("period_to", "pk")
    newest: dict[int, dict[int, Completion]] = {}
    for row in rows:
        newest.setdefault(row.programme_id, {})[row.organisation_id] = row
    return [
        Progress(
            programme,
            total(row.quantity("completed") for row in newest.get(programme.pk, {}).values()),
            _eligible(newest.get(programme.pk, {}).values()),
        )
        for programme in TrainingProgramme.objects.visible_to(user, on)
    ]


def champions(*, user: Reader, on: date) -> dict[str, Quantity]:
    """Return the newest number of Champions by level, over all organisations."""
    newest: dict[tuple[int, str], ChampionsCount] = {}
    for row in ChampionsCount.objects.visible_to(user, on).current().order_by("as_at", "pk"):
        newest[row.organisation_id, row.level] = row
    levels = {level for _, level in newest}
    return {
        str(label): total(row.quantity("people") for (_, level), row in newest.items() if level == value)
        for value, label in ChampionsCount.Level.choices
        if value in levels
    }


def _eligible(rows: Iterable[Completion]) -> Quantity:
    """Without any record nobody knows who is eligible: that is not nobody."""
    quantities = [row.quantity("eligible") for row in rows]
    return total(quantities) if quantities else Quantity(None, Qualifier.UNKNOWN)


def _people(counted: Sequence[TrainingEvent], uncertain: Sequence[TrainingEvent]) -> list[Quantity]:
    """Take the people of an event that may be part of a series in the place of the series' own, where that is unknown."""
    instead = {event.may_include_id: event.quantity("attended") for event in uncertain}
    parts = []
    for event in counted:
        own = event.quantity("attended")
        if own.qualifier == Qualifier.UNKNOWN and event.pk in instead:
            parts.append(
                Quantity(instead[event.pk].value, Qualifier.AT_LEAST) if instead[event.pk].value else own
            )
        else:
            parts.append(own)
    return parts
