"""Tables of ODF files, made inside their document: moving the elements of thousands of rows there takes half a minute."""

import re
from collections.abc import Iterable
from typing import Any

from lxml.etree import SubElement
from odfdo import Element, Paragraph

CALCEXT = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
# ODF has elements of their own for lines, tabs and spaces that are not between two words.
NEEDS_ELEMENTS = re.compile(r"^ | $| {2}|[^\S ]")


def add_table(
    body: Element, *, name: str, columns: Iterable[str], style: str = "", caption: str = ""
) -> tuple[Any, Any]:
    """Add a table to a document, and return the elements that take its header and its other rows.

    Args:
        columns: the style of each.
    """
    table = SubElement(body._xml_element, f"{{{TABLE}}}table", {f"{{{TABLE}}}name": name})
    if style:
        table.set(f"{{{TABLE}}}style-name", style)
    if caption:
        SubElement(table, f"{{{TABLE}}}title").text = caption
    for column in columns:
        SubElement(table, f"{{{TABLE}}}table-column", {f"{{{TABLE}}}style-name": column})
    return SubElement(table, f"{{{TABLE}}}table-header-rows"), table


def add_row(rows: Any, style: str = "") -> Any:
    """Add a row to a table or to its header."""
    row = SubElement(rows, f"{{{TABLE}}}table-row")
    if style:
        row.set(f"{{{TABLE}}}style-name", style)
    return row


def add_paragraph(row: Any, text: str, *, cell_style: str, style: str) -> None:
    """Add a cell with a paragraph to a row."""
    cell = SubElement(row, f"{{{TABLE}}}table-cell", {f"{{{TABLE}}}style-name": cell_style})
    if NEEDS_ELEMENTS.search(text):
        cell.append(Paragraph(text, style=style)._xml_element)
    else:
        SubElement(cell, f"{{{TEXT}}}p", {f"{{{TEXT}}}style-name": style}).text = text


def add_value(row: Any, value: Any, text: str) -> None:
    """Add a cell with a number, or with a text that no program runs as a formula, to a row."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    kind = "float" if is_number else "string"
    stored = (
        {f"{{{OFFICE}}}value": str(value), f"{{{CALCEXT}}}value": str(value)}
        if is_number
        else {f"{{{OFFICE}}}string-value": text}
    )
    types = {f"{{{OFFICE}}}value-type": kind, f"{{{CALCEXT}}}value-type": kind}
    cell = SubElement(row, f"{{{TABLE}}}table-cell", types | stored)
    SubElement(cell, f"{{{TEXT}}}p").text = text
