"""Cells of a plan with the recorded values."""

import re

from django.db import models

from actions.models import Action
from importing.engine.services.unchanged import shows_value
from web.tables import Cell
from web.tables.specification import plain

NOT_EXPORTED = frozenset({"ref", "progress"})


def is_unchanged(*, action: Action, key: str, cell: Cell) -> bool:
    """Return whether a cell is what an export writes for the field of a recorded action."""
    if key in NOT_EXPORTED:
        return False
    value = getattr(action, key)
    if key == "supporting":
        return _names(cell.text) == {plain(str(one)) for one in value.all()}
    if value is None:
        return not cell.text
    return shows_value(cell=cell, value=value, label=_label(action, key))


def _label(action: Action, key: str) -> str:
    field = Action._meta.get_field(key)
    value = getattr(action, key)
    return str(dict(field.flatchoices).get(value, value) if isinstance(field, models.CharField) else value)


def _names(text: str) -> set[str]:
    return {plain(part) for part in re.split(r"[;\n]+", text) if part.strip()}
