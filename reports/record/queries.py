"""The record of a partnership as it stood at a moment, as a paper counts it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Model

from actions.core.rating import CADENCE_DAYS
from actions.core.states import State
from actions.models import Action, DateChange, Dependency, Pillar, Plan
from actions.waits.states import OPEN_STATES
from audit.clock import london_date
from audit.models import Entry
from audit.past import reading_as_at
from inspections.core.states import CLOSED, REGISTER_CLOSED, RegisterState
from inspections.core.states import State as OwnState
from inspections.models import Inspection, PublishedResponse, Recommendation, RegisterStatus
from partners.models import Area, Organisation
from reports.record.rows import (
    FORCE_WIDE,
    ActionRow,
    DateChangeRow,
    FindingRow,
    InspectionRow,
    Record,
    ReturnRow,
    WaitRow,
)
from returns.models import Return
from standards import section55
from standards.cadence import Frequency, Period
from standards.marking import Marking
from standards.references import sort_key

# What a return's texts are called in a paper.
TEXTS = ("training", "risks", "escalations", "good_practice", "decisions_sought")
Row = dict[str, Any]


def head_at(*, ledger_id: int, at: datetime) -> tuple[int, str]:
    """Return the sequence and digest of the last entry up to a moment."""
    entries = Entry.objects.filter(ledger=ledger_id, at__lte=at).order_by("-sequence")
    return entries.values_list("sequence", "digest").first() or (0, "")


def record_of(*, plan: Plan, at: datetime, area: Area | None = None, sensitive: bool = True) -> Record:
    """Read what a paper on a plan counts, as it stood at a moment. The caller asks who may read it.

    Args:
        area: keep only a district's actions and return.
        sensitive: whether OFFICIAL-SENSITIVE actions and inspections are included.
    """
    with reading_as_at(at):
        return _Reader(plan, at, area, sensitive=sensitive).record()


class _Reader:
    """One reading: what other rows are named by is read once."""

    def __init__(self, plan: Plan, at: datetime, area: Area | None, *, sensitive: bool) -> None:
        self.plan, self.area, self.sensitive = plan, area, sensitive
        self.on = london_date(at)
        here = {"partnership": plan.partnership_id}
        self.areas = _names(Area, order="order", **here)
        self.pillars = _names(Pillar, order="order", plan=plan)
        self.organisations = {row["id"]: row for row in _rows(Organisation, "id", "name", "area_id", **here)}

    def record(self) -> Record:
        fields = [*ACTION_FIELDS, "id", "area_id", "pillar_id", "lead_id", "by_districts"]
        rows = _rows(Action, *fields, plan=self.plan, **({"area": self.area} if self.area else {}))
        known = [row for row in rows if row["state"] != State.DRAFT]
        leaves = [row for row in known if not row["by_districts"]]
        shown = [row for row in leaves if self._is_shown(row)]
        refs = {row["id"]: str(row["ref"]) for row in shown}
        returns = self._returns()
        columns = ("id", "title", "short_title", "published_on", "marking")
        inspections = {
            row["id"]: row
            for row in _rows(Inspection, *columns, partnership=self.plan.partnership_id)
            if self._is_shown(row)
        }
        return Record(
            on=self.on,
            actions=sorted(map(self._action, shown), key=lambda action: sort_key(action.ref)),
            joint=frozenset(str(row["ref"]) for row in known if row["by_districts"]),
            left_out=len(leaves) - len(shown),
            pillars=list(self.pillars.values()),
            districts=[str(self.areas[self.area.pk])] if self.area else [*self.areas.values(), FORCE_WIDE],
            date_changes=self._date_changes(refs),
            waits=self._waits(refs),
            findings=self._findings(inspections),
            inspections=self._inspections(inspections),
            returns=returns,
            expected_returns=[row.organisation for row in returns],
        )

    def _is_shown(self, row: Mapping[str, Any]) -> bool:
        return self.sensitive or row["marking"] == Marking.OFFICIAL

    def _area(self, pk: int | None) -> str:
        return FORCE_WIDE if pk is None else self.areas.get(pk, FORCE_WIDE)

    def _organisation(self, pk: int | None) -> str:
        return str(self.organisations[pk]["name"]) if pk in self.organisations else ""

    def _action(self, row: Row) -> ActionRow:
        return ActionRow(
            **{name: row[name] for name in ACTION_FIELDS},
            pk=row["id"],
            pillar=self.pillars.get(row["pillar_id"], ""),
            district=self._area(row["area_id"]),
            lead=self._organisation(row["lead_id"]),
            cadence_days=CADENCE_DAYS[self.plan.cadence],
        )

    def _date_changes(self, refs: Mapping[int, str]) -> list[DateChangeRow]:
        columns = ("action_id", "old_due", "new_due", "state", "reason", "requested_at", "decided_at")
        changes = [
            DateChangeRow(
                ref=refs[row["action_id"]],
                old_due=row["old_due"],
                new_due=row["new_due"],
                state=row["state"],
                reason=row["reason"],
                requested_on=london_date(row["requested_at"]),
                decided_on=_day_of(row["decided_at"]),
            )
            for row in _rows(DateChange, *columns)
            if row["action_id"] in refs
        ]
        return sorted(changes, key=lambda change: (change.requested_on, change.ref))

    def _waits(self, refs: Mapping[int, str]) -> list[WaitRow]:
        columns = ("action_id", "organisation_id", "needed", "since", "needed_by", "state")
        waits = [
            WaitRow(
                ref=refs[row["action_id"]],
                organisation=self._organisation(row["organisation_id"]),
                needed=row["needed"],
                since=row["since"],
                needed_by=row["needed_by"],
                acknowledged=row["state"] == "acknowledged",
            )
            for row in _rows(Dependency, *columns, state__in=OPEN_STATES)
            if row["action_id"] in refs
        ]
        return sorted(waits, key=lambda wait: (wait.since, wait.ref))

    def _findings(self, inspections: Mapping[int, Row]) -> list[FindingRow]:
        register: dict[int, tuple[date, int, str]] = {}
        for row in _rows(RegisterStatus, "id", "on", "state", "recommendation_id"):
            latest = (row["on"], row["id"], row["state"])
            register[row["recommendation_id"]] = max(register.get(row["recommendation_id"], latest), latest)
        rows = _rows(Recommendation, "id", "kind", "number", "state", "inspection_id")
        mine = {row["id"]: row for row in rows if row["inspection_id"] in inspections}
        numbers = _numbers(mine)
        findings = [
            _finding(row | {"number": numbers[pk]}, inspections[row["inspection_id"]], register.get(pk))
            for pk, row in mine.items()
        ]
        return sorted(findings, key=lambda finding: (finding.inspection, sort_key(finding.label)))

    def _inspections(self, inspections: Mapping[int, Row]) -> list[InspectionRow]:
        answered: dict[int, date] = {}
        for letter in _rows(PublishedResponse, "inspection_id", "published_on", published_on__isnull=False):
            day = letter["published_on"]
            answered[letter["inspection_id"]] = min(answered.get(letter["inspection_id"], day), day)
        return [
            InspectionRow(
                pk=pk,
                title=row["short_title"] or row["title"],
                marking=row["marking"],
                published_on=row["published_on"],
                answer_due=_answer_due(row["published_on"], self.on),
                answered_on=answered.get(pk),
            )
            for pk, row in inspections.items()
        ]

    def _returns(self) -> list[ReturnRow]:
        """Return the returns of the last period that had ended and closed for papers by then."""
        columns = ("id", "organisation_id", "period_start", "period_end", "state", "submitted_at", *TEXTS)
        rows = _rows(Return, *columns, plan=self.plan)
        last = max((row["period_start"] for row in rows if row["period_end"] <= self.on), default=None)
        answers = [
            self._return(row) for row in rows if row["period_start"] == last and self._of_district(row)
        ]
        return sorted(answers, key=lambda row: row.organisation)

    def _of_district(self, row: Row) -> bool:
        return self.area is None or self._area_of(row["organisation_id"]) == self.area.pk

    def _area_of(self, organisation: int) -> int | None:
        area: int | None = self.organisations.get(organisation, {}).get("area_id")
        return area

    def _return(self, row: Row) -> ReturnRow:
        first, last = row["period_start"], row["period_end"]
        came = row["state"] == Return.State.SUBMITTED
        frequency = (
            Frequency.MONTHLY if (first.year, first.month) == (last.year, last.month) else Frequency.QUARTERLY
        )
        return ReturnRow(
            pk=row["id"],
            organisation=self._organisation(row["organisation_id"]),
            district=self._area(self._area_of(row["organisation_id"])),
            period=Period(first, frequency).label,
            state=row["state"],
            submitted_on=_day_of(row["submitted_at"]),
            texts={name: row[name] for name in TEXTS if came and row[name].strip()},
        )


# Fields of an action that a paper reads as they are.
ACTION_FIELDS = (
    *("ref", "title", "source", "state", "rag", "board_rag", "percent", "due", "original_due", "closed_on"),
    *("allocated_on", "last_reported_on", "waiting_since", "moves", "marking", "publication", "exemption"),
)


def _rows(model: type[Model], *columns: str, **conditions: Any) -> list[Row]:
    return list(model._base_manager.filter(**conditions).order_by("pk").values(*columns))


def _names(model: type[Model], *, order: str, **conditions: Any) -> dict[int, str]:
    """Return the names of rows by id, in their order."""
    rows = model._base_manager.filter(**conditions).order_by(order, "name")
    return dict(rows.values_list("pk", "name"))


def _finding(row: Row, inspection: Row, register: tuple[date, int, str] | None) -> FindingRow:
    kind = Recommendation.Kind(row["kind"])
    state = register[2] if register else ""
    return FindingRow(
        pk=row["id"],
        label=f"{kind.label} {row['number']}".strip(),
        inspection=inspection["short_title"] or inspection["title"],
        inspection_id=inspection["id"],
        kind=kind.value,
        own=row["state"],
        own_label=str(OwnState(row["state"]).label),
        is_closed=row["state"] in CLOSED,
        register=str(RegisterState(state).label) if state else "",
        register_closed=state in REGISTER_CLOSED,
    )


def _answer_due(published_on: date | None, on: date) -> date | None:
    clock = section55.clock(published_on=published_on, answered_on=None, on=on)
    return section55.last_day(published_on) if published_on and clock else None


def _numbers(rows: Mapping[int, Row]) -> dict[int, str]:
    """Return the number of each finding; those that a report does not number are told apart by their order."""
    numbers: dict[int, str] = {}
    counted: dict[tuple[int, str], int] = {}
    for pk, row in sorted(rows.items()):
        group = (row["inspection_id"], row["kind"])
        counted[group] = counted.get(group, 0) + (not row["number"])
        numbers[pk] = row["number"] or f"({counted[group]})"
    return numbers


def _day_of(at: datetime | None) -> date | None:
    return london_date(at) if at else None
