"""CSV files from Excel and other programs: the encoding and the separator are detected."""

import codecs
import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace

from django.utils.translation import gettext, ngettext

from web.tables.code_pages import decode_code_page
from web.tables.contents import RawCell, Sheet, TableError, cleaned, limit_filled_rows

SEPARATORS = ",;\t|"
MAX_COLUMNS = 256
# How people keep a program from reading a text as a number: ="1.10".
TEXT_FORMULA = re.compile(r'="(.*)"', re.DOTALL)
HEAD = 4096


class Delimited:
    """A CSV file, as a book of one sheet with the file's name.

    Args:
        score: returns how well a sheet matches the wanted table, to choose the separator.

    Raises:
        TableError: when it is not text, or not CSV.
    """

    def __init__(self, data: bytes, name: str, score: Callable[[Sheet], int], max_rows: int) -> None:
        text, warning = _decode(data)
        sheets = [_parse(text, separator, name, max_rows) for separator in SEPARATORS]
        sheet = max(sheets, key=lambda sheet: (score(sheet), _width(sheet)))
        sheet, split = _split_by_other_separators(sheet)
        warnings = [warning] if warning else []
        if split:
            warnings.append(split)
        self._sheet = replace(sheet, warnings=tuple(warnings))
        self.names = [name]
        self.hidden_names: frozenset[str] = frozenset()

    def sheet(self, name: str) -> Sheet:
        return replace(self._sheet, name=name)

    beginning = sheet


def _decode(data: bytes) -> tuple[str, str]:
    """Return the text, and a warning when its encoding is a guess."""
    encoding = "utf-8-sig"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif b"\0" in data:
        encoding = _utf_16_without_mark(data)
    try:
        return data.decode(encoding), ""
    except UnicodeDecodeError:
        return decode_code_page(data)


def _utf_16_without_mark(data: bytes) -> str:
    """Return the order of bytes of UTF-16 that does not state it: the zero of each ASCII letter comes last, or first."""
    even, odd = data[:HEAD:2], data[1:HEAD:2]
    if 2 * odd.count(0) > len(odd) and not even.count(0):
        return "utf-16-le"
    if 2 * even.count(0) > len(even) and not odd.count(0):
        return "utf-16-be"
    raise TableError(gettext("The file is named .csv but is not text."))


def _parse(text: str, separator: str, name: str, max_rows: int) -> Sheet:
    rows: dict[int, dict[int, RawCell]] = {}
    try:
        for number, fields in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator), 1):
            values = {
                column: cleaned(TEXT_FORMULA.sub(r"\1", field))
                for column, field in enumerate(fields[:MAX_COLUMNS], 1)
            }
            if filled := {column: RawCell(value, value) for column, value in values.items() if value}:
                rows[number] = filled
                limit_filled_rows(len(rows), max_rows)
    except csv.Error as error:
        raise TableError(gettext("The file is not CSV: {error}.").format(error=error)) from error
    return Sheet(name, rows)


def _split_by_other_separators(sheet: Sheet) -> tuple[Sheet, str]:
    """Split rows that are one cell by the separator of the header, and as wide as the header by another one.

    Programs write such files when a header is added by hand. A heading with commas has spaces after them.

    Returns:
        The sheet, and a warning about the rows that were split; empty if none.
    """
    width, numbers = _width(sheet), []
    rows = dict(sheet.rows)
    for number, row in sheet.rows.items():
        if width < 3 or list(row) != [1]:
            continue
        for separator in SEPARATORS:
            fields = next(csv.reader([str(row[1].value)], delimiter=separator))
            if len(fields) == width and not any(field.startswith(" ") for field in fields):
                values = {column: cleaned(field) for column, field in enumerate(fields, 1)}
                rows[number] = {column: RawCell(value, value) for column, value in values.items() if value}
                numbers.append(number)
                break
    if not numbers:
        return sheet, ""
    warning = ngettext(
        "Row {first} has other separators than the header. Check the cells.",
        "{number} rows, from row {first} on, have other separators than the header. Check the cells.",
        len(numbers),
    )
    return replace(sheet, rows=rows), warning.format(number=len(numbers), first=numbers[0])


def _width(sheet: Sheet) -> int:
    return max((len(row) for row in sheet.rows.values()), default=0)
