"""The record as it stood at a past moment: inside a context, every query reads rows as their entries describe them.

Each entry holds the state of its row. Inside `reading_as_at` a query gets a WITH clause that gives the name of each
table it reads to the last state of each row by the moment, so querysets, filters, pages and the API stay one code.
Nothing is stored twice, so nothing can differ from the ledger (docs/decisions/0018-as-at.md).
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection, models

from audit import clock
from audit.models import Entry, Tracked
from audit.state import as_json, recorded_fields, recorded_lists

ENTRY = Entry._meta.db_table
NAMES = re.compile(r'"(\w+)"')
SCHEMAS = {"postgresql": "public", "sqlite": "main"}
# What SQLite stores is not what JSON says, for these kinds of column.
SQLITE_FORMS = {
    "DateTimeField": "REPLACE(REPLACE(REPLACE({0}, 'T', ' '), 'Z', ''), '.000000', '')",
    "DecimalField": "CAST({0} AS NUMERIC)",
    "UUIDField": "REPLACE({0}, '-', '')",
}
Seen = Callable[[type[models.Model]], Collection[int] | None]


class Past:
    """One moment, and who reads it.

    Args:
        at: entries up to this moment count.
        seen: returns the ids of a model's rows that the reader may view today; None for all of them.
    """

    def __init__(self, at: datetime, seen: Seen) -> None:
        self.at = at
        self._seen = seen
        self._parts: dict[tuple[str, str], str] = {}
        self._ids: dict[str, Collection[int] | None] = {}

    def execute(self, run: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        """Run a query against the past; refuse one that would write to it."""
        if _past.get() is not self:
            return run(sql, params, many, context)
        tables = _dated_tables()
        named = [name for name in dict.fromkeys(NAMES.findall(sql)) if name in tables]
        if not named:
            return run(sql, params, many, context)
        if not sql.startswith(("SELECT", "(SELECT")):
            raise RuntimeError("The past cannot be changed.")
        columns = frozenset(NAMES.findall(sql))
        parts = ", ".join(self._part(name, tables[name], columns, _hint(name, sql)) for name in named)
        return run(f"WITH {parts} {sql}", params, many, context)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Read the record as at this moment inside the context."""
        token = _past.set(self)
        try:
            with connection.execute_wrapper(self.execute), clock.stopped(self.at):
                yield
        finally:
            _past.reset(token)

    def stream(self, chunks: Iterable[Any]) -> Iterator[Any]:
        """Yield chunks that are made while they are sent, each from the record as at this moment."""
        iterator = iter(chunks)
        while True:
            with self.reading():
                try:
                    chunk = next(iterator)
                except StopIteration:
                    return
            yield chunk

    def _part(self, table: str, model: type[models.Model], columns: frozenset[str], hint: str) -> str:
        selected, joined = _columns(table, model, columns)
        key = (table, selected)
        if key not in self._parts:
            if table not in self._ids:
                with _present():
                    self._ids[table] = None if model is Entry else self._seen(model)
            query = _select(table, model, columns=selected, joined=joined, at=self.at, seen=self._ids[table])
            self._parts[key] = query
        return f'"{table}" AS {hint}({self._parts[key]})'


_past: ContextVar[Past | None] = ContextVar("past", default=None)


def reading_as_at(at: datetime, seen: Seen = lambda model: None) -> AbstractContextManager[None]:
    """Read every row of the record as it stood at a moment; changing one raises RuntimeError.

    Rows of accounts, memberships and settings are read as they are. The clock shows the moment.

    Args:
        at: the moment, with a time zone. Entries at that moment count.
        seen: as for `Past`.
    """
    return Past(at, seen).reading()


def past_moment() -> datetime | None:
    """Return the moment that is read; None while the record is read as it is now."""
    past = _past.get()
    return past.at if past else None


@contextmanager
def _present() -> Iterator[None]:
    token = _past.set(None)
    try:
        with clock.stopped(None):
            yield
    finally:
        _past.reset(token)


@cache
def _dated_tables() -> dict[str, type[models.Model]]:
    tables: dict[str, type[models.Model]] = {ENTRY: Entry}
    for model in apps.get_models():
        if issubclass(model, Tracked) and model.is_dated and not model._meta.proxy:
            tables[model._meta.db_table] = model
            for field in recorded_lists(model):
                tables[_table_of(field)] = model
    return tables


def _hint(table: str, sql: str) -> str:
    """Return the hint to work out a table of a subquery once, and not for each row outside it."""
    before = re.split(f'(?:FROM|JOIN) "{table}"', sql, maxsplit=1)[0]
    return "MATERIALIZED " if before.count("(") > before.count(")") else ""


