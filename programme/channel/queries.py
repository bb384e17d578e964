"""Police representation at Channel panels: by month and by year, with what was not received and every exception."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from audit.actors import Reader
from programme.channel.models import ATTENDED, ChannelPanel, PanelMonth

MONTHS_SHOWN = 12


@dataclass(frozen=True)
class Counts:
    """Meetings by who represented the police."""

    held: int
    both: int
    local_only: int
    ctp_only: int
    neither: int
    not_recorded: int

    @property
    def words(self) -> str:
        """A month without a meeting has no rate."""
        if not self.held:
            return gettext("No meeting")
        return gettext("{both} of {held}").format(both=self.both, held=self.held)


@dataclass(frozen=True)
class PanelLine:
    """A panel with its months; None for a month that was not received."""

    panel: ChannelPanel
    months: Sequence[PanelMonth | None]

    @property
    def received(self) -> list[PanelMonth]:
        return [month for month in self.months if month is not None]

    @property
    def missing(self) -> int:
        return len(self.months) - len(self.received)

    @property
    def total(self) -> Counts:
        return added_up(months=self.received)

    @property
    def has_examples(self) -> bool:
        """Whether the sum of the year has illustrative months in it."""
        return any(month.basis == PanelMonth.Basis.ILLUSTRATIVE for month in self.received)


@dataclass(frozen=True)
class Representation:
    """Every panel over the same months."""

    months: Sequence[date]
    lines: Sequence[PanelLine]

    @property
    def by_month(self) -> list[tuple[date, list[PanelMonth | None]]]:
        """Each month with what every panel reported, in the order of the panels."""
        return [(day, [line.months[n] for line in self.lines]) for n, day in enumerate(self.months)]

    @property
    def total(self) -> Counts:
        return added_up(months=[month for line in self.lines for month in line.received])

    @property
    def exceptions(self) -> list[PanelMonth]:
        """The months with a meeting that neither police side attended."""
        return [month for line in self.lines for month in line.received if month.neither]


def added_up(*, months: Iterable[PanelMonth]) -> Counts:
    """Add months up."""
    rows = list(months)
    held = sum(row.held for row in rows)
    return Counts(held, *(sum(getattr(row, name) for row in rows) for name in ATTENDED))


def representation(*, user: Reader, on: date, number: int = MONTHS_SHOWN) -> Representation:
    """Return the panels the user may view over the last whole months before the day."""
    months = last_months(on=on, number=number)
    panels = list(ChannelPanel.objects.visible_to(user, on).select_related("council", "monitored_by"))
    rows = PanelMonth.objects.visible_to(user, on).current().filter(month__in=months, panel__in=panels)
    row_by_month = {(row.panel_id, row.month): row for row in rows.select_related("panel__council")}
    return Representation(
        months,
        [PanelLine(panel, [row_by_month.get((panel.pk, month)) for month in months]) for panel in panels],
    )


def last_months(*, on: date, number: int) -> list[date]:
    """Return the first days of the last whole months before the day, the oldest first."""
    months = []
    year, month = on.year, on.month
    for _ in range(number):
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
        months.append(date(year, month, 1))
    return months[::-1]
