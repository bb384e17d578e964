"""Cells that say what the record says. They are never refused, even where nobody could choose the value today."""

import re
from datetime import date, datetime
from typing import Any

from django.db import models

from actions.models import Action
from web.formulas import unguarded_text
from web.tables import Cell
from web.tables.contents import cleaned
from web.tables.specification import plain

NOT_EXPORTED = frozenset({"ref", "progress"})


def is_unchanged(*, action: Action, key: str, cell: Cell) -> bool:
    """Say whether a cell reads as an export writes the field of a recorded action."""
    if key in NOT_EXPORTED:
        return False
    value = getattr(action, key)
    if key == "supporting":
        return _names(cell.text) == {plain(str(one)) for one in value.all()}
    if value is None:
        return not cell.text
    return reads_as(cell=cell, value=value, label=_label(action, key))


def reads_as(*, cell: Cell, value: Any, label: str) -> bool:
    """Say whether a cell holds a recorded value.

    Args:
        value: a text, an answer, a day, or a row that is known by its name.
        label: how pages and exports show the value.
    """
    if isinstance(value, date):
        shown = cell.value.date() if isinstance(cell.value, datetime) else cell.value
        return shown == value or cell.text == value.isoformat()
    if isinstance(value, models.Model):
        return plain(cell.text) == plain(label)
    # A workbook shows a text as it is, also one that begins like a guarded cell.
    exported = {text for each in (str(value), label) for text in (each, unguarded_text(each))}
    return cell.text in {cleaned(text) for text in exported}


def _label(action: Action, key: str) -> str:
    field = Action._meta.get_field(key)
    value = getattr(action, key)
    return str(dict(field.flatchoices).get(value, value) if isinstance(field, models.CharField) else value)


def _names(text: str) -> set[str]:
    return {plain(part) for part in re.split(r"[;\n]+", text) if part.strip()}