def _table_of(field: Any) -> str:
    """Return the table that holds the pairs of a many-to-many field."""
    table: str = field.remote_field.through._meta.db_table
    return table


def _select(
    table: str,
    model: type[models.Model],
    *,
    columns: str,
    joined: str,
    at: datetime,
    seen: Collection[int] | None,
) -> str:
    """Return the query for a table as at a moment: the last state of each row that the reader may view today."""
    schema, moment = SCHEMAS[connection.vendor], _literal(at)
    if model is Entry:
        return f'SELECT * FROM {schema}."{ENTRY}" WHERE "at" <= {moment}'
    label = model._meta.label_lower
    ids = (
        f'SELECT "id" FROM {schema}."{model._meta.db_table}" UNION ALL '
        f'SELECT CAST("target_id" AS bigint) FROM {schema}."{ENTRY}" '
        f'WHERE "target_type" = \'{label}\' AND "state" IS NULL'
    )
    narrowed = "" if seen is None else f' AND b."id" IN ({", ".join(map(str, sorted(seen))) or "NULL"})'
    is_lite = connection.vendor == "sqlite"
    last = (
        f'FROM {schema}."{ENTRY}" f WHERE f."target_type" = \'{label}\' '
        f'AND f."target_id" = CAST(b."id" AS {"text" if is_lite else "varchar"}) '
        f'AND f."at" <= {moment} ORDER BY f."sequence" DESC LIMIT 1'
    )
    entry = (
        f'JOIN {schema}."{ENTRY}" e ON e."id" = (SELECT f."id" {last})'
        if is_lite
        else f'CROSS JOIN LATERAL (SELECT f."state" {last}) e'
    )
    # Names of our own tables, ids and one moment: nothing that a user typed.
    return f'SELECT {columns} FROM ({ids}) b {entry} {joined}WHERE e."state" IS NOT NULL{narrowed}'


def _columns(table: str, model: type[models.Model], named: Collection[str]) -> tuple[str, str]:
    """Return the columns of a table that a query names, and what has to be joined to the entry `e` for them."""
    if model is Entry:
        return "*", ""
    if table != model._meta.db_table:
        return _list_columns(table, model)
    fields = [field for field in recorded_fields(model) if not field.primary_key and field.column in named]
    selected = ['b."id" AS "id"'] + [f'{_value(field)} AS "{field.column}"' for field in fields]
    if connection.vendor == "sqlite" or not fields:
        return ", ".join(selected), ""
    record = ", ".join(f'"{field.name}" {field.db_type(connection)}' for field in fields)
    return ", ".join(selected), f'CROSS JOIN LATERAL jsonb_to_record(e."state") AS s({record}) '


def _list_columns(table: str, model: type[models.Model]) -> tuple[str, str]:
    field = next(field for field in recorded_lists(model) if _table_of(field) == table)
    here, there = f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"
    columns = f'x."value" AS "id", b."id" AS "{here}", CAST(x."value" AS bigint) AS "{there}"'
    if connection.vendor == "sqlite":
        return columns, f"JOIN json_each(e.\"state\", '$.{field.name}') x "
    elements = f"jsonb_array_elements_text(e.\"state\" -> '{field.name}')"
    return columns, f'CROSS JOIN LATERAL {elements} AS x("value") '


def _value(field: "models.Field[Any, Any]") -> str:
    if connection.vendor == "sqlite":
        path = f"'$.\"{field.name}\"'"
        if isinstance(field, models.JSONField):
            return f'e."state" -> {path}'
        column: Any = field.target_field if isinstance(field, models.ForeignKey) else field
        value = SQLITE_FORMS.get(column.get_internal_type(), "{0}").format(f'json_extract(e."state", {path})')
    else:
        value = f's."{field.name}"'
    default = _default(field)
    return value if default is None else f"COALESCE({value}, {default})"


def _default(field: "models.Field[Any, Any]") -> str | None:
    """Return the default of a field that may have been added after an entry; None where it has no plain one."""
    if field.null or not field.has_default() or callable(field.default):
        return "''" if not field.null and field.empty_strings_allowed and not field.has_default() else None
    default = as_json(field, field.get_default())
    if isinstance(default, bool):
        return str(default).upper()
    if isinstance(default, str):
        return "'{}'".format(default.replace("'", "''"))
    return str(default) if isinstance(default, int) else None


def _literal(at: datetime) -> str:
    text = at.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")
    if connection.vendor == "sqlite":
        return f"'{text}'"
    return f"'{text}+00'::timestamptz"
