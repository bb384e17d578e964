"""How every service adds and changes rows: locked, checked against what the actor saw, validated, recorded."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext, gettext_lazy

from audit.actors import Actor
from audit.clock import london_date
from audit.models import Ledger, Tracked
from audit.policies import forbid
from audit.services import append, writing
from audit.state import model_of, state_of
from audit.versions import stale
from partners.policies import Rights, rights_of

OUT_OF_SIGHT = gettext_lazy("You could no longer view this {name} after the change, so it was not saved.")
Row = TypeVar("Row", bound=Tracked)


@dataclass(kw_only=True)
class Addition:
    """The actor's rights on the day, and the ledger that new rows are recorded in."""

    actor: Actor
    at: datetime
    ledger: Ledger
    rights: Rights
    added: list[Tracked] = field(default_factory=list)

    @property
    def on(self) -> date:
        return london_date(self.at)

    forbid = staticmethod(forbid)

    def add(self, verb: str, row: Tracked, *, note: str = "") -> None:
        """Validate, save and record a new row.

        Raises:
            ValidationError: keyed by field, when the row is not valid.
        """
        row.full_clean()
        row.save(force_insert=True)
        append(actor=self.actor, ledger=self.ledger, at=self.at, verb=verb, target=row, note=note)
        self.added.append(row)

    def amend(self, verb: str, row: Tracked, fields: dict[str, Any]) -> None:
        """Set the fields of a row that belongs to one under change, validate, save and record it.

        Raises:
            ValidationError: keyed by field, when the row is not valid.
        """
        before = state_of(row)
        for name, value in fields.items():
            setattr(row, name, value.strip() if isinstance(value, str) else value)
        row.full_clean()
        row.save(update_fields=sorted(fields))
        append(actor=self.actor, ledger=self.ledger, at=self.at, verb=verb, target=row, before=before)

    def remove(self, verb: str, row: Tracked, *, note: str = "") -> None:
        """Record the removal of a row, and delete it."""
        append(
            actor=self.actor,
            ledger=self.ledger,
            at=self.at,
            verb=verb,
            target=row,
            before=state_of(row),
            note=note,
            removed=True,
        )
        row.delete()

    def require_in_sight(self) -> None:
        """Raise PermissionDenied when the actor could not view one of the rows after the change."""
        for row in self.added:
            _require_in_sight(row, self.actor, self.on)


@dataclass(kw_only=True)
class Change(Addition, Generic[Row]):
    """A row under change, locked and read again. An app extends it with the rules of its own rows."""

    row: Row
    verb: str
    note: str = ""
    before: dict[str, Any] = field(default_factory=dict)
    """The recorded state before the change; read from the row unless it was read with others."""
    stored: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.before = self.before or state_of(self.row)
        self.stored = self._columns()

    @property
    def name(self) -> str:
        return str(self.row._meta.verbose_name)

    def refusal(self, version: int | None) -> ValidationError | None:
        """Return the reason that the row cannot be changed at all.

        Args:
            version: the version the actor saw; None where nothing they saw can be out of date.
        """
        return stale(self.row, version)

    def require_state(self, *states: str, to: str) -> None:
        """Raise ValidationError naming the state unless the row is in one of them."""
        row: Any = self.row
        if row.state not in states:
            text = gettext("This {name} is {get_state_display}, so it cannot be {to}.").format(
                name=self.name, get_state_display=row.get_state_display().lower(), to=to
            )
            raise ValidationError(text, code="state")

    def changed_fields(self) -> set[str]:
        return {name for name, value in self._columns().items() if value != self.stored[name]}

    def validate(self) -> None:
        self.row.full_clean()

    def finish(self) -> None:
        """Validate the row, save the fields that differ, record them and check that the actor can still view it."""
        row: Any = self.row
        row.version += 1
        self.validate()
        row.save(update_fields=sorted(self.changed_fields()))
        append(
            actor=self.actor,
            ledger=self.ledger,
            at=self.at,
            verb=self.verb,
            target=row,
            before=self.before,
            note=self.note,
        )
        self.update_related()
        self.require_in_sight()

    def update_related(self) -> None:
        """Change the rows that follow from this one, once it is saved."""

    def require_in_sight(self) -> None:
        _require_in_sight(self.row, self.actor, self.on)
        super().require_in_sight()

    def _columns(self) -> dict[str, Any]:
        return {column.name: getattr(self.row, column.attname) for column in self.row._meta.concrete_fields}


@contextmanager
def adding(*, actor: Actor, ledger_id: int, at: datetime) -> Iterator[Addition]:
    """Open a ledger for new rows.

    Raises:
        PermissionDenied: on leaving, when the actor could not view a row that was added.
    """
    with writing(ledger_id) as ledger:
        addition = Addition(actor=actor, at=at, ledger=ledger, rights=rights_of(actor, london_date(at)))
        yield addition
        addition.require_in_sight()


@contextmanager
def changing(
    *, actor: Actor, row: Row, at: datetime, verb: str, version: int | None = None, note: str = ""
) -> Iterator[Change[Row]]:
    """Open a row for change; on leaving, validate it, save the fields that differ and record them.

    Args:
        row: a row with a `version`, whose manager has `visible_to`.
        version: the version the actor saw; None where nothing they saw can be out of date (commands, replays).

    Raises:
        ValidationError: code `conflict` when the row was changed since that version; keyed by field when a new
            value is not valid.
        PermissionDenied: when the actor could no longer view the row after the change.
    """
    with writing(_ledger_id(row)) as ledger:
        rights = rights_of(actor, london_date(at))
        locked = locked_row(row=row)
        change = Change(actor=actor, at=at, ledger=ledger, rights=rights, row=locked, verb=verb, note=note)
        if (refusal := change.refusal(version)) is not None:
            raise refusal
        yield change
        change.finish()


def locked_row(*, row: Row, joined: tuple[str, ...] = ()) -> Row:
    """Lock a row and read it again, with the rows between it and its ledger.

    Args:
        joined: further relations to read with it.
    """
    rows: Any = model_of(row)._default_manager
    locked: Row = rows.select_for_update(of=("self",)).select_related(_path(row), *joined).get(pk=row.pk)
    return locked


def _path(row: Tracked) -> str:
    assert row.ledger_path is not None, f"{row._meta.label} belongs to no partnership's ledger"
    return row.ledger_path.removesuffix("__ledger")


def _ledger_id(row: Tracked) -> int:
    owner: Any = row
    for step in _path(row).split("__"):
        owner = getattr(owner, step)
    return int(owner.ledger_id)


def _require_in_sight(row: Tracked, actor: Actor, on: date) -> None:
    rows: Any = model_of(row)._default_manager
    if not rows.visible_to(actor, on).filter(pk=row.pk).exists():
        raise PermissionDenied(OUT_OF_SIGHT.format(name=row._meta.verbose_name))
