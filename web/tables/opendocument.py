"""OpenDocument spreadsheets (.ods), as LibreOffice and Excel write them."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from xml.etree.ElementTree import Element

from defusedxml import ElementTree
from django.utils.translation import gettext, gettext_lazy

from standards.dates import ImpossibleDate, Period, read_plan_date
from web.tables.archives import check_archive
from web.tables.contents import HEADER_WITHIN_ROWS, RawCell, Sheet, TableError, cleaned, limit_filled_rows
from web.tables.merges import spread_merges
from web.tables.workbook import NOT_STORED

MIME_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
MAX_COLUMNS = 16_384
# More than any table may have.
MAX_REPEATED_ROWS = 20_000
DAMAGED = gettext_lazy(
    "The spreadsheet is damaged. Open it in your spreadsheet program, save it again and try again."
)
ERROR = re.compile(r"#[A-Z0-9/]+[!?]?|Err:\d+")
BREAKS = {"s": " ", "tab": "\t", "line-break": "\n"}


class OpenDocument:
    """An .ods file.

    Raises:
        TableError: when it is damaged, encrypted, too large once unpacked, contains macros, or is no spreadsheet.
    """

    def __init__(self, data: bytes, max_rows: int) -> None:
        self._max_rows = max_rows
        self._sheets: dict[str, Sheet] = {}
        try:
            self._open(data)
        except TableError:
            raise
        except Exception as error:  # a damaged file can make the parsers raise anything
            raise TableError(DAMAGED) from error

    def _open(self, data: bytes) -> None:
        archive = zipfile.ZipFile(io.BytesIO(data))
        check_archive(archive, str(DAMAGED))
        parts = set(archive.namelist())
        if "mimetype" not in parts or archive.read("mimetype").strip() != MIME_TYPE:
            raise TableError(
                gettext("The file is not an OpenDocument spreadsheet, even if its name says so.")
            )
        if b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise TableError(gettext("The workbook is encrypted. Save it without a password."))
        if any(part.startswith(("Basic/", "Scripts/")) for part in parts):
            raise TableError(
                gettext("The workbook contains macros, which are refused. Save it as .xlsx without macros.")
            )
        root: Element = ElementTree.fromstring(archive.read("content.xml"))
        hidden_styles = {
            _attribute(style, "name")
            for style in _children(root, "style")
            if any(_attribute(each, "display") == "false" for each in style)
        }
        tables = {_attribute(table, "name"): table for table in _tables(root)}
        hidden = {name for name, table in tables.items() if _attribute(table, "style-name") in hidden_styles}
        self._tables = tables
        self.hidden_names = frozenset(hidden)
        self.names = sorted(tables, key=lambda name: name in hidden)

    def sheet(self, name: str) -> Sheet:
        try:
            if name not in self._sheets:
                self._sheets[name] = self._sheet(name)
            return self._sheets[name]
        except TableError:
            raise
        except Exception as error:  # as above
            raise TableError(DAMAGED) from error

    def beginning(self, name: str) -> Sheet:
        sheet = self.sheet(name)
        return replace(sheet, rows={n: cells for n, cells in sheet.rows.items() if n <= HEADER_WITHIN_ROWS})

    def _sheet(self, name: str) -> Sheet:
        content = _Content()
        for element in _nested(self._tables[name], {"table-column", "table-row"}):
            if _local(element) == "table-column":
                content.take_column(element)
            else:
                content.take_row(element)
            limit_filled_rows(len(content.rows), self._max_rows)
        spread_merges(name, content.rows, content.merges)
        return Sheet(
            name,
            content.rows,
            hidden_rows=frozenset(content.hidden_rows),
            hidden_columns=frozenset(content.hidden_columns),
            without_results=tuple(content.without_results),
        )


@dataclass
class _Content:
    """The cells of a sheet, read row by row."""

    rows: dict[int, dict[int, RawCell]] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    without_results: list[tuple[int, int]] = field(default_factory=list)
    row: int = 0
    column: int = 0

    def take_column(self, element: Element) -> None:
        times = min(_number(element, "number-columns-repeated"), MAX_COLUMNS)
        if _attribute(element, "visibility") in {"collapse", "filter"}:
            self.hidden_columns.update(range(self.column + 1, self.column + times + 1))
        self.column += times

    def take_row(self, element: Element) -> None:
        """Add the filled cells of a row. An empty row that is repeated to the end of the sheet costs nothing."""
        times = _number(element, "number-rows-repeated")
        cells: dict[int, RawCell] = {}
        column = 1
        for cell in element:
            if _local(cell) not in {"table-cell", "covered-table-cell"}:
                continue
            raw = _raw(cell) if _local(cell) == "table-cell" else RawCell(None, "")
            repeated = min(_number(cell, "number-columns-repeated"), MAX_COLUMNS)
            if raw.text or raw.error:
                cells.update(dict.fromkeys(range(column, column + repeated), raw))
            right, below = _number(cell, "number-columns-spanned"), _number(cell, "number-rows-spanned")
            if raw.text and (right > 1 or below > 1):
                self.merges.append((column, self.row + 1, column + right - 1, self.row + below))
            column += repeated
            if column > MAX_COLUMNS:
                break
        is_hidden = _attribute(element, "visibility") in {"collapse", "filter"}
        if any(raw.text for raw in cells.values()):
            for number in range(self.row + 1, self.row + min(times, MAX_REPEATED_ROWS) + 1):
                self.rows[number] = dict(cells)
                if is_hidden:
                    self.hidden_rows.add(number)
        elif cells:
            self.without_results += [(self.row + 1, column) for column in cells]
        self.row += times


def _raw(cell: Element) -> RawCell:
    text, kind = cleaned(_text(cell)), _attribute(cell, "value-type")
    is_computed = bool(_attribute(cell, "formula"))
    if is_computed and (_attribute(cell, "value-type", extension=True) == "error" or ERROR.fullmatch(text)):
        message = gettext("contains the error {value}").format(value=text)
        return RawCell(None, text, message, computed=True)
    if is_computed and not kind and not text:
        return RawCell(None, "", NOT_STORED, computed=True)
    if kind == "date" and text:
        day = datetime.fromisoformat(_attribute(cell, "date-value"))
        period = _shown_period(day.date(), text)
        return RawCell(period or day, text if period else f"{day:%d/%m/%Y}", computed=is_computed)
    return RawCell(text, text, computed=is_computed)


def _shown_period(day: date, text: str) -> Period | None:
    """Return the month or year that a date is shown as; None if a day is shown."""
    if re.fullmatch(r"\d{4}", text):
        return Period(date(day.year, 1, 1), date(day.year, 12, 31), text)
    try:
        first, last = read_plan_date(text, edge="start").on, read_plan_date(text).on
    except ImpossibleDate:
        return None
    is_period = first is not None and last is not None and first < last and first <= day <= last
    return Period(first, last, text) if is_period and first and last else None


def _text(element: Element) -> str:
    """Return the text that a cell shows, with a line for each paragraph, and without its comments."""
    return "\n".join("".join(_pieces(child)) for child in element if _local(child) == "p")


def _pieces(element: Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        name = _local(child)
        if name in BREAKS:
            yield BREAKS[name] * min(_number(child, "c"), 1_000)
        elif name != "annotation":
            yield from _pieces(child)
        yield child.tail or ""


def _tables(root: Element) -> list[Element]:
    return [table for body in _children(root, "spreadsheet") for table in body if _local(table) == "table"]


def _children(root: Element, name: str) -> list[Element]:
    return [element for element in root.iter() if _local(element) == name]


def _nested(element: Element, names: set[str]) -> Iterator[Element]:
    """Return the rows and columns of a table, those in groups and header rows too, in their order."""
    for child in element:
        if _local(child) in names:
            yield child
        elif _local(child).startswith("table-"):
            yield from _nested(child, names)


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _attribute(element: Element, name: str, *, extension: bool = False) -> str:
    """Return an attribute by its local name; empty when there is none.

    Args:
        extension: read that of LibreOffice's extension, where both have the name.
    """
    return next(
        (
            value
            for key, value in element.attrib.items()
            if key.rpartition("}")[2] == name and ("calcext" in key) == extension
        ),
        "",
    )


def _number(element: Element, name: str) -> int:
    return max(1, int(_attribute(element, name) or 1))
