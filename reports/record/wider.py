"""Figures of the wider record for a paper: each in words with its own date, and its source."""

from collections.abc import Callable, Collection, Iterable
from datetime import date
from typing import Any

from programme.channel.models import PanelMonth
from programme.funding.models import FundingDecision, Grant, StatedTotal
from programme.records.models import Record as WiderRecord
from programme.training.models import ChampionsCount, TrainingEvent
from reports.record.rows import Line
from standards.quantities import Qualifier, Quantity

Read = Callable[[int, date], list[Line]]


def wider_lines(*, partnership_id: int, on: date, kinds: Collection[str]) -> dict[str, list[Line]]:
    """Return the lines of each kind of section asked for. The caller has asked who may read the paper."""
    return {kind: read(partnership_id, on) for kind, read in READERS.items() if kind in kinds}


def _training(partnership_id: int, on: date) -> list[Line]:
    events = _rows(TrainingEvent, partnership_id, on)
    lines = [
        Line(
            label=event.title,
            words=f"{event.get_state_display()}: {event.quantity('attended')} people",
            as_at=event.as_at,
            source=event.source,
            key=_key(event),
            people=_people(event.quantity("attended")),
        )
        for event in events
    ]
    counts = _rows(ChampionsCount, partnership_id, on)
    return lines + [
        Line(
            label=f"Champions, {row.get_level_display().lower()}",
            words=str(row.quantity("people")),
            as_at=row.as_at,
            source=row.source,
            key=_key(row),
            people=_people(row.quantity("people")),
            group="Champions" if row.quantity("people").qualifier == Qualifier.EXACTLY else "",
        )
        for row in counts
    ]


def _channel(partnership_id: int, on: date) -> list[Line]:
    months = _rows(PanelMonth, partnership_id, on)
    return [
        Line(
            label=f"{row.panel}, {row.month:%B %Y}",
            words=f"{row.both} of {row.held} meetings with local and counter terrorism police"
            if row.held
            else "No meeting",
            as_at=row.as_at,
            source=row.source,
            key=_key(row),
            people=row.held,
            group=f"{row.month:%B %Y}",
        )
        for row in months
    ]


def _funding(partnership_id: int, on: date) -> list[Line]:
    decisions = [
        Line(
            label=str(row),
            words=str(row.get_status_display()),
            as_at=row.as_at,
            source=row.source,
            key=_key(row),
        )
        for row in _rows(FundingDecision, partnership_id, on)
    ]
    totals: dict[int, list[Any]] = {}
    for row in _rows(StatedTotal, partnership_id, on):
        totals.setdefault(row.fund_id, []).append(row)
    return decisions + [_total(rows, partnership_id, on) for rows in totals.values()]


def _total(rows: list[Any], partnership_id: int, on: date) -> Line:
    last = rows[-1]
    same = [row for row in rows[:-1] if (row.amount, row.number) == (last.amount, last.number)]
    grants = [
        grant
        for grant in _rows(Grant, partnership_id, on)
        if grant.fund_id == last.fund_id and grant.state in Grant.GRANTED
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
        key=_key(last),
        unchanged_since=same[0].as_at if same else None,
    )


def _rows(model: type[WiderRecord], partnership_id: int, on: date) -> Iterable[Any]:
    """Return the records that held on the day; a board is told no examples."""
    rows: Any = model._default_manager.exclude(basis=WiderRecord.Basis.ILLUSTRATIVE)
    return list(rows.filter(partnership=partnership_id, as_at__lte=on).current().order_by("as_at", "pk"))


def _key(row: Any) -> str:
    """Name a fact by its first record, which its corrections supersede."""
    while getattr(row, "supersedes_id", None):
        row = row.supersedes
    return f"{row._meta.label_lower}:{row.pk}"


def _people(quantity: Quantity) -> int | None:
    return None if quantity.value is None else int(quantity.value)


READERS: dict[str, Read] = {"training": _training, "channel": _channel, "funding": _funding}
