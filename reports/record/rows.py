"""What a paper counts, as plain rows: the same for any moment, without a database."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from typing import Any

from django.utils.translation import gettext_noop

from actions.core import rating
from actions.core.states import CLOSED, OPEN, RATED, UNDER_WAY

FORCE_WIDE = gettext_noop("Force-wide")


@dataclass(frozen=True, kw_only=True)
class ActionRow:
    """An action as it was at the moment of the record."""

    pk: int
    ref: str
    title: str
    pillar: str
    district: str
    lead: str
    source: str = ""
    state: str
    rag: str = ""
    board_rag: str = ""
    percent: int = 0
    due: date | None = None
    original_due: date | None = None
    closed_on: date | None = None
    allocated_on: date | None = None
    last_reported_on: date | None = None
    waiting_since: date | None = None
    moves: int = 0
    marking: str = "OFFICIAL"
    publication: str = "undecided"
    exemption: str = ""
    cadence_days: int = 31
    by_districts: bool = False

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_closed(self) -> bool:
        return self.state in CLOSED

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY

    @property
    def is_rated(self) -> bool:
        """Whether a rating can be declared for it."""
        return self.state in RATED

    @property
    def days_slipped(self) -> int:
        return rating.days_slipped(self)

    def days_overdue(self, on: date, *, original: bool = False) -> int:
        """Days since the due date, or since the original one; 0 when it is not overdue."""
        due = self.original_due if original else self.due
        return (on - due).days if self.is_under_way and due is not None and due < on else 0

    def computed(self, on: date) -> str:
        """The rating that its dates give; empty where there is none."""
        computed = rating.computed_rag(self, cadence_days=self.cadence_days, on=on)
        return computed.rag.value if computed else ""


@dataclass(frozen=True, kw_only=True)
class DateChangeRow:
    """A due date change: requested, or decided on a day."""

    ref: str
    old_due: date
    new_due: date
    state: str
    reason: str
    requested_on: date
    decided_on: date | None


@dataclass(frozen=True, kw_only=True)
class WaitRow:
    """A dependency that was open."""

    ref: str
    organisation: str
    needed: str
    since: date
    needed_by: date | None
    acknowledged: bool


@dataclass(frozen=True, kw_only=True)
class FindingRow:
    """A recommendation with the force's status and the register's."""

    pk: int
    label: str
    inspection: str
    inspection_id: int = 0
    kind: str
    own: str
    own_label: str
    is_closed: bool
    register: str = ""
    register_closed: bool = False

    @property
    def ref(self) -> str:
        """Its reference in a paper."""
        return f"{self.inspection}: {self.label}"


@dataclass(frozen=True, kw_only=True)
class InspectionRow:
    """An inspection, with the clock of section 55."""

    pk: int
    title: str
    marking: str = "OFFICIAL"
    published_on: date | None
    answer_due: date | None
    answered_on: date | None


@dataclass(frozen=True, kw_only=True)
class ReturnRow:
    """A return of an organisation for a period, with the texts that flow upwards."""

    pk: int
    organisation: str
    district: str
    period: str
    state: str
    submitted_on: date | None
    texts: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Line:
    """A figure of the wider record in words, with its own date.

    Attributes:
        key: names the fact, the same through its corrections: model and id of the first record.
        people: the number of people, or of meetings about people, that the words state; None for any other figure.
        group: what a public edition adds it up with; empty for a number that is not exact.
    """

    label: str
    words: str
    key: str = ""
    people: int | None = None
    group: str = ""
    as_at: date | None = None
    source: str = ""
    marking: str = "OFFICIAL"
    unchanged_since: date | None = None


@dataclass(frozen=True, kw_only=True)
class Record:
    """Everything a paper counts, at the end of one day or at one moment.

    Attributes:
        actions: the leaves: district actions, not the joint actions that are made of them.
        joint: references of joint actions, which are counted through their parts.
        left_out: how many actions are marked OFFICIAL-SENSITIVE and not in the paper.
    """

    on: date
    actions: Sequence[ActionRow]
    joint: frozenset[str] = frozenset()
    left_out: int = 0
    pillars: Sequence[str] = ()
    districts: Sequence[str] = ()
    date_changes: Sequence[DateChangeRow] = ()
    waits: Sequence[WaitRow] = ()
    findings: Sequence[FindingRow] = ()
    inspections: Sequence[InspectionRow] = ()
    returns: Sequence[ReturnRow] = ()
    expected_returns: Sequence[str] = ()
    wider: Mapping[str, Sequence[Line]] = field(default_factory=dict)


def as_json(row: ActionRow, on: date) -> dict[str, Any]:
    """Return an action as a paper prints it, without its owner."""
    return {
        "id": row.pk,
        "ref": row.ref,
        "title": row.title,
        "pillar": row.pillar,
        "district": row.district,
        "lead": row.lead,
        "source": row.source,
        "state": row.state,
        "percent": row.percent,
        "original_due": _iso(row.original_due),
        "due": _iso(row.due),
        "moves": row.moves,
        "days_slipped": row.days_slipped,
        "declared": row.rag,
        "computed": row.computed(on),
        "overdue": row.days_overdue(on) > 0,
        "last_update": _iso(row.last_reported_on),
        "waiting_since": _iso(row.waiting_since),
        "closed_on": _iso(row.closed_on),
        "marking": row.marking,
        "publication": row.publication,
        "exemption": row.exemption,
    }


def finding_as_json(row: FindingRow) -> dict[str, Any]:
    """Return a finding as a paper lists it behind a count, without its text."""
    return {**asdict(row), "ref": row.ref}


def finding_of(line: Mapping[str, Any], **changes: Any) -> FindingRow:
    """Return a finding as a paper lists it.

    Args:
        changes: what is another in the paper's public edition.
    """
    return FindingRow(**{field.name: line[field.name] for field in fields(FindingRow)} | changes)


def inspection_as_json(row: InspectionRow) -> dict[str, Any]:
    return {name: _iso(value) if isinstance(value, date) else value for name, value in asdict(row).items()}


def inspection_of(line: Mapping[str, Any], **changes: Any) -> InspectionRow:
    """Return an inspection as a paper lists it, as `finding_of`."""
    days = ("published_on", "answer_due", "answered_on")
    values: dict[str, Any] = {name: line[name] and date.fromisoformat(line[name]) for name in days}
    values |= {name: line[name] for name in ("pk", "title", "marking")}
    return InspectionRow(**values | changes)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
