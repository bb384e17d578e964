"""Formulas, hidden rows and hidden columns, from a sheet's XML."""

import io
import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from defusedxml import ElementTree
from openpyxl.utils import column_index_from_string

WORTH_READING = re.compile(rb"<(?:\w+:)?f[\s/>]|hidden\s*=\s*[\"'](?:1|true)")
CELL = re.compile(r"([A-Z]+)(\d+)")
LAST_COLUMN = 16_384
YES = frozenset({"1", "true"})


@dataclass
class Markup:
    """Places are (row, column), both counted from 1. `empty` are formulas without a stored result."""

    computed: set[tuple[int, int]] = field(default_factory=set)
    empty: set[tuple[int, int]] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def read_markup(content: bytes) -> Markup:
    """Read a sheet's part."""
    markup = Markup()
    if not WORTH_READING.search(content):
        return markup
    row = column = 0
    for event, element in ElementTree.iterparse(io.BytesIO(content), events=("start", "end")):
        name = element.tag.rpartition("}")[2]
        if event == "start" and name == "row":
            row, column = int(element.get("r") or row + 1), 0
            if element.get("hidden") in YES:
                markup.hidden_rows.add(row)
        elif event == "start" and name == "c":
            # A cell without an address follows the one before it.
            match = CELL.fullmatch(element.get("r") or "")
            column = column_index_from_string(match[1]) if match else column + 1
        elif event == "start" and name == "col" and element.get("hidden") in YES:
            last = min(int(element.get("max", 1)), LAST_COLUMN)
            markup.hidden_columns.update(range(int(element.get("min", 1)), last + 1))
        elif event == "end" and name == "c":
            _read_cell(element, (row, column), markup)
            element.clear()
        elif event == "end" and name == "row":
            element.clear()
    return markup


def _read_cell(cell: Element, place: tuple[int, int], markup: Markup) -> None:
    children = {child.tag.rpartition("}")[2]: child for child in cell}
    if "f" not in children:
        return
    markup.computed.add(place)
    # An empty text is a stored result too: Excel then writes its type.
    if cell.get("t") != "str" and not (children["v"].text if "v" in children else ""):
        markup.empty.add(place)
