"""Tables of something else below the actions of a sheet, such as a list of risks: named, and not read as actions."""

from collections.abc import Mapping
from dataclasses import replace

from django.utils.translation import gettext

from actions.models import Action
from importing.plans.services.specification import PLAN
from standards.references import plain_reference
from web.tables import Row, Table
from web.tables.contents import shortened
from web.tables.specification import plain

# Texts up to this length can be the titles of columns.
LONGEST_TITLE = 40
FEWEST_TITLES = 3
# One of these, or a title that a plan may have, is among them.
TITLE_WORDS = frozenset(
    [
        "amount",
        "budget",
        "contact",
        "cost",
        "date",
        "definition",
        "impact",
        "item",
        "likelihood",
        "meaning",
        "meeting",
        "mitigation",
        "name",
        "no",
        "number",
        "organisation",
        "phone",
        "risk",
        "role",
        "score",
        "status",
        "term",
        "total",
        "type",
        "version",
    ]
)


def without_other_tables(table: Table, recorded: Mapping[str, Action]) -> tuple[Table, list[str]]:
    """Return a table without the rows of other tables below it, and a warning for each of those.

    Another table begins after an empty row, or below a heading, with a row of titles. It ends where the header of
    the actions is repeated.

    Args:
        recorded: the plan's actions by their references, in lower case.
    """
    rows: list[Row] = []
    warnings: list[str] = []
    other: list[Row] = []
    for n, row in enumerate(table.rows):
        if other and row.header_row != other[0].header_row:
            warnings.append(_warning(other))
            other = []
        if other or (n and _begins_another(row, table.rows[n - 1], recorded)):
            other.append(row)
        else:
            rows.append(row)
    if other:
        warnings.append(_warning(other))
    return replace(table, rows=rows), warnings


def _begins_another(row: Row, above: Row, recorded: Mapping[str, Action]) -> bool:
    if row.lone is not None or (row.number == above.number + 1 and above.lone is None):
        return False
    texts = [cell.text for cell in row.cells.values() if cell.text]
    reference = plain_reference(row.text("ref")).casefold()
    return (
        bool(reference)
        and reference not in recorded
        and len(texts) >= FEWEST_TITLES
        and not any(any(map(str.isdigit, text)) for text in texts)
        and all(len(text) <= LONGEST_TITLE for text in texts)
        and any(PLAN.match(text) or TITLE_WORDS & set(plain(text).split()) for text in texts)
    )


def _warning(rows: list[Row]) -> str:
    cells = sorted(rows[0].cells.values(), key=lambda cell: (len(cell.letter), cell.letter))
    titles = ", ".join(cell.text for cell in cells if cell.text)
    return gettext(
        "Row {first} begins another table ({titles}). Its rows, {first} to {last}, were left out."
    ).format(first=rows[0].number, last=rows[-1].number, titles=shortened(titles))
