"""Undo an import: remove the rows it added and change back those it changed, if nothing else happened to them."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy

from audit.actors import Actor
from audit.clock import london_date
from audit.models import Entry, Tracked
from audit.policies import forbid
from audit.screening import keeping
from audit.services import Item, append, append_many, system_ledger, writing
from audit.state import states_of
from importing.engine.services.flow import Importer
from importing.engine.services.reversal import (
    FILE_ENDS,
    Reversal,
    Step,
    chunks,
    import_name,
    read_reversal,
    undone_verb,
)

NOTHING = gettext_lazy("Nothing of this import can be undone.")


def undo_import(
    *, actor: Actor, importer: Importer[Any], target: Tracked, entry: Entry, at: datetime
) -> Reversal:
    """Undo an import in one transaction, and return what was done. Rows with a reason to remain are left alone.

    Args:
        target: the row that the file was imported into.
        entry: the ledger's entry about the whole import.

    Raises:
        PermissionDenied: unless the actor may run this import.
        ValidationError: code `state` when nothing of it can be undone.
    """
    forbid(importer.why_not_import(actor=actor, on=london_date(at)))
    with ExitStack() as stack:
        ledger = stack.enter_context(writing(importer.ledger_id))
        reversal = read_reversal(actor=actor, importer=importer, entry=entry)
        if not reversal.changes_anything:
            raise ValidationError(NOTHING, code="state")
        accounts = stack.enter_context(writing(system_ledger().pk))
        stack.enter_context(keeping(lambda: "It was in the record before the import that was undone"))
        note = import_name(entry=entry)
        before = states_of([target])[0]
        for group in _groups(reversal.steps):
            items = _restore(group, note) if group[0].before is not None else _removals(group, note)
            own = accounts if group[0].model.ledger_path is None else ledger
            append_many(actor=actor, ledger=own, at=at, items=items)
            if group[0].before is None:
                _delete(group)
        file = reversal.entry.note.partition(FILE_ENDS)[0]
        append(
            actor=actor,
            ledger=ledger,
            at=at,
            verb=undone_verb(importer=importer),
            target=target,
            before=before,
            note=f"{note}: {file}: {reversal.summary}",
        )
    return reversal


def _groups(steps: Sequence[Step]) -> Iterator[list[Step]]:
    """Yield the steps from last to first, those of one model and kind together: what came later refers to the rest."""
    undone = [step for step in reversed(steps) if not step.reason]
    for _, group in groupby(undone, key=lambda step: (step.model, step.before is None)):
        yield list(group)


def _restore(steps: Sequence[Step], note: str) -> list[Item]:
    """Save the rows of one model with the values they had, and return their entries."""
    model = steps[0].model
    rows: list[Any] = [step.row for step in steps]
    states = states_of(rows)
    names: set[str] = set()
    for row, step in zip(rows, steps, strict=True):
        names |= _set(row, step.before or {})
    if names:
        model._base_manager.bulk_update(rows, sorted(names), batch_size=200)
    verb = f"{model._meta.model_name}.import_undone"
    return [
        Item(verb=verb, target=row, before=state, note=note) for row, state in zip(rows, states, strict=True)
    ]


def _set(row: Any, values: dict[str, Any]) -> set[str]:
    """Set the fields of a row to recorded values; return the names of its columns to save."""
    names = set()
    for name, value in values.items():
        column = row._meta.get_field(name)
        if isinstance(column, models.ManyToManyField):
            getattr(row, name).set(value or [])
            continue
        kind = column.target_field if isinstance(column, models.ForeignKey) else column
        setattr(row, column.attname, None if value is None else kind.to_python(value))
        names.add(name)
    if hasattr(row, "version"):
        row.version += 1
        names.add("version")
    return names


def _removals(steps: Sequence[Step], note: str) -> list[Item]:
    """Return the entries of rows about to be deleted."""
    rows = [step.row for step in steps if step.row is not None]
    verb = f"{steps[0].model._meta.model_name}.import_undone"
    return [
        Item(verb=verb, target=row, before=state, note=note, removed=True)
        for row, state in zip(rows, states_of(rows), strict=True)
    ]


def _delete(steps: Sequence[Step]) -> None:
    """Delete rows of one model; those that others of them refer to go after these."""
    model = steps[0].model
    own = [field.name for field in model._meta.fields if field.related_model is model]
    pks = {step.pk for step in steps}
    while pks:
        rows = model._base_manager.filter(pk__in=pks)
        used = {pk for name in own for pk in rows.values_list(name, flat=True)} & pks
        for part in chunks(items=sorted(pks - used)):
            model._base_manager.filter(pk__in=part).delete()
        pks = used
