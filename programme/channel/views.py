"""The page of police representation at Channel panels."""

from datetime import date
from typing import Any

from audit.actors import Reader
from programme.channel.queries import representation
from standards import marking


def room(user: Reader, on: date) -> dict[str, Any]:
    """Return what the page shows."""
    table = representation(user=user, on=on)
    rows = [row for line in table.lines for row in (line.panel, *line.received)]
    return {"representation": table, "page_marking": marking.highest(row.marking for row in rows)}
