"""The record of a partnership as it stood at a moment, read from the states that its ledger holds."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Max

from actions.core.rating import CADENCE_DAYS
from actions.core.states import State
from actions.models import Plan
from actions.waits.states import OPEN_STATES
from audit.clock import london_date
from audit.models import Entry
from inspections.core.states import CLOSED, REGISTER_CLOSED, RegisterState
from inspections.core.states import State as OwnState
from inspections.findings.models.recommendations import Recommendation
from partners.models import Area
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
States = dict[int, dict[str, Any]]


def states_at(*, ledger_id: int, model: str, at: datetime) -> States:
    """Return the recorded state of every row of a model at a moment, by id. The caller asks who may read it.

    Args:
        model: its label, such as `actions.action`.
    """
    entries = Entry.objects.filter(ledger=ledger_id, target_type=model, at__lte=at).order_by()
    last = entries.values("target_id").annotate(last=Max("sequence")).values("last")
    rows = Entry.objects.filter(ledger=ledger_id, sequence__in=last, state__isnull=False)
    return {
        int(pk): state
        for pk, state in rows.order_by("sequence").values_list("target_id", "state")
        if state is not None
    }


def record_began(ledger_id: int) -> datetime | None:
    """Return the moment of a ledger's first entry; None while it has none."""
    return Entry.objects.filter(ledger=ledger_id, sequence=1).values_list("at", flat=True).first()


def head_at(*, ledger_id: int, at: datetime) -> tuple[int, str]:
    """Return the sequence and digest of the last entry up to a moment."""
    entries = Entry.objects.filter(ledger=ledger_id, at__lte=at).order_by("-sequence")
    return entries.values_list("sequence", "digest").first() or (0, "")


def record_of(*, plan: Plan, at: datetime, area: Area | None = None, sensitive: bool = True) -> Record:
    """Read what a paper on a plan counts, as it stood at a moment.

    Args:
        area: keep only a district's actions and return.
        sensitive: whether OFFICIAL-SENSITIVE actions and inspections are included.
    """
    reader = _Reader(plan, at, area, sensitive=sensitive)
    return reader.record()


