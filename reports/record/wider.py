"""Figures of the wider record for a paper: each in words with its own date, and its source."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext

from programme.channel.models import PanelMonth
from programme.funding.models import FundingDecision, Grant, StatedTotal
from programme.records.models import Fact
from programme.records.models import Record as WiderRecord
from programme.training.models import ChampionsCount, TrainingEvent
from reports.record.rows import Line
from standards import marking as markings
from standards.marking import Marking
from standards.quantities import Qualifier, Quantity


@dataclass(frozen=True)
class _Facts:
    """The records of a partnership on a day that a paper may tell of."""

    partnership_id: int
    on: date
    sensitive: bool

    def rows(self, model: type[WiderRecord]) -> Sequence[Any]:
        """Return the records that held on the day: none that another had replaced by then. A board is told no examples."""
        rows: Any = model._default_manager.exclude(basis=WiderRecord.Basis.ILLUSTRATIVE)
        rows = rows.filter(partnership=self.partnership_id, as_at__lte=self.on)
        if issubclass(model, Fact):
            rows = rows.exclude(superseded_by__as_at__lte=self.on)
        if not self.sensitive:
            rows = rows.filter(marking=Marking.OFFICIAL)
        return list(rows.order_by("as_at", "pk"))


def wider_lines(
    *, partnership_id: int, on: date, kinds: Collection[str], sensitive: bool = True
) -> dict[str, list[Line]]:
    """Return the lines of each kind of section asked for. The caller has asked who may read the paper.

    Facts are read by their own day and not by that of their entry, so that a correction has what was entered later.

    Args:
        sensitive: whether OFFICIAL-SENSITIVE records are included.
    """
    facts = _Facts(partnership_id, on, sensitive)
    return {kind: read(facts) for kind, read in READERS.items() if kind in kinds}


def _training(facts: _Facts) -> list[Line]:
    events = facts.rows(TrainingEvent)
    lines = [
        Line(
            label=event.title,
            words=f"{event.get_state_display()}: {event.quantity('attended')} people",
            as_at=event.as_at,
            source=event.source,
            marking=event.marking,
            key=_key(event),
            people=_people(event.quantity("attended")),
        )
        for event in events
    ]
    counts = facts.rows(ChampionsCount)
    return lines + [
        Line(
            label=gettext("Champions, {get_level_display}").format(
                get_level_display=row.get_level_display().lower()
            ),
            words=str(row.quantity("people")),
            as_at=row.as_at,
            source=row.source,
            marking=row.marking,
            key=_key(row),
            people=_people(row.quantity("people")),
            group="Champions" if row.quantity("people").qualifier == Qualifier.EXACTLY else "",
        )
        for row in counts
    ]


def _channel(facts: _Facts) -> list[Line]:
    months = facts.rows(PanelMonth)
    return [
        Line(
            label=f"{row.panel}, {row.month:%B %Y}",
            words=f"{row.both} of {row.held} meetings with local and counter terrorism police"
            if row.held
            else "No meeting",
            as_at=row.as_at,
            source=row.source,
            marking=row.marking,
            key=_key(row),
            people=row.held,
            group=f"{row.month:%B %Y}",
        )
        for row in months
    ]


def _funding(facts: _Facts) -> list[Line]:
    decisions = [
        Line(
            label=str(row),
            words=str(row.get_status_display()),
            as_at=row.as_at,
            source=row.source,
            marking=row.marking,
            key=_key(row),
        )
        for row in facts.rows(FundingDecision)
    ]
    totals: dict[int, list[Any]] = {}
    for row in facts.rows(StatedTotal):
        totals.setdefault(row.fund_id, []).append(row)
    return decisions + [_total(rows, facts) for rows in totals.values()]


def _total(rows: list[Any], facts: _Facts) -> Line:
    last = rows[-1]
    same = [row for row in rows[:-1] if (row.amount, row.number) == (last.amount, last.number)]
    grants = [
        grant for grant in facts.rows(Grant) if grant.fund_id == last.fund_id and grant.state in Grant.GRANTED
    ]
    itemised = sum(grant.amount for grant in grants)
    words = f"£{last.amount:,.2f} to {last.number} projects"
    if last.amount != itemised:
        words += f", of which £{last.amount - itemised:,.2f} is not itemised in this record"
    return Line(
        label=str(last.fund),
        words=words,
        as_at=last.as_at,
        source=last.source,
        marking=markings.highest(row.marking for row in (last, *grants)).value,
        key=_key(last),
        unchanged_since=same[0].as_at if same else None,
    )


def _key(row: Any) -> str:
    """Name a fact by its first record, which its corrections supersede."""
    while getattr(row, "supersedes_id", None):
        row = row.supersedes
    return f"{row._meta.label_lower}:{row.pk}"


def _people(quantity: Quantity) -> int | None:
    return None if quantity.value is None else int(quantity.value)


READERS: dict[str, Callable[[_Facts], list[Line]]] = {
    "training": _training,
    "channel": _channel,
    "funding": _funding,
}
