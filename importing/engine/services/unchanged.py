"""The rule for unchanged cells: a cell that shows the recorded value is accepted, even if nobody could choose it today."""

from datetime import date, datetime
from typing import Any

from django.db import models

from web.formulas import unguarded_text
from web.tables import Cell
from web.tables.contents import cleaned
from web.tables.specification import plain


def shows_value(*, cell: Cell, value: Any, label: str) -> bool:
    """Return whether a cell has a recorded value.

    Args:
        value: a text, an answer, a day, or a row that is known by its name.
        label: how pages and exports show the value.
    """
    if isinstance(value, date):
        day = cell.value.date() if isinstance(cell.value, datetime) else cell.value
        return day == value or cell.text == value.isoformat()
    if isinstance(value, models.Model):
        return plain(cell.text) == plain(label)
    # A workbook shows a text as it is, also one that begins like a guarded cell.
    texts = {text for each in (str(value), label) for text in (each, unguarded_text(each))}
    return cell.text in {cleaned(text) for text in texts}
