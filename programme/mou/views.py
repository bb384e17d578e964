"""The page of the memorandum of understanding: areas by organisations. Every number links to its actions."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from actions.core.filters import NONE
from audit.actors import Reader
from partners.models import MouArea
from programme.mou.queries import Cell, responsibilities


def room(user: Reader, on: date) -> dict[str, Any]:
    """Return what the page shows."""
    matrix = responsibilities(user=user, on=on)
    return {
        "responsibilities": matrix,
        "lines": [
            (
                line,
                [(cell, _address(cell), _address(cell, red=True)) for cell in line.cells],
                _actions(line.area, NONE),
            )
            for line in matrix.lines
        ],
    }


def _address(cell: Cell, *, red: bool = False) -> str:
    return _actions(cell.area, cell.organisation.pk, **({"rag": "red"} if red else {}))


def _actions(area: MouArea, lead: int | str, **filters: str) -> str:
    """Return the address of the open actions of an area that an organisation leads."""
    query = {"mou_area": area.pk, "lead": lead, "state": "open", **filters}
    return f"{reverse('actions:action-list')}?{urlencode(query)}"
