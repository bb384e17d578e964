"""What undoing an import would do, read from the ledger: rows to remove, rows to change back, rows that remain."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.translation import gettext

from audit.actors import Actor
from audit.models import Entry, Tracked
from audit.services import system_ledger
from audit.state import states_of
from importing.engine.services.flow import Importer
from web.language import lazy_text

CHANGED = lazy_text("It was changed after the import.")
GONE = lazy_text("It was removed after the import.")
PART = lazy_text("It belongs to a record that remains.")
# In the note of an import, where the name of its file ends.
FILE_ENDS = ", SHA-256 "
SHOWN = 10
ROWS_PER_QUERY = 500
Key = tuple[type[Tracked], int]


@dataclass(kw_only=True)
class Step:
    """What an import did to one row.

    Attributes:
        label: what the ledger calls the row.
        before: the fields that the import changed, as they were; None when it added the row.
        after: the row's recorded state at the end of the import.
        row: the row as it is now; None when it is gone.
        reason: why the row remains as it is; empty when the import of it can be undone.
        is_part: whether the row belongs to another row of the import, which people know it by.
    """

    model: type[Tracked]
    pk: int
    label: str
    before: dict[str, Any] | None
    after: dict[str, Any]
    row: Tracked | None = None
    reason: str = ""
    is_part: bool = False

    @property
    def key(self) -> Key:
        return self.model, self.pk

    @property
    def kind(self) -> str:
        return str(self.model._meta.verbose_name)


@dataclass(kw_only=True)
class Reversal:
    """What undoing an import would do. The steps are in the order of the import."""

    entry: Entry
    steps: Sequence[Step] = field(default_factory=list)

    @property
    def removals(self) -> list[Step]:
        """The rows that would be removed, without their parts."""
        return [step for step in self.steps if step.before is None and not (step.reason or step.is_part)]

    @property
    def restorations(self) -> list[Step]:
        """The rows that would be changed back, without their parts."""
        return [step for step in self.steps if step.before is not None and not (step.reason or step.is_part)]

    @property
    def remaining(self) -> list[Step]:
        """The rows that would remain, without those that are gone and the parts of others."""
        return [step for step in self.steps if step.reason and step.reason not in {GONE, PART}]

    @property
    def changes_anything(self) -> bool:
        return any(not step.reason for step in self.steps)

    @property
    def summary(self) -> str:
        numbers = (
            ("removed", len(self.removals)),
            ("changed back", len(self.restorations)),
            ("remaining", len(self.remaining)),
        )
        return ", ".join(f"{label} {number}" for label, number in numbers)


def undone_verb(*, importer: Importer[Any]) -> str:
    """Return the verb of the ledger's entry about undoing an import of this kind."""
    return f"{importer.verb.partition('.')[0]}.import_undone"


@dataclass(frozen=True)
class PastImport:
    """An import into a target, as the ledger has it.

    Attributes:
        entry: the ledger's entry about the whole import.
        undone: whether somebody has undone it.
    """

    entry: Entry
    undone: bool

    @property
    def filename(self) -> str:
        return self.entry.note.partition(FILE_ENDS)[0]

    @property
    def rows(self) -> int:
        """How many rows of the file there were."""
        return sum(int(number) for number in re.findall(r"\d+", self.counts))

    @property
    def counts(self) -> str:
        """Numbers of rows by outcome, without those that are 0."""
        numbers = self.entry.note.rpartition(": ")[2].split(", ")
        return ", ".join(number for number in numbers if not number.endswith(" 0"))


def past_imports(*, importer: Importer[Any], target: Tracked) -> list[PastImport]:
    """Return the newest imports into a target."""
    entries = Entry.objects.filter(
        ledger=importer.ledger_id, target_type=target._meta.label_lower, target_id=str(target.pk)
    ).order_by("-sequence")
    undone = set(entries.filter(verb=undone_verb(importer=importer)).values_list("note", flat=True))
    numbers = {note.partition(":")[0] for note in undone}
    return [
        PastImport(entry, import_name(entry=entry) in numbers)
        for entry in entries.filter(verb=importer.verb)[:SHOWN]
    ]


def import_name(*, entry: Entry) -> str:
    """Return how the ledger's note names an import that was undone."""
    return f"Import in entry {entry.sequence}"


def read_reversal(*, actor: Actor, importer: Importer[Any], entry: Entry) -> Reversal:
    """Return what undoing an import would do. Nothing is written.

    A row remains when it was changed after the import, when another record uses it, or when it belongs to a row that
    remains. The number of queries does not grow with the rows, but for batches.

    Args:
        entry: the ledger's entry about the whole import.
    """
    steps = _steps(importer, entry)
    by_key = {step.key: step for step in steps}
    for model in dict.fromkeys(step.model for step in steps):
        _compare([step for step in steps if step.model is model])
    for step in steps:
        if step.row is not None and not step.reason:
            step.reason = importer.why_not_undo(actor=actor, row=step.row)
    _follow(steps, by_key)
    return Reversal(entry=entry, steps=steps)


def _steps(importer: Importer[Any], entry: Entry) -> list[Step]:
    """Merge the entries of the import into one step for each row. Its target itself is no row of it."""
    steps: dict[tuple[str, str], Step] = {}
    for each in _entries_of(importer, entry):
        key = (each.target_type, each.target_id)
        if key == (entry.target_type, entry.target_id) or each.state is None:
            continue
        old = {name: values[0] for name, values in each.changes.items()}
        if key in steps:
            step = steps[key]
            if step.before is not None:
                step.before = {**old, **step.before}
            step.after = each.state
            continue
        model = apps.get_model(each.target_type)
        is_new = model._meta.pk.name in old
        steps[key] = Step(
            model=model,
            pk=int(each.target_id),
            label=each.target_label,
            before=None if is_new else old,
            after=each.state,
        )
    for step in steps.values():
        if step.before is not None:
            step.before.pop("version", None)
    return [step for step in steps.values() if step.before is None or step.before]


