"""The page of the memorandum of understanding: areas by organisations. Every number links to its actions."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from programme.mou.queries import Cell, responsibilities


def room(user: Any, on: date) -> dict[str, Any]:
    """Return what the page shows."""
    matrix = responsibilities(user=user, on=on)
    return {
        "responsibilities": matrix,
        "lines": [
            (line, [(cell, _address(cell), _address(cell, red=True)) for cell in line.cells])
            for line in matrix.lines
        ],
    }


def _address(cell: Cell, *, red: bool = False) -> str:
    query = {"mou_area": cell.area.pk, "lead": cell.organisation.pk, "state": "open"} | (
        {"rag": "red"} if red else {}
    )
    return f"{reverse('actions:action-list')}?{urlencode(query)}"
