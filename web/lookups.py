"""Lookups that Django does not have."""

import json
from typing import Any

from django.db.models import Field, Lookup


@Field.register_lookup
class AnyOf(Lookup[Any]):
    """`pk__any_of=[...]`: like `in`, with all the numbers in one parameter.

    The SQL is the same for any number of values, so PostgreSQL reuses its plan and no parameter limit applies.
    """

    lookup_name = "any_of"
    prepare_rhs = False

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", [*params, list(self.rhs)]

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, params = self.process_lhs(compiler, connection)
        numbers = json.dumps(list(self.rhs))
        return f"{column} IN (SELECT value FROM json_each(%s))", [*params, numbers]  # noqa: S608  a column
