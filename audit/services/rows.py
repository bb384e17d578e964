"""Comparison of rows with their last entries in the ledger."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, Protocol

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import Max

from audit.models import SYSTEM_LEDGER, Entry, Ledger, Tracked
from audit.state import as_json, states_of

PAGE = 500
RowProblem = tuple[int | None, str]
Newest = tuple[str, str, int]
State = dict[str, Any]
UNREADABLE = (ArithmeticError, TypeError, ValueError, ValidationError)


class Count(Protocol):
    rows: int


def row_problems(*, ledger: Ledger, count: Count) -> Iterator[RowProblem]:
    """Yield (sequence of the last entry about the row or None, what is wrong), and count the rows looked at.

    A field that was added to a model after a row's last entry counts as recorded with its default.
    """
    tracked = _tracked_models()
    spoken_of: Counter[type[Tracked]] = Counter()
    for page in _newest_entries(ledger):
        recorded = _recorded_states(ledger, [sequence for *_, sequence in page])
        for label, entries in groupby(page, key=itemgetter(0)):
            if label in tracked:
                newest = {target_id: sequence for _, target_id, sequence in entries}
                states = _states(_rows(ledger, tracked[label]), _pks(tracked[label], newest))
                spoken_of[tracked[label]] += len(states.keys() & newest.keys())
                yield from _compare(tracked[label], newest, states, recorded)
    for model in _with_rows(tracked.values()):
        there = _rows(ledger, model).count()
        count.rows += there
        if there > spoken_of[model]:
            yield from _unrecorded(ledger, model)


def _tracked_models() -> dict[str, type[Tracked]]:
    tracked = [model for model in apps.get_models() if issubclass(model, Tracked) and not model._meta.proxy]
    return {model._meta.label_lower: model for model in sorted(tracked, key=lambda each: each._meta.label)}


def _with_rows(tracked: Iterable[type[Tracked]]) -> list[type[Tracked]]:
    """Keep the models that have any row in any ledger, in one query."""
    models = list(tracked)
    tables = [connection.ops.quote_name(model._meta.db_table) for model in models]
    filled = ", ".join(f"EXISTS (SELECT 1 FROM {table})" for table in tables)  # noqa: S608  the models' own names
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {filled}")
        return [model for model, has_rows in zip(models, cursor.fetchone(), strict=True) if has_rows]


def _rows(ledger: Ledger, model: type[Tracked]) -> models.QuerySet[Any]:
    rows = model._base_manager.all()
    if model.ledger_path is not None:
        return rows.filter(**{model.ledger_path: ledger})
    return rows if ledger.name == SYSTEM_LEDGER else rows.none()


def _newest_entries(ledger: Ledger) -> Iterator[list[Newest]]:
    """Yield (model, id, sequence of the last entry) of every row that entries speak of, in pages, model by model."""
    rows = Entry.objects.filter(ledger=ledger).order_by().values_list("target_type", "target_id")
    newest = rows.annotate(newest=Max("sequence")).order_by("target_type", "target_id").iterator(PAGE)
    while page := list(islice(newest, PAGE)):
        yield page


def _compare(
    model: type[Tracked],
    newest: dict[str, int],
    states: dict[str, State | None],
    recorded: dict[int, State | None],
) -> Iterator[RowProblem]:
    for target_id, sequence in newest.items():
        if sequence not in recorded:
            continue  # it cannot be read, and the chain's check has named it
        then = recorded[sequence]
        name = f"{model._meta.label_lower} {target_id}"
        if target_id not in states:
            if then is not None:
                yield sequence, f"{name} is gone, but entry {sequence} says it was there"
        elif then is None:
            yield sequence, f"{name} is there, but entry {sequence} says it was removed"
        elif differing := _differing(model, then, states[target_id]):
            yield sequence, f"{name} is not as entry {sequence} says: {', '.join(differing)}"


def _unrecorded(ledger: Ledger, model: type[Tracked]) -> Iterator[RowProblem]:
    """Find the rows without an entry."""
    last: Any = None
    while True:
        rows = _rows(ledger, model).order_by("pk")
        page = list((rows if last is None else rows.filter(pk__gt=last)).values_list("pk", flat=True)[:PAGE])
        entries = Entry.objects.filter(ledger=ledger, target_type=model._meta.label_lower)
        known = set(
            entries.filter(target_id__in=[str(pk) for pk in page]).values_list("target_id", flat=True)
        )
        for pk in page:
            if str(pk) not in known:
                yield None, f"{model._meta.label_lower} {pk} exists, but has no entry"
        if len(page) < PAGE:
            return
        last = page[-1]


def _pks(model: type[Tracked], target_ids: Iterable[str]) -> list[Any]:
    pks = []
    for target_id in target_ids:
        with suppress(ValidationError):
            pks.append(model._meta.pk.to_python(target_id))
    return pks


def _states(rows: models.QuerySet[Any], pks: Sequence[Any]) -> dict[str, State | None]:
    """Return the state of each row by its id, all at once; None for a row that cannot be read."""
    try:
        page = list(rows.filter(pk__in=pks))
        return {str(row.pk): state for row, state in zip(page, states_of(page), strict=True)}
    except UNREADABLE:
        if len(pks) == 1:
            return {str(pks[0]): None}
    states: dict[str, State | None] = {}
    for pk in pks:
        states |= _states(rows, [pk])
    return states


def _recorded_states(ledger: Ledger, sequences: Sequence[int]) -> dict[int, State | None]:
    """Return entries' states by their sequence, without those that cannot be read."""
    try:
        return dict(ledger.entries.filter(sequence__in=sequences).values_list("sequence", "state"))
    except UNREADABLE:
        if len(sequences) == 1:
            return {}
    recorded: dict[int, State | None] = {}
    for sequence in sequences:
        recorded |= _recorded_states(ledger, [sequence])
    return recorded


def _differing(model: type[Tracked], then: Any, now: State | None) -> list[str]:
    """Return the names of the fields that are not as recorded; a field no longer in the model is history."""
    if now is None or not isinstance(then, dict):
        return ["it cannot be read"]
    return [
        name
        for name, value in now.items()
        if value != (then[name] if name in then else _before_it_existed(model, name, value))
    ]


def _before_it_existed(model: type[Tracked], name: str, value: Any) -> Any:
    """Return the default of a field that was added after the row's last entry."""
    field = model._meta.get_field(name)
    if isinstance(field, models.ManyToManyField):
        return []
    assert isinstance(field, models.Field)
    if callable(field.default) and field.default not in {list, dict}:
        return value  # a default that is worked out cannot be known afterwards
    return as_json(field, field.get_default())
