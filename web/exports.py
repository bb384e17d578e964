"""Export of rows as streamed CSV or XLSX, with document control at the top."""

import csv
import re
import tempfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from django.http import FileResponse, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from standards.text import clean_text
from web.formulas import guarded_text, needs_guard
from web.language import english

BOM = "\ufeff"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_CELL = 32_767
SHEET_TITLE_LENGTH = 31
NARROWEST, WIDEST = 10, 60
# Pale enough for black words.
COLOURS = {"Red": "F4CDC6", "Amber": "FFE9A8", "Green": "CCE2D8"}
# The styles of the workbooks that are being written.
_STYLES: WeakKeyDictionary[Any, dict["Look", Any]] = WeakKeyDictionary()

Row = Sequence[Any]


@dataclass(frozen=True)
class Control:
    """Document control above the rows: marking, title, and when the data was read."""

    marking: str
    title: str
    as_at: datetime
    lines: tuple[str, ...] = ()

    def rows(self) -> list[Row]:
        moment = timezone.localtime(self.as_at)
        return [
            [self.marking],
            [self.title],
            [f"As at {moment:%d %B %Y %H:%M}"],
            *([line] for line in self.lines),
            [],
        ]


def guarded(value: Any) -> Any:
    """Return a cell that no spreadsheet runs as a formula. Numbers and dates are unchanged."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, int | float | date):
        return value
    return guarded_text(str(value))


def csv_cell(value: Any) -> Any:
    """Return a cell of a CSV file: guarded, and without characters that files cannot contain."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value).isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    return guarded(value if value is None or isinstance(value, int | float) else clean_text(str(value)))


def _in_english(rows: Iterable[Row]) -> Iterator[list[Any]]:
    """Yield rows as they are in English: a file moves between services, and is imported again."""
    remaining = iter(rows)
    while True:
        with english():
            row = next(remaining, None)
            if row is None:
                return
            words = [str(cell) if isinstance(cell, Promise) else cell for cell in row]
        yield words


def csv_response(*, name: str, control: Control, header: Row, rows: Iterable[Row]) -> HttpResponseBase:
    """Stream rows as CSV in UTF-8, with a byte order mark for Excel."""
    response = StreamingHttpResponse(
        _csv_lines(control, header, rows), content_type="text/csv; charset=utf-8"
    )
    return _attached(response, f"{file_name(name)}.csv")


