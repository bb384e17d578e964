"""Counts of findings by force status, each linked to its rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import ngettext

from actions.core.views import Count
from inspections.core.states import CLOSED, State
from web.language import lazy_text
from web.quick import NO_DEFAULT

Tally = Mapping[str, Any]


@dataclass(frozen=True)
class Measure:
    """Findings to count: those in the states (any if empty), or those past their deadline."""

    label: str
    states: tuple[str, ...] = ()
    late: bool = False
    part: bool = False
    """Whether it overlaps other measures, so that it is not part of the total."""


TOTAL = Measure(lazy_text("Findings"))
MEASURES = (
    TOTAL,
    Measure(lazy_text("Deadline passed"), late=True, part=True),
    Measure(lazy_text("Not answered"), (State.REGISTERED,)),
    Measure(lazy_text("Accepted, not started"), (State.ACCEPTED, State.PARTLY_ACCEPTED)),
    Measure(lazy_text("Not accepted"), (State.NOT_ACCEPTED,)),
    Measure(lazy_text("In progress"), (State.IN_PROGRESS, State.REOPENED)),
    Measure(lazy_text("Proposed for closure"), (State.PROPOSED,)),
    Measure(lazy_text("Closed"), CLOSED),
)


def counts(tallies: Sequence[Tally], inspection_id: int | None = None, name: str = "") -> list[Count]:
    """Return every measure of an inspection's findings, or of all of them.

    Args:
        tallies: rows of RecommendationQuerySet.tally.
        name: the inspection's name, for screen readers.
    """
    own = [row for row in tallies if inspection_id is None or row["inspection"] == inspection_id]
    return [_count(own, measure, inspection_id, name) for measure in MEASURES]


def _count(tallies: Iterable[Tally], measure: Measure, inspection_id: int | None, name: str) -> Count:
    rows = [row for row in tallies if not measure.states or row["state"] in measure.states]
    number = sum(row["late" if measure.late else "number"] for row in rows)
    query = [("inspection", str(inspection_id))] if inspection_id is not None else []
    query += [("state", str(state)) for state in measure.states]
    query += [("overdue", "yes")] if measure.late else []
    href = reverse("inspections:recommendation-list")
    words = [name] if name else []
    of = ", ".join(words if measure is TOTAL else [measure.label.lower(), *words])
    noun = (
        ngettext("finding: {of}", "findings: {of}", number) if of else ngettext("finding", "findings", number)
    )
    return Count(
        number,
        f"{href}?{urlencode(query or NO_DEFAULT)}",
        noun.format(of=of),
        measure.label,
    )
