"""Readers of the change feed, as the tests meet them."""

from collections.abc import Iterator
from typing import Any

from audit.models import Entry
from exchange.changes.services.cursors import Cursor
from exchange.changes.services.following import follow
from exchange.changes.services.items import Change
from tests.cast import TODAY


def pages(actor: Any, after: Cursor | None = None, size: int = 100, **arguments: Any) -> Iterator[Any]:
    """Follow the feed from a cursor until there is no more."""
    while True:
        page = follow(actor=actor, on=TODAY, after=after, size=size, **arguments)
        yield page
        if not page.more:
            return
        after = page.cursor


def changes(actor: Any, after: Cursor | None = None, **arguments: Any) -> list[Change]:
    return [change for page in pages(actor, after, **arguments) for change in page.changes]


def end(actor: Any) -> Cursor:
    """Return the cursor behind everything there is now."""
    return list(pages(actor))[-1].cursor


def facts_of(changes: list[Change]) -> list[tuple[str, str, str]]:
    return [(change.verb, change.kind, change.subject.ref or change.subject.type) for change in changes]


def entries(cast: Any, **which: Any) -> list[int]:
    rows = Entry.objects.filter(ledger=cast.yorkshire.ledger_id, **which).order_by("sequence")
    return list(rows.values_list("sequence", flat=True))
