"""Who leads and who supports each area of the memorandum, with the open and red actions that each organisation leads."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from actions.core.models import Action
from actions.core.states import OPEN
from audit.actors import Reader
from partners.models import MouArea, Organisation, Responsibility
from programme.mou.models import Memorandum
from standards.rag import Rag


@dataclass(frozen=True)
class Cell:
    """One organisation in one area; `responsibility` is empty where it has none, whatever actions it leads."""

    area: MouArea
    organisation: Organisation
    responsibility: str
    open: int
    red: int


@dataclass(frozen=True)
class Line:
    area: MouArea
    cells: Sequence[Cell]
    unled: int
    """Open actions of the area that no organisation leads yet."""

    @property
    def leaders(self) -> list[Organisation]:
        return [cell.organisation for cell in self.cells if cell.responsibility == Responsibility.Kind.LEADS]


@dataclass(frozen=True)
class Responsibilities:
    """Areas by organisations; an organisation is shown if it has a responsibility or leads an open action of an area."""

    organisations: Sequence[Organisation]
    lines: Sequence[Line]
    memoranda: Sequence[Memorandum]

    @property
    def has_unled(self) -> bool:
        """Whether an open action of any area has no lead organisation yet."""
        return any(line.unled for line in self.lines)

    @property
    def without_leader(self) -> list[MouArea]:
        return [line.area for line in self.lines if not line.leaders]


def responsibilities(*, user: Reader, on: date) -> Responsibilities:
    """Return the matrix from today's reference data and the actions that the user may view."""
    areas = list(MouArea.objects.visible_to(user, on))
    kinds = {
        (row.mou_area_id, row.organisation_id): row.kind
        for row in Responsibility.objects.visible_to(user, on)
    }
    tallies = (
        Action.objects.visible_to(user, on)
        .filter(mou_area__in=areas, state__in=OPEN)
        .order_by()
        .values_list("mou_area", "lead")
        .annotate(open=Count("pk"), red=Count("pk", filter=Q(rag=Rag.RED)))
    )
    numbers = {(area, lead): (number, red) for area, lead, number, red in tallies}
    organisation_ids = {organisation for _, organisation in (*kinds, *numbers)}
    leads = Counter(row for (_, row), kind in kinds.items() if kind == Responsibility.Kind.LEADS)
    # Who leads most areas comes first, so that they are in sight before the table scrolls.
    organisations = sorted(
        Organisation.objects.visible_to(user, on).filter(pk__in=organisation_ids - {None}),
        key=lambda each: (-leads[each.pk], each.short_name or each.name),
    )
    lines = [
        Line(
            area,
            [
                Cell(area, each, kinds.get((area.pk, each.pk), ""), *numbers.get((area.pk, each.pk), (0, 0)))
                for each in organisations
                if each.partnership_id == area.partnership_id
            ],
            numbers.get((area.pk, None), (0, 0))[0],
        )
        for area in areas
    ]
    return Responsibilities(organisations, lines, list(Memorandum.objects.visible_to(user, on)))