class _Reader:
    """One reading: the states of each model are read once."""

    def __init__(self, plan: Plan, at: datetime, area: Area | None, *, sensitive: bool) -> None:
        self.plan, self.at, self.area, self.sensitive = plan, at, area, sensitive
        self.ledger_id = plan.partnership.ledger_id
        self.on = london_date(at)
        self.areas = self._states("partners.area")
        self.organisations = self._states("partners.organisation")
        self.pillars = {
            pk: row for pk, row in self._states("actions.pillar").items() if row["plan"] == plan.pk
        }

    def record(self) -> Record:
        states = self._states("actions.action")
        mine = {pk: row for pk, row in states.items() if row["plan"] == self.plan.pk and self._in_area(row)}
        known = {pk: row for pk, row in mine.items() if row["state"] != State.DRAFT}
        leaves = {pk: row for pk, row in known.items() if not row["by_districts"]}
        shown = {pk: row for pk, row in leaves.items() if self._is_shown(row)}
        actions = sorted(
            (self._action(pk, row) for pk, row in shown.items()), key=lambda action: sort_key(action.ref)
        )
        refs = {pk: str(row["ref"]) for pk, row in shown.items()}
        returns = self._returns()
        inspections = {
            pk: row for pk, row in self._states("inspections.inspection").items() if self._is_shown(row)
        }
        return Record(
            on=self.on,
            actions=actions,
            joint=frozenset(str(row["ref"]) for row in known.values() if row["by_districts"]),
            left_out=len(leaves) - len(shown),
            pillars=[str(row["name"]) for row in sorted(self.pillars.values(), key=_order)],
            districts=self._districts(),
            date_changes=self._date_changes(refs),
            waits=self._waits(refs),
            findings=self._findings(inspections),
            inspections=[self._inspection(pk, row) for pk, row in inspections.items()],
            returns=returns,
            expected_returns=[row.organisation for row in returns],
        )

    def _states(self, model: str) -> States:
        return states_at(ledger_id=self.ledger_id, model=model, at=self.at)

    def _in_area(self, row: Mapping[str, Any]) -> bool:
        return self.area is None or row["area"] == self.area.pk

    def _is_shown(self, row: Mapping[str, Any]) -> bool:
        return self.sensitive or row["marking"] == Marking.OFFICIAL

    def _districts(self) -> list[str]:
        if self.area is not None:
            return [str(self.areas[self.area.pk]["name"])]
        return [*(str(row["name"]) for row in sorted(self.areas.values(), key=_order)), FORCE_WIDE]

    def _area(self, pk: int | None) -> str:
        return str(self.areas[pk]["name"]) if pk in self.areas else FORCE_WIDE

    def _organisation(self, pk: int | None) -> str:
        return str(self.organisations[pk]["name"]) if pk in self.organisations else ""

    def _action(self, pk: int, row: Mapping[str, Any]) -> ActionRow:
        return ActionRow(
            pk=pk,
            ref=row["ref"],
            title=row["title"],
            pillar=str(self.pillars[row["pillar"]]["name"]) if row["pillar"] in self.pillars else "",
            district=self._area(row["area"]),
            lead=self._organisation(row["lead"]),
            source=row["source"],
            state=row["state"],
            rag=row["rag"],
            board_rag=row.get("board_rag", ""),
            percent=row["percent"],
            due=_day(row["due"]),
            original_due=_day(row["original_due"]),
            closed_on=_day(row["closed_on"]),
            allocated_on=_day(row["allocated_on"]),
            last_reported_on=_day(row["last_reported_on"]),
            waiting_since=_day(row["waiting_since"]),
            moves=row["moves"],
            marking=row["marking"],
            publication=row["publication"],
            exemption=row["exemption"],
            cadence_days=CADENCE_DAYS[self.plan.cadence],
        )

    def _date_changes(self, refs: Mapping[int, str]) -> list[DateChangeRow]:
        rows = self._states("actions.datechange").values()
        changes = [
            DateChangeRow(
                ref=refs[row["action"]],
                old_due=date.fromisoformat(row["old_due"]),
                new_due=date.fromisoformat(row["new_due"]),
                state=row["state"],
                reason=row["reason"],
                requested_on=_moment(row["requested_at"]),
                decided_on=_moment(row["decided_at"]) if row["decided_at"] else None,
            )
            for row in rows
            if row["action"] in refs
        ]
        return sorted(changes, key=lambda change: (change.requested_on, change.ref))

    def _waits(self, refs: Mapping[int, str]) -> list[WaitRow]:
        rows = self._states("actions.dependency").values()
        waits = [
            WaitRow(
                ref=refs[row["action"]],
                organisation=self._organisation(row["organisation"]),
                needed=row["needed"],
                since=date.fromisoformat(row["since"]),
                needed_by=_day(row["needed_by"]),
                acknowledged=row["state"] == "acknowledged",
            )
            for row in rows
            if row["action"] in refs and row["state"] in OPEN_STATES
        ]
        return sorted(waits, key=lambda wait: (wait.since, wait.ref))

    def _findings(self, inspections: States) -> list[FindingRow]:
        register: dict[int, tuple[str, int, str]] = {}
        for pk, row in self._states("inspections.registerstatus").items():
            latest = (row["on"], pk, row["state"])
            register[row["recommendation"]] = max(register.get(row["recommendation"], latest), latest)
        rows = self._states("inspections.recommendation")
        mine = {pk: row for pk, row in rows.items() if row["inspection"] in inspections}
        numbers = _numbers(mine)
        findings = [
            self._finding(pk, row | {"number": numbers[pk]}, inspections[row["inspection"]], register.get(pk))
            for pk, row in mine.items()
        ]
        return sorted(findings, key=lambda finding: (finding.inspection, sort_key(finding.label)))

    def _finding(
        self, pk: int, row: Mapping[str, Any], inspection: Mapping[str, Any], register: Any
    ) -> FindingRow:
        kind = Recommendation.Kind(row["kind"])
        state = register[2] if register else ""
        return FindingRow(
            pk=pk,
            label=f"{kind.label} {row['number']}".strip(),
            inspection=inspection["short_title"] or inspection["title"],
            kind=kind.value,
            own=row["state"],
            own_label=str(OwnState(row["state"]).label),
            is_closed=row["state"] in CLOSED,
            register=str(RegisterState(state).label) if state else "",
            register_closed=state in REGISTER_CLOSED,
        )

    def _inspection(self, pk: int, row: Mapping[str, Any]) -> InspectionRow:
        published = _day(row["published_on"])
        answered = [
            day
            for letter in self._letters().values()
            if letter["inspection"] == pk and (day := _day(letter["published_on"])) is not None
        ]
        clock = section55.clock(published_on=published, answered_on=None, on=self.on)
        return InspectionRow(
            title=row["short_title"] or row["title"],
            published_on=published,
            answer_due=section55.last_day(published) if published and clock else None,
            answered_on=min(answered, default=None),
        )

    def _letters(self) -> States:
        if not hasattr(self, "letters"):
            self.letters = self._states("inspections.publishedresponse")
        return self.letters

    def _returns(self) -> list[ReturnRow]:
        """Return the returns of the last period that had ended and closed for papers by then."""
        rows = {pk: row for pk, row in self._states("returns.return").items() if row["plan"] == self.plan.pk}
        ended = {row["period_start"] for row in rows.values() if row["period_end"] <= self.on.isoformat()}
        if not ended:
            return []
        last = max(ended)
        answers = [
            self._return(pk, row)
            for pk, row in rows.items()
            if row["period_start"] == last and self._of_district(row)
        ]
        return sorted(answers, key=lambda row: row.organisation)

    def _of_district(self, row: Mapping[str, Any]) -> bool:
        return self.area is None or self._area_of(row["organisation"]) == self.area.pk

    def _area_of(self, organisation: int) -> int | None:
        area: int | None = self.organisations.get(organisation, {}).get("area")
        return area

    def _return(self, pk: int, row: Mapping[str, Any]) -> ReturnRow:
        submitted = _moment(row["submitted_at"]) if row["submitted_at"] else None
        came = row["state"] == Return.State.SUBMITTED
        frequency = (
            Frequency.MONTHLY if row["period_start"][:7] == row["period_end"][:7] else Frequency.QUARTERLY
        )
        return ReturnRow(
            pk=pk,
            organisation=self._organisation(row["organisation"]),
            district=self._area(self._area_of(row["organisation"])),
            period=Period(date.fromisoformat(row["period_start"]), frequency).label,
            state=row["state"],
            submitted_on=submitted,
            texts={name: row[name] for name in TEXTS if came and row[name].strip()},
        )


def _numbers(rows: States) -> dict[int, str]:
    """Return the number of each finding; those that a report does not number are told apart by their order."""
    numbers: dict[int, str] = {}
    counted: dict[tuple[int, str], int] = {}
    for pk, row in sorted(rows.items()):
        group = (row["inspection"], row["kind"])
        counted[group] = counted.get(group, 0) + (not row["number"])
        numbers[pk] = row["number"] or f"({counted[group]})"
    return numbers


def _order(row: Mapping[str, Any]) -> tuple[int, str]:
    return row["order"], row["name"]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _moment(text: str) -> date:
    return london_date(datetime.fromisoformat(text))
