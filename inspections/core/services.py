"""How every service adds and changes inspections, findings and what belongs to them: locked, checked against what the
actor saw, validated, recorded."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import PermissionDenied, ValidationError

from audit.clock import london_date
from audit.models import Ledger, Tracked
from audit.services import append, writing
from audit.state import model_of, state_of
from partners.models import Partnership
from partners.policies import Rights, rights_of

MANAGERS_ONLY = "Only the programme manager keeps inspections and findings."
OUT_OF_SIGHT = "After this change you could no longer see it, so it was not made."
Row = TypeVar("Row", bound=Tracked)


@dataclass
class Addition:
    """The actor's rights on the day, and the ledger that new rows are recorded in."""

    actor: Any
    at: datetime
    ledger: Ledger
    rights: Rights
    added: list[Tracked] = field(default_factory=list)

    @property
    def on(self) -> date:
        return london_date(self.at)

    def require(self, allowed: bool, otherwise: str) -> None:
        """Raise PermissionDenied with the reason unless the rule allows it."""
        if not allowed:
            raise PermissionDenied(otherwise)

    def add(self, verb: str, row: Tracked, *, note: str = "") -> None:
        """Validate, save and record a new row.

        Raises:
            ValidationError: keyed by field, when the row is not valid.
        """
        row.full_clean()
        row.save(force_insert=True)
        append(actor=self.actor, ledger=self.ledger, at=self.at, verb=verb, target=row, note=note)
        self.added.append(row)

    def remove(self, verb: str, row: Tracked, *, note: str = "") -> None:
        """Record that a row is taken away, and delete it."""
        before = state_of(row)
        append(
            actor=self.actor,
            ledger=self.ledger,
            at=self.at,
            verb=verb,
            target=row,
            before=before,
            note=note,
            removed=True,
        )
        row.delete()


@dataclass(kw_only=True)
class Change(Addition, Generic[Row]):
    """A row under change: locked and read again. What it holds on leaving is validated, saved and recorded."""

    row: Row
    verb: str
    note: str = ""

    def require_state(self, *states: str, to: str) -> None:
        """Raise ValidationError naming the state unless the row is in one of them."""
        row: Any = self.row
        if row.state not in states:
            raise ValidationError(
                f"This {_name(self.row)} is {row.get_state_display().lower()}, so it cannot be {to}.",
                code="state",
            )


@contextmanager
def adding(*, actor: Any, partnership: Partnership, at: datetime) -> Iterator[Addition]:
    """Open a partnership's record for new rows.

    Raises:
        PermissionDenied: on leaving, when the actor could not see what was added.
    """
    with writing(partnership.ledger_id) as ledger:
        addition = Addition(actor=actor, at=at, ledger=ledger, rights=rights_of(actor, london_date(at)))
        yield addition
        _require_in_sight(addition, addition.added)


@contextmanager
def changing(
    *, actor: Any, row: Row, at: datetime, verb: str, version: int | None = None, note: str = ""
) -> Iterator[Change[Row]]:
    """Open a row for change; on leaving, validate it, save the fields that differ and record them.

    Args:
        row: an inspection, a recommendation, a response or a letter.
        version: the version the actor saw; None where nothing seen can go stale (commands, replays).

    Raises:
        ValidationError: code `conflict` when the row moved on since that version; keyed by field when what was set
            is not valid.
        PermissionDenied: when the change would take the row out of the actor's own sight.
    """
    with writing(_ledger_id(row)) as ledger:
        locked = _locked(row)
        seen: Any = locked
        if version is not None and seen.version != version:
            raise ValidationError(
                f"This {_name(row)} was changed since you opened it. Look at what changed, then send your "
                "answer again.",
                code="conflict",
                params={"version": seen.version},
            )
        before, stored = state_of(locked), _columns(locked)
        change = Change(
            actor=actor,
            at=at,
            ledger=ledger,
            rights=rights_of(actor, london_date(at)),
            row=locked,
            verb=verb,
            note=note,
        )
        yield change
        seen.version += 1
        locked.full_clean()
        locked.save(
            update_fields=sorted(name for name, value in _columns(locked).items() if value != stored[name])
        )
        append(
            actor=actor,
            ledger=ledger,
            at=at,
            verb=change.verb,
            target=locked,
            before=before,
            note=change.note,
        )
        _require_in_sight(change, [locked, *change.added])


def _name(row: Tracked) -> str:
    return str(row._meta.verbose_name)


def _path(row: Tracked) -> list[str]:
    assert row.ledger_path is not None  # rows of this app belong to a partnership
    return row.ledger_path.split("__")[:-1]


def _ledger_id(row: Tracked) -> int:
    owner: Any = row
    for step in _path(row):
        owner = getattr(owner, step)
    return int(owner.ledger_id)


def _locked(row: Row) -> Row:
    rows: Any = model_of(row)._default_manager
    found: Row = rows.select_for_update(of=("self",)).select_related("__".join(_path(row))).get(pk=row.pk)
    return found


def _require_in_sight(addition: Addition, rows: list[Tracked]) -> None:
    for row in rows:
        seen: Any = model_of(row)._default_manager
        if not seen.visible_to(addition.actor, addition.on).filter(pk=row.pk).exists():
            raise PermissionDenied(OUT_OF_SIGHT)


def _columns(row: Tracked) -> dict[str, Any]:
    return {field.name: getattr(row, field.attname) for field in row._meta.concrete_fields}
