"""What a step wrote: where nothing was, the record is as it stood."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from audit.models import Ledger
from audit.services import verify
from tests.guards import table_written


@contextmanager
def whole_where_written(ledger: Ledger) -> Iterator[None]:
    """Verify the ledger after what is done within this, unless it wrote nothing at all, taken back or not."""
    written: list[str | None] = []

    def look(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        written.append(table_written(sql))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield
    if any(written):
        assert verify(ledger=ledger).ok
