"""Rows that services wrote once in this process, restored in a few statements instead of hundreds of queries.

A ledger's digest covers everything that ever happened in it, so the digests and the entries' ids identify the state of
the database. A snapshot is only restored in the state it was taken in, with the same ids. Where one of those ids is in use
all the same, by a row that no entry records, the rows are built again: SQLite's ids go back with a transaction.
"""

import copy
import dataclasses
import inspect
import pickle
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import suppress
from datetime import time
from functools import partial, wraps
from typing import Any, Generic, NamedTuple, ParamSpec, TypeVar

from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import Model, Sum

from audit.models import Entry, Ledger
from tests.support.guards import table_written

P = ParamSpec("P")
R = TypeVar("R")
Row = tuple[Any, ...]


def _as_parameter(value: Any) -> Any:
    """Return a value as it can be written again: SQLite reads a time of day and does not take one."""
    return connection.ops.adapt_timefield_value(value) if isinstance(value, time) else value


class Table(NamedTuple):
    """A model's table as the database stores it. Without the model, rows cost next to nothing to read and write."""

    name: str
    columns: list[str]
    key: str

    @classmethod
    def named(cls, name: str) -> "Table":
        model = next(
            model for model in apps.get_models(include_auto_created=True) if model._meta.db_table == name
        )
        quote = connection.ops.quote_name
        fields = [field for field in model._meta.concrete_fields if not field.generated]
        pk = model._meta.pk
        ordered = [pk, *(field for field in fields if field is not pk)]
        return cls(quote(name), [quote(field.column) for field in ordered], quote(pk.column))

    def rows(self) -> dict[Any, Row]:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(self.columns)} FROM {self.name} ORDER BY {self.key}")
            return {row[0]: tuple(map(_as_parameter, row)) for row in cursor.fetchall()}

    def differences(self, before: dict[Any, Row], after: dict[Any, Row]) -> Iterator[tuple[str, list[Any]]]:
        """Yield the statements that turn the rows `before` into the rows `after`."""
        changed = ", ".join(f"{column} = %s" for column in self.columns)
        for key in before.keys() - after.keys():
            yield f"DELETE FROM {self.name} WHERE {self.key} = %s", [key]
        for key in before.keys() & after.keys():
            if before[key] != after[key]:
                yield f"UPDATE {self.name} SET {changed} WHERE {self.key} = %s", [*after[key], key]
        if new := [row for key, row in after.items() if key not in before]:
            row = f"({', '.join(['%s'] * len(self.columns))})"
            yield (
                f"INSERT INTO {self.name} ({', '.join(self.columns)}) VALUES {', '.join([row] * len(new))}",
                [value for values in new for value in values],
            )


class Recorder:
    """Watches a builder at work and reports what it changed in the database."""

    def __init__(self) -> None:
        self.before: dict[str, tuple[Table, dict[Any, Row]]] = {}

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        name = table_written(sql)
        if name and name not in self.before:
            table = Table.named(name)
            self.before[name] = table, table.rows()
        return execute(sql, params, many, context)

    def statements(self) -> list[tuple[str, list[Any]]]:
        return [
            statement
            for table, before in self.before.values()
            for statement in table.differences(before, table.rows())
        ]


def copier(value: R) -> Callable[[], R]:
    """Return a function that gives copies of the value as it is now."""
    try:
        return partial(pickle.loads, pickle.dumps(value))
    except (AttributeError, TypeError, pickle.PicklingError):
        return partial(copy.deepcopy, copy.deepcopy(value))


class Snapshot(NamedTuple, Generic[R]):
    """What a builder did to the database, and a copy of what it returned."""

    statements: list[tuple[str, list[Any]]]
    copy_result: Callable[[], R]

    def restore(self) -> R:
        """Write the rows again, in one transaction: a row may come before the row it refers to."""
        with transaction.atomic(), connection.cursor() as cursor:
            for sql, values in self.statements:
                cursor.execute(sql, values)
        return self.copy_result()


def take_snapshot(build: Callable[[], R]) -> tuple[R, Snapshot[R]]:
    """Run the builder; return its result and a snapshot that has the same effect."""
    recorder = Recorder()
    with connection.execute_wrapper(recorder):
        result = build()
    return result, Snapshot(recorder.statements(), copier(result))


class LazySnapshot(Generic[R]):
    """A snapshot of what `build` does to an empty database, taken the first time it is restored."""

    def __init__(self, build: Callable[[], R]) -> None:
        self.build = build
        self.snapshot: Snapshot[R] | None = None

    def restore(self) -> R:
        if self.snapshot is None:
            result, self.snapshot = take_snapshot(self.build)
            return result
        return self.snapshot.restore()


def _identity(value: Any) -> Hashable:
    """What distinguishes this argument from every other: a row is identified by its key, not by its name."""
    if isinstance(value, Model):
        return value._meta.label, value.pk
    if isinstance(value, list | tuple):
        return tuple(map(_identity, value))
    if isinstance(value, dict):
        return tuple((name, _identity(value[name])) for name in sorted(value))
    if dataclasses.is_dataclass(value):
        return tuple(_identity(getattr(value, field.name)) for field in dataclasses.fields(value))
    return value if isinstance(value, Hashable) else repr(value)


def _stored_rows(values: Iterable[Any]) -> str:
    """The actions and recommendations among the arguments as stored: some tests change them without a service."""
    return repr(
        [
            value._meta.base_manager.filter(pk=value.pk).values_list().first()
            for value in values
            if isinstance(value, Model)
            and value._meta.app_label in {"actions", "inspections"}
            and value._meta.model_name not in {"plan", "pillar"}
        ]
    )


def _rows_in_memory(values: Iterable[Any]) -> list[dict[str, Any]]:
    """The rows among a builder's arguments as they are in memory, to see whether it changes them."""
    return [
        {field.attname: value.__dict__.get(field.attname) for field in value._meta.concrete_fields}
        for value in values
        if isinstance(value, Model)
    ]


def _database_state() -> Hashable:
    """What distinguishes this state of the database: the same events may have been recorded under other ids."""
    ids = Entry.objects.aggregate(ids=Sum("pk"))["ids"]
    return frozenset(Ledger.objects.values_list("pk", "digest")), ids


_snapshots: dict[Hashable, Snapshot[Any]] = {}


def reuse_snapshot(build: Callable[P, R]) -> Callable[P, R]:
    """Decorate a builder, or a fixture, whose rows depend on its arguments alone, the cast being the first of them.

    The first call with given arguments, in a given state of the database, runs the builder; later ones restore its rows.
    """
    signature = inspect.signature(build)

    @wraps(build)
    def build_or_restore(*args: P.args, **kwargs: P.kwargs) -> R:
        arguments = dict(list(signature.bind(*args, **kwargs).arguments.items())[1:])
        values = [*arguments.values(), *arguments.get("fields", {}).values()]
        key = (
            build.__module__,
            build.__qualname__,
            _identity(arguments),
            _stored_rows(values),
            _database_state(),
        )
        if key in _snapshots:
            with suppress(IntegrityError):
                return _snapshots[key].restore()  # type: ignore[no-any-return]
        before = _rows_in_memory(values)
        result, snapshot = take_snapshot(lambda: build(*args, **kwargs))
        if _rows_in_memory(values) == before:
            _snapshots[key] = snapshot
        return result

    return build_or_restore