def xlsx_response(
    *, name: str, control: Control, header: Row, rows: Iterable[Row], rated: Collection[str] = ()
) -> HttpResponseBase:
    """Send rows as a workbook, written row by row to disk to save memory.

    It has a filter on each column and prints on landscape pages with the marking and the header on each.

    Args:
        rated: the headings of columns with ratings, whose cells are coloured as well.
    """
    book = Workbook(write_only=True)
    title = re.sub(r"[\[\]:*?/\\\n\t]", " ", clean_text(control.title))
    sheet = book.create_sheet(title[:SHEET_TITLE_LENGTH].strip(" '") or "Rows")
    above = control.rows()
    top = len(above) + 1
    sheet.freeze_panes = f"A{top + 1}"
    sheet.print_title_rows = f"{top}:{top}"
    print_landscape(sheet, control.marking)
    for index, title in enumerate(header, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = min(
            max(NARROWEST, len(str(title)) + 4), WIDEST
        )
    for number, row in enumerate(above):
        sheet.append([cell_of(sheet, value, bold=number == 0) for value in row])
    sheet.append([cell_of(sheet, value, bold=True) for value in header])
    coloured = {index for index, title in enumerate(header) if title in rated}
    bottom = top
    for row in _in_english(rows):
        bottom += 1
        sheet.append(
            [
                _coloured(cell_of(sheet, value)) if index in coloured else cell_of(sheet, value)
                for index, value in enumerate(row)
            ]
        )
    sheet.auto_filter.ref = f"A{top}:{get_column_letter(len(header))}{bottom}"
    # Closed by the response, which deletes it.
    file = tempfile.NamedTemporaryFile(suffix=".xlsx")  # noqa: SIM115
    book.save(file)
    file.seek(0)
    return _attached(FileResponse(file, content_type=XLSX_TYPE), f"{file_name(name)}.xlsx")


def print_landscape(sheet: Any, marking: str) -> None:
    """Print a sheet as wide as the page, with the marking at the top and bottom of each."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.oddHeader.center.text = sheet.oddFooter.center.text = clean_text(marking)


def _coloured(cell: Any) -> Any:
    """Colour a rating behind its word."""
    if colour := COLOURS.get(str(cell.value)):
        cell.fill = PatternFill("solid", start_color=colour, end_color=colour)
    return cell


def example_response(*, name: str, file_type: str, header: Row, rows: Iterable[Row]) -> HttpResponse:
    """Send a file to fill in: its header is in the first row, and no marking above it.

    Args:
        file_type: csv or xlsx.
    """
    if file_type == "csv":
        text = StringIO()
        csv.writer(text).writerows([header, *rows])
        response = HttpResponse(f"{BOM}{text.getvalue()}", content_type="text/csv; charset=utf-8")
    else:
        book = Workbook(write_only=True)
        sheet = book.create_sheet("Rows")
        sheet.freeze_panes = "A2"
        for index, title in enumerate(header, start=1):
            sheet.column_dimensions[get_column_letter(index)].width = max(NARROWEST, len(str(title)) + 4)
        for number, row in enumerate([header, *rows]):
            sheet.append([cell_of(sheet, value, bold=number == 0) for value in row])
        file = BytesIO()
        book.save(file)
        response = HttpResponse(file.getvalue(), content_type=XLSX_TYPE)
    _attached(response, f"{file_name(name)}.{file_type}")
    return response


def cell_of(sheet: Any, value: Any, *, bold: bool = False) -> Any:
    """Return a cell of a workbook: text stays text, and no spreadsheet runs it as a formula."""
    value = "" if value is None else value
    if isinstance(value, bool):
        value = "Yes" if value else "No"
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.make_naive(value)
    if not isinstance(value, int | float | date):
        value = _shortened(clean_text(str(value)))
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
        look = Look(bold=bold, wraps=not bold, is_guarded=needs_guard(value))
    elif isinstance(value, date):
        moment = "dd/mm/yyyy hh:mm" if isinstance(value, datetime) else "dd/mm/yyyy"
        look = Look(bold=bold, number_format=moment)
    else:
        look = Look(bold=bold)
    # A cell may be coloured afterwards, so each has a copy.
    cell._style = copy(_style(sheet, look))
    return cell


class Look(NamedTuple):
    """How a cell looks."""

    bold: bool
    wraps: bool | None = None
    # Excel's own leading apostrophe, outside the value: the cell stays text even after editing.
    is_guarded: bool = False
    number_format: str = ""


def _style(sheet: Any, look: Look) -> Any:
    """Return the style of a look in a sheet's workbook. Composing it for each cell took two thirds of an export's time."""
    styles = _STYLES.setdefault(sheet.parent, {})
    if look not in styles:
        cell = WriteOnlyCell(sheet)
        if look.wraps is not None:
            cell.quotePrefix = look.is_guarded
            cell.alignment = Alignment(wrap_text=look.wraps, vertical="top")
        if look.number_format:
            cell.number_format = look.number_format
        if look.bold:
            cell.font = Font(bold=True)
        styles[look] = cell._style
    return styles[look]


def file_name(words: str) -> str:
    """Return a file name that every system accepts: letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:100] or "export"


class _Echo:
    """A file-like object that returns each line it is given."""

    def write(self, value: str) -> str:
        return value


def _csv_lines(control: Control, header: Row, rows: Iterable[Row]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield BOM
    for row in (*control.rows(), header):
        yield writer.writerow([csv_cell(value) for value in row])
    for row in rows:
        yield writer.writerow([csv_cell(value) for value in row])


def _shortened(text: str) -> str:
    """Truncate text to the limit of a cell, which Excel counts in UTF-16 units."""
    if len(text) * 2 <= LONGEST_CELL:
        return text
    return text.encode("utf-16-le")[: LONGEST_CELL * 2].decode("utf-16-le", "ignore")


def _attached(response: Any, name: str) -> HttpResponseBase:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