def _entries_of(importer: Importer[Any], entry: Entry) -> Iterator[Entry]:
    """Yield the entries of the import's act: those of accounts, then those of the partnership, which lie together."""
    yield from Entry.objects.filter(ledger=system_ledger(), act=entry.act, at__gte=entry.at).order_by(
        "sequence"
    )
    others = Entry.objects.filter(ledger=importer.ledger_id, sequence__lt=entry.sequence).exclude(
        act=entry.act
    )
    last = others.order_by("-sequence").values_list("sequence", flat=True).first() or 0
    yield from Entry.objects.filter(
        ledger=importer.ledger_id, act=entry.act, sequence__gt=last, sequence__lte=entry.sequence
    ).order_by("sequence")


def chunks(*, items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Yield the items in parts that fit into one query."""
    for start in range(0, len(items), ROWS_PER_QUERY):
        yield items[start : start + ROWS_PER_QUERY]


def _compare(steps: list[Step]) -> None:
    """Read the rows of one model, and see which are no longer as the import left them."""
    model = steps[0].model
    path = (model.ledger_path or "").removesuffix("ledger").removesuffix("__")
    rows = model._base_manager.select_related(path) if path else model._base_manager.all()
    row_by_pk: dict[int, Tracked] = {}
    for pks in chunks(items=[step.pk for step in steps]):
        row_by_pk |= {row.pk: row for row in rows.filter(pk__in=pks)}
    states = dict(zip(row_by_pk, states_of(list(row_by_pk.values())), strict=True))
    for step in steps:
        step.row = row_by_pk.get(step.pk)
        if step.row is None:
            step.reason = GONE
        elif any(
            states[step.pk][name] != value
            for name, value in step.after.items()
            if name != "version" and name in states[step.pk]
        ):
            step.reason = CHANGED
    for name in {name for step in steps for name in step.before or ()}:
        _require_named(steps, model._meta.get_field(name))


def _require_named(steps: Iterable[Step], column: Any) -> None:
    """Keep a row as it is when what a field named before the import is no longer there."""
    if not column.is_relation:
        return
    named = {
        pk
        for step in steps
        if step.before and (value := step.before.get(column.name))
        for pk in (value if isinstance(value, list) else [value])
    }
    here = set(column.related_model._base_manager.filter(pk__in=named).values_list("pk", flat=True))
    for step in steps:
        value = (step.before or {}).get(column.name)
        if value and not here.issuperset(value if isinstance(value, list) else [value]):
            step.reason = step.reason or gettext("Its earlier {verbose_name} is no longer there.").format(
                verbose_name=column.verbose_name
            )


def _follow(steps: list[Step], by_key: dict[Key, Step]) -> None:
    """Keep rows that others use, and rows that belong to one that remains, until nothing more follows."""
    uses = {
        model: _uses_of(model, [step for step in steps if step.model is model and step.before is None])
        for model in dict.fromkeys(step.model for step in steps)
    }
    for step in steps:
        step.is_part = step.row is not None and _owner_of(step) in by_key
    while True:
        before = [step.reason for step in steps]
        for step in steps:
            if step.reason:
                continue
            owner = by_key.get(_owner_of(step))
            if owner is not None and owner.reason:
                step.reason = PART
            for user, name in uses[step.model].get(step.pk, ()):
                if not _lets_go(_step_of(by_key, user), name):
                    step.reason = gettext("It is used by “{user}”.").format(user=user)
        if before == [step.reason for step in steps]:
            return


def _step_of(by_key: dict[Key, Step], row: models.Model) -> Step | None:
    model: Any = row._meta.model
    return by_key.get((model, row.pk)) if isinstance(row, Tracked) else None


def _lets_go(step: Step | None, name: str) -> bool:
    """Return whether a row would no longer use another by this field."""
    if step is None or step.reason:
        return False
    return step.before is None or name in step.before


def _owner_of(step: Step) -> Any:
    """Return the key of the row that this one belongs to, by the path to its ledger."""
    first, _, rest = (step.model.ledger_path or "").partition("__")
    if "__" not in rest:
        return None
    return step.model._meta.get_field(first).related_model, getattr(step.row, f"{first}_id")


def _uses_of(model: type[Tracked], steps: list[Step]) -> dict[int, list[tuple[models.Model, str]]]:
    """Return the rows that use each added row, with the field that names it. What belongs to an account goes with it."""
    uses: dict[int, list[tuple[models.Model, str]]] = {}
    for relation in model._meta.related_objects if steps else ():
        other, name = relation.related_model, relation.field.name
        goes_along = getattr(relation, "on_delete", None) is models.CASCADE and not issubclass(other, Tracked)
        if goes_along:
            continue
        for pks in chunks(items=[step.pk for step in steps]):
            pairs = list(other._base_manager.filter(**{f"{name}__in": pks}).values_list(name, "pk"))
            rows = other._base_manager.in_bulk({pk for _, pk in pairs}) if pairs else {}
            for used, pk in pairs:
                uses.setdefault(used, []).append((rows[pk], name))
    return uses
