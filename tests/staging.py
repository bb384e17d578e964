"""What services made once in this process, put up again in a few statements instead of hundreds of queries.

A ledger's digest covers all that ever happened in it, so the digests and the entries' ids tell one stage from another:
what a builder does is done again only on the stage it was first seen on, with the ids of the first time. Where one of
these is taken all the same, by a row that no entry tells of, it is built anew: SQLite's ids go back with a transaction.
"""

import copy
import dataclasses
import inspect
import pickle
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import suppress
from functools import partial, wraps
from typing import Any, Generic, NamedTuple, ParamSpec, TypeVar

from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import Model, Sum

from audit.models import Entry, Ledger
from tests.guards import table_written

CastT = TypeVar("CastT")
P = ParamSpec("P")
R = TypeVar("R")
Row = tuple[Any, ...]


class Table(NamedTuple):
    """A model's table as the database keeps it: going round the model, rows cost next to nothing to read and write."""

    name: str
    columns: list[str]
    key: str

    @classmethod
    def named(cls, name: str) -> "Table":
        model = next(
            each for each in apps.get_models(include_auto_created=True) if each._meta.db_table == name
        )
        quote = connection.ops.quote_name
        fields = [field for field in model._meta.concrete_fields if not field.generated]
        pk = model._meta.pk
        ordered = [pk, *(field for field in fields if field is not pk)]
        return cls(quote(name), [quote(field.column) for field in ordered], quote(pk.column))

    def rows(self) -> dict[Any, Row]:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(self.columns)} FROM {self.name} ORDER BY {self.key}")
            return {row[0]: row for row in cursor.fetchall()}

    def differences(self, before: dict[Any, Row], after: dict[Any, Row]) -> Iterator[tuple[str, list[Any]]]:
        """The statements that make one of the other."""
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
    """Watches a builder and knows afterwards what it did to the database."""

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


def put_back(statements: Iterable[tuple[str, list[Any]]]) -> None:
    """Together: where each statement is its own transaction, a row may come before the one it names."""
    with transaction.atomic(), connection.cursor() as cursor:
        for sql, values in statements:
            cursor.execute(sql, values)


def kept(value: R) -> Callable[[], R]:
    """Return what gives copies of it as it is now."""
    try:
        return partial(pickle.loads, pickle.dumps(value))
    except (AttributeError, TypeError, pickle.PicklingError):
        return partial(copy.deepcopy, copy.deepcopy(value))


class Scene(NamedTuple, Generic[R]):
    """What a builder did, and what it returned."""

    statements: list[tuple[str, list[Any]]]
    result: Callable[[], R]

    def put_up(self) -> R:
        put_back(self.statements)
        return self.result()


def played(build: Callable[[], R]) -> tuple[R, Scene[R]]:
    recorder = Recorder()
    with connection.execute_wrapper(recorder):
        result = build()
    return result, Scene(recorder.statements(), kept(result))


class Snapshot(Generic[CastT]):
    """A cast, built the first time it is asked for."""

    def __init__(self, build: Callable[[], CastT]) -> None:
        self.build = build
        self.scene: Scene[CastT] | None = None

    def put_up(self) -> CastT:
        if self.scene is None:
            result, self.scene = played(self.build)
            return result
        return self.scene.put_up()


def _known(value: Any) -> Hashable:
    """What tells this argument from every other: a row is known by its key, not by its name."""
    if isinstance(value, Model):
        return value._meta.label, value.pk
    if isinstance(value, list | tuple):
        return tuple(map(_known, value))
    if isinstance(value, dict):
        return tuple((name, _known(value[name])) for name in sorted(value))
    if dataclasses.is_dataclass(value):
        return tuple(_known(getattr(value, field.name)) for field in dataclasses.fields(value))
    return value if isinstance(value, Hashable) else repr(value)


def _rows(values: Iterable[Any]) -> str:
    """The actions and findings among the arguments as they are kept: tests put some into a state without a service."""
    return repr(
        [
            value._meta.base_manager.filter(pk=value.pk).values_list().first()
            for value in values
            if isinstance(value, Model) and value._meta.app_label in {"actions", "inspections"}
        ]
    )


def _in_memory(values: Iterable[Any]) -> list[dict[str, Any]]:
    """The rows among a builder's arguments as they are now, to see whether it changes them."""
    return [
        {field.attname: value.__dict__.get(field.attname) for field in value._meta.concrete_fields}
        for value in values
        if isinstance(value, Model)
    ]


def _stage() -> Hashable:
    """What tells a stage from every other: the same story may have been entered with other ids."""
    ids = Entry.objects.aggregate(ids=Sum("pk"))["ids"]
    return frozenset(Ledger.objects.values_list("pk", "digest")), ids


class Stage:
    """Remembers what builders did, each on the stage it found."""

    def __init__(self) -> None:
        self.scenes: dict[Hashable, Scene[Any]] = {}

    def remembered(self, build: Callable[P, R]) -> Callable[P, R]:
        """Decorate a builder, or a fixture, whose rows depend on its arguments alone, the cast being the first of them."""
        signature = inspect.signature(build)

        @wraps(build)
        def put_up(*args: P.args, **kwargs: P.kwargs) -> R:
            given = dict(list(signature.bind(*args, **kwargs).arguments.items())[1:])
            values = [*given.values(), *given.get("fields", {}).values()]
            key = (build.__module__, build.__name__, _known(given), _rows(values), _stage())
            if key in self.scenes:
                with suppress(IntegrityError):
                    return self.scenes[key].put_up()  # type: ignore[no-any-return]
            before = _in_memory(values)
            result, scene = played(lambda: build(*args, **kwargs))
            if _in_memory(values) == before:
                self.scenes[key] = scene
            return result

        return put_up
