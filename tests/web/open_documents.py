"""Workbooks of the tests as LibreOffice saves them."""

import io
import zipfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from openpyxl import load_workbook

from web.tables.numbers import shown_number
from web.tables.periods import shown_period

MIME_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
URN = "urn:oasis:names:tc:opendocument:xmlns"
NAMESPACES = " ".join([
    *(f'xmlns:{name}="{URN}:{name}:1.0"' for name in ("office", "style", "table", "text")),
    'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"',
])  # fmt: skip
EMPTY_TO_THE_END = (
    '<table:table-row table:number-rows-repeated="{rows}"><table:table-cell table:number-columns-repeated="16384"/>'
    "</table:table-row>"
)


def archive(
    content: str, *, manifest: str = "", mime_type: str = MIME_TYPE, parts: Mapping[str, str] | None = None
) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("mimetype", mime_type, zipfile.ZIP_STORED)
        file.writestr("META-INF/manifest.xml", f"<manifest>{manifest}</manifest>")
        file.writestr("content.xml", f'<?xml version="1.0"?>{content}')
        for name, part in (parts or {}).items():
            file.writestr(name, part)
    return buffer.getvalue()


def document(*tables: str, styles: str = "", parts: Mapping[str, str] | None = None) -> bytes:
    """A spreadsheet of tables in XML."""
    body = f"<office:body><office:spreadsheet>{''.join(tables)}</office:spreadsheet></office:body>"
    head = f"<office:automatic-styles>{styles}</office:automatic-styles>"
    return archive(
        f"<office:document-content {NAMESPACES}>{head}{body}</office:document-content>", parts=parts
    )


def table(name: str, content: str, style: str = "ta1") -> str:
    return f'<table:table table:name={quoteattr(name)} table:style-name="{style}">{content}</table:table>'


def row(*cells: str, attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"


def cell(text: str, attributes: str = 'office:value-type="string"') -> str:
    paragraphs = "".join(f"<text:p>{escape(line)}</text:p>" for line in text.split("\n")) if text else ""
    return f"<table:table-cell {attributes}>{paragraphs}</table:table-cell>"


def converted(workbook: bytes) -> bytes:
    """The same workbook, saved as .ods."""
    book = load_workbook(io.BytesIO(workbook))
    tables = [
        table(
            sheet.title,
            "".join(_sheet(sheet)) + EMPTY_TO_THE_END.format(rows=1_048_576 - sheet.max_row),
            style="ta1" if sheet.sheet_state == "visible" else "ta2",
        )
        for sheet in book
    ]
    hidden = '<style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>'
    return document(*tables, styles=hidden)


def _sheet(sheet: Any) -> Iterator[str]:
    spans = {
        (merge.min_row, merge.min_col): f'table:number-columns-spanned="{merge.max_col - merge.min_col + 1}" '
        f'table:number-rows-spanned="{merge.max_row - merge.min_row + 1}"'
        for merge in sheet.merged_cells.ranges
    }
    for letter in map(chr, range(ord("A"), ord("A") + sheet.max_column)):
        hidden = 'table:visibility="collapse"' if sheet.column_dimensions[letter].hidden else ""
        yield f"<table:table-column {hidden}/>"
    for cells in sheet.iter_rows():
        hidden = 'table:visibility="filter"' if sheet.row_dimensions[cells[0].row].hidden else ""
        yield row(*(_cell(each, spans.get((each.row, each.column), "")) for each in cells), attributes=hidden)


def _cell(each: Any, span: str) -> str:
    value = each.value
    if type(each).__name__ == "MergedCell":
        return "<table:covered-table-cell/>"
    if value is None:
        return f"<table:table-cell {span}/>"
    if isinstance(value, datetime):
        period = shown_period(value, each.number_format)
        day = f'office:value-type="date" office:date-value="{value:%Y-%m-%d}"'
        return cell(period.phrase if period else f"{value:%d/%m/%y}", f"{day} {span}")
    if isinstance(value, int | float):
        number = f'office:value-type="float" office:value="{value}"'
        return cell(shown_number(value, each.number_format), f"{number} {span}")
    if value.startswith("="):
        return cell("", f'table:formula="of:{escape(value)[:1]}" office:value-type="string" {span}')
    return cell(value, f'office:value-type="string" {span}')
