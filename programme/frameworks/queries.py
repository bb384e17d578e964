"""How the plan's actions cover a framework, and its newest readings. Versions of a framework are never joined."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext

from actions.core.models import Action
from audit.actors import Reader
from audit.models import Entry
from partners.models import Organisation
from programme.frameworks.models import ActionMapping, Framework, FrameworkItem, Grade, Measure, Reading

Kind = FrameworkItem.Kind
OBJECTIVES = (Kind.OBJECTIVE, Kind.ENABLING)


@dataclass(frozen=True)
class Cell:
    """The actions that serve an objective in a tier."""

    item: FrameworkItem
    tier: FrameworkItem | None
    actions: Sequence[Action]


@dataclass(frozen=True)
class Matrix:
    """Objectives by tiers; a framework without tiers has one column."""

    framework: Framework
    tiers: Sequence[FrameworkItem]
    lines: Sequence[tuple[FrameworkItem, Sequence[Cell]]]
    without_tier: Sequence[Cell]
    """Items with actions that no tier is recorded for, in a framework that has tiers."""

    @property
    def cells(self) -> list[Cell]:
        return [cell for _, cells in self.lines for cell in cells]

    @property
    def number_of_actions(self) -> int:
        """An action in several cells counts once."""
        return len({action.pk for cell in (*self.cells, *self.without_tier) for action in cell.actions})

    @property
    def empty(self) -> list[Cell]:
        return [cell for cell in self.cells if not cell.actions]


@dataclass(frozen=True)
class MeasureLine:
    """A measure with the newest reading of each organisation; none is not zero."""

    measure: Measure
    readings: Sequence[Reading]


def frameworks(*, user: Reader, on: date) -> list[Framework]:
    """Return the versions the user may view, the newest first."""
    return list(Framework.objects.visible_to(user, on))


def coverage(*, user: Reader, on: date, framework: Framework) -> Matrix:
    """Return how actions cover the objectives, or the benchmarks, of a framework."""
    items = list(FrameworkItem.objects.visible_to(user, on).filter(framework=framework))
    tiers = [item for item in items if item.kind == Kind.TIER]
    served = [item for item in items if item.kind in OBJECTIVES]
    served = served or [item for item in items if item.kind == Kind.BENCHMARK]
    rows = ActionMapping.objects.visible_to(user, on).filter(item__in=served).select_related("action")
    actions_by_cell: dict[tuple[int, int | None], list[Action]] = {}
    for row in rows.order_by("action__ref"):
        actions_by_cell.setdefault((row.item_id, row.tier_id), []).append(row.action)
    columns: list[FrameworkItem | None] = [*tiers] or [None]
    return Matrix(
        framework,
        tiers,
        [
            (
                item,
                [
                    Cell(item, tier, actions_by_cell.get((item.pk, tier.pk if tier else None), []))
                    for tier in columns
                ],
            )
            for item in served
        ],
        [
            Cell(item, None, actions_by_cell[item.pk, None])
            for item in served
            if tiers and (item.pk, None) in actions_by_cell
        ],
    )


def recorders_of(*, reading: Reading) -> set[int]:
    """Return the users who recorded a reading, and those that it corrects."""
    ids: list[str] = []
    row: Any = reading
    while row is not None:
        ids.append(str(row.pk))
        row = row.supersedes
    added = Entry.objects.filter(
        target_type=Reading._meta.label_lower, target_id__in=ids, verb="reading.added"
    )
    return {int(pk) for pk in added.values_list("actor_id", flat=True) if pk}


def measures(*, user: Reader, on: date, framework: Framework) -> list[MeasureLine]:
    """Return the measures of one version of a framework with their newest readings."""
    rows = list(Measure.objects.visible_to(user, on).filter(item__framework=framework).select_related("item"))
    newest: dict[tuple[int, int], Reading] = {}
    readings = Reading.objects.visible_to(user, on).current().filter(measure__in=rows)
    for reading in readings.select_related("organisation", "grade").order_by("period_to", "pk"):
        newest[reading.measure_id, reading.organisation_id] = reading
    return [
        MeasureLine(row, [reading for (measure, _), reading in newest.items() if measure == row.pk])
        for row in rows
    ]


def by_grade(
    *, user: Reader, on: date, framework: Framework
) -> list[tuple[Organisation | None, list[tuple[str, int]]]]:
    """Count each organisation's newest readings of graded measures by grade, the lowest first, and last what has none.

    Without any reading there is one line of no organisation. The numbers of a line add up to the graded measures.
    """
    lines = [line for line in measures(user=user, on=on, framework=framework) if line.measure.graded]
    if not lines:
        return []
    grades = list(Grade.objects.visible_to(user, on).filter(framework=framework))
    numbers: dict[Organisation | None, Counter[int | None]] = {}
    for line in lines:
        for reading in line.readings:
            numbers.setdefault(reading.organisation, Counter())[reading.grade_id] += 1
    return [
        (
            organisation,
            [
                *((grade.name, counts[grade.pk]) for grade in grades),
                (gettext("No reading"), len(lines) - sum(counts[grade.pk] for grade in grades)),
            ],
        )
        for organisation, counts in (numbers or {None: Counter()}).items()
    ]
