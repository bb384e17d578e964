"""What the services made once in this process, set up again in a few inserts instead of hundreds of queries.

The ids are the ones of the first time. PostgreSQL's sequences never go back, so they collide with nothing.
"""

import copy
import dataclasses
from collections.abc import Callable, Hashable, Iterable
from functools import wraps
from typing import Any, Generic, NamedTuple, ParamSpec, TypeVar

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model, QuerySet

from actions.models import Pillar, Plan
from audit.models import Entry, Ledger
from partners.models import Area, Membership, Organisation, Partnership, User

BASE = (Ledger, Partnership, Area, Organisation, User, Membership, Plan, Pillar, Entry)
CastT = TypeVar("CastT")
P = ParamSpec("P")
R = TypeVar("R")


def heads() -> dict[int, int]:
    """How far each ledger has come."""
    return dict(Ledger.objects.values_list("pk", "sequence"))


class Rows(NamedTuple):
    """Rows of one table as the database keeps them: going round the models, they cost next to nothing to set up."""

    insertion: str
    values: list[Any]

    @classmethod
    def of(cls, queryset: QuerySet[Any]) -> "Rows | None":
        names = [field.column for field in queryset.model._meta.concrete_fields]
        keys = list(queryset.order_by("pk").values_list("pk", flat=True))
        if not keys:
            return None
        quoted = ", ".join(map(connection.ops.quote_name, names))
        table = connection.ops.quote_name(queryset.model._meta.db_table)
        key = connection.ops.quote_name(queryset.model._meta.pk.column)
        wanted = ", ".join(["%s"] * len(keys))
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {quoted} FROM {table} WHERE {key} IN ({wanted}) ORDER BY {key}", keys)
            found = cursor.fetchall()
        row = f"({', '.join(['%s'] * len(names))})"
        insertion = f"INSERT INTO {table} ({quoted}) VALUES {', '.join([row] * len(found))}"
        return cls(insertion, [value for values in found for value in values])


def rows_of(querysets: Iterable[QuerySet[Any]]) -> list[Rows]:
    return [rows for rows in map(Rows.of, querysets) if rows]


def put_back(rows: Iterable[Rows]) -> None:
    """Insert them together: where each statement is its own transaction, a row may come before the one it names."""
    with transaction.atomic(), connection.cursor() as cursor:
        for each in rows:
            cursor.execute(each.insertion, each.values)


class Snapshot(Generic[CastT]):
    """A cast and its rows, taken the first time it is asked for."""

    def __init__(self, build: Callable[[], CastT]) -> None:
        self.build = build
        self.cast: CastT | None = None
        self.rows: list[Rows] = []
        self.heads: dict[int, int] = {}

    def put_up(self) -> CastT:
        if self.cast is None:
            self.cast = self.build()
            self.rows = rows_of(model._base_manager.all() for model in BASE)
            self.heads = heads()
        else:
            put_back(self.rows)
        return copy.deepcopy(self.cast)


def _known(value: Any) -> Hashable:
    """What tells this argument from every other: a row is known by its key, not by its name."""
    if isinstance(value, Model):
        return value._meta.label, value.pk
    if isinstance(value, list | tuple):
        return tuple(map(_known, value))
    if dataclasses.is_dataclass(value):
        return tuple(_known(getattr(value, field.name)) for field in dataclasses.fields(value))
    return value if isinstance(value, Hashable) else repr(value)


class Scene(NamedTuple):
    """What a builder added to the cast, and what it returned."""

    rows: list[Rows]
    heads: list[Ledger]
    result: Any


class Stage:
    """Remembers what builders did on a stage where nothing else had happened."""

    def __init__(self, snapshot: Snapshot[Any]) -> None:
        self.snapshot = snapshot
        self.scenes: dict[Hashable, Scene] = {}

    def remembered(self, build: Callable[P, R]) -> Callable[P, R]:
        """Decorate a builder whose rows depend on its arguments alone, the cast being the first of them."""

        @wraps(build)
        def put_up(*args: P.args, **kwargs: P.kwargs) -> R:
            key = (build.__module__, build.__name__, _known(args[1:]), _known(sorted(kwargs.items())))
            if heads() != self.snapshot.heads:
                return build(*args, **kwargs)
            if key not in self.scenes:
                result = build(*args, **kwargs)
                self.scenes[key] = self._scene(result)
                return result
            scene = self.scenes[key]
            put_back(scene.rows)
            for head in scene.heads:
                head.save(force_update=True)
            return copy.deepcopy(scene.result)  # type: ignore[no-any-return]

        return put_up

    def _scene(self, result: Any) -> Scene:
        apart = (
            model for app in ("actions", "inspections") for model in apps.get_app_config(app).get_models(True)
        )
        grown = [head for head in Ledger.objects.all() if head.sequence > self.snapshot.heads.get(head.pk, 0)]
        entries = [
            Entry.objects.filter(ledger=head, sequence__gt=self.snapshot.heads.get(head.pk, 0))
            for head in grown
        ]
        rows = [model._base_manager.all() for model in apart if model not in BASE]
        return Scene(rows_of([*rows, *entries]), grown, copy.deepcopy(result))
