"""Export of rows as streamed CSV or XLSX, with document control at the top."""

import csv
import re
import tempfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any

from django.http import FileResponse, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.functional import Promise

from standards.text import clean_text
from web.formulas import guarded_text
from web.language import english
from web.xlsx import NARROWEST, SHEET_TITLE_LENGTH, WIDEST, SheetWriter, writing_book

BOM = "\ufeff"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

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
    title = re.sub(r"[\[\]:*?/\\\n\t]", " ", clean_text(control.title))
    coloured = {place for place, heading in enumerate(header) if heading in rated}
    # Closed, and deleted by that, by the response.
    file = tempfile.NamedTemporaryFile(suffix=".xlsx")  # noqa: SIM115
    try:
        with writing_book(file) as book:
            sheet = SheetWriter(book, title[:SHEET_TITLE_LENGTH].strip(" '") or "Rows", control.marking)
            sheet.set_widths([min(max(NARROWEST, len(str(heading)) + 4), WIDEST) for heading in header])
            for number, row in enumerate(control.rows()):
                sheet.append(row, bold=number == 0)
            top = sheet.length
            sheet.append_header(header)
            for row in _in_english(rows):
                sheet.append(row, rated=coloured)
            sheet.filter_from(top, len(header))
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return _attached(FileResponse(file, content_type=XLSX_TYPE), f"{file_name(name)}.xlsx")


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
        file = BytesIO()
        with writing_book(file) as book:
            sheet = SheetWriter(book, "Rows")
            sheet.set_widths([max(NARROWEST, len(str(heading)) + 4) for heading in header])
            sheet.append_header(header)
            for row in rows:
                sheet.append(row)
        response = HttpResponse(file.getvalue(), content_type=XLSX_TYPE)
    _attached(response, f"{file_name(name)}.{file_type}")
    return response


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


def _attached(response: Any, name: str) -> HttpResponseBase:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
