"""Adding, changing and correcting records: the same steps for every kind of record."""

from datetime import datetime
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from actions.core.models import Action
from audit.actors import Actor
from audit.services import writing
from audit.state import model_of
from partners.changing.services import Addition, adding, changing
from programme.records.models import Fact, Record
from programme.records.policies import why_not_manage, why_not_publish

Row = TypeVar("Row", bound=Record)
PUBLICATION = ("publication", "exemption", "withheld_reason", "public_interest")
# Set by the record itself, never by the caller.
FIXED = frozenset({"id", "partnership", "version", "is_current", "supersedes"})


def save_record(*, actor: Actor, row: Row, at: datetime, version: int | None = None, **fields: Any) -> Row:
    """Add a record, if it has no id; change one of a register; or correct a fact by a new record.

    Args:
        fields: the fields to set, by name. What is left out stays as it is.

    Returns:
        The record as it is now; for a correction the new record.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans, or reports for an organisation of the record.
        ValidationError: keyed by field; code `conflict` when it changed meanwhile; code `state` for a fact that was
            corrected already.
    """
    unknown = sorted(fields.keys() - set(_settable(row)))
    if unknown:
        raise TypeError(f"save_record cannot set {', '.join(unknown)}")
    name = row._meta.model_name
    if row._state.adding:
        with adding(actor=actor, ledger_id=row.partnership.ledger_id, at=at) as addition:
            _set(addition, row, fields)
            addition.add(f"{name}.added", row)
        return row
    if isinstance(row, Fact):
        return _correct(actor, row, at, version, fields)
    with changing(actor=actor, row=row, at=at, verb=f"{name}.changed", version=version) as change:
        change.forbid(change.row.why_not_save(change.rights))
        _set(change, change.row, fields)
    return change.row


def _correct(actor: Actor, row: Row, at: datetime, version: int | None, fields: dict[str, Any]) -> Row:
    """Add a record in the place of a fact, which stays for the record."""
    verb = row._meta.model_name
    with writing(row.partnership.ledger_id):
        with changing(actor=actor, row=row, at=at, verb=f"{verb}.corrected", version=version) as change:
            old: Any = change.row
            change.forbid(old.why_not_save(change.rights))
            if not old.is_current:
                raise ValidationError(
                    gettext("This record was corrected already. Correct the newest record."), code="state"
                )
            old.is_current = False
        new = model_of(row)(partnership=old.partnership, supersedes=old)
        settable = _settable(row).values()
        for name in settable:
            setattr(new, name, getattr(old, name))
        before = [getattr(new, name) for name in settable]
        with adding(actor=actor, ledger_id=old.partnership.ledger_id, at=at) as addition:
            if why_not_manage(addition.rights, old.partnership_id):
                # Whoever reports a new figure does not decide that it is published.
                new.publication = Action.Publication.UNDECIDED
                new.exemption = new.withheld_reason = new.public_interest = ""
            _set(addition, new, fields)
            if [getattr(new, name) for name in settable] == before:
                raise ValidationError(gettext("Nothing has changed. Enter what is correct."))
            addition.add(f"{verb}.added", new)
    return new


def _settable(row: Record) -> dict[str, str]:
    """Return the fields that may be set, each with the name of its column."""
    fixed = FIXED | row.set_apart
    return {field.name: field.attname for field in row._meta.concrete_fields if field.name not in fixed}


def _set(addition: Addition, row: Record, fields: dict[str, Any]) -> None:
    before = tuple(getattr(row, name) for name in PUBLICATION)
    for name, value in fields.items():
        setattr(row, name, value)
    addition.forbid(row.why_not_save(addition.rights))
    if tuple(getattr(row, name) for name in PUBLICATION) != before:
        addition.forbid(why_not_publish(addition.rights, row.partnership_id))
    if row.as_at is not None and row.as_at > addition.on:
        raise ValidationError({"as_at": gettext("Enter a date that is today or in the past.")})
