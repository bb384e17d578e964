"""Check that a step left the ledger intact."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from audit.models import Ledger
from audit.services import verify
from tests.support.guards import table_written


@contextmanager
def verify_after_writes(ledger: Ledger) -> Iterator[None]:
    """Verify the ledger after the block, unless the block wrote nothing, not even something it rolled back."""
    tables: list[str | None] = []

    def record(
        execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        tables.append(table_written(sql))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(record):
        yield
    if any(tables):
        assert verify(ledger=ledger).ok
