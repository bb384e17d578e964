"""Excel workbooks, opened safely: unpacking, merged cells and repetition are limited."""

import io
import posixpath
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import IO, Any
from xml.etree.ElementTree import Element

from defusedxml import ElementTree
from django.utils.translation import gettext, gettext_lazy
from openpyxl import load_workbook
from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.worksheet._reader import WorkSheetParser

from web.language import lazy_text
from web.tables.archives import check_archive
from web.tables.contents import HEADER_WITHIN_ROWS, RawCell, Sheet, TableError, cleaned, limit_filled_rows
from web.tables.markup import read_markup
from web.tables.merges import spread_merges
from web.tables.numbers import shown_number
from web.tables.periods import shown_period

NOT_STORED = lazy_text("is a formula whose result is not stored")
DAMAGED = gettext_lazy(
    "The workbook is damaged or is not an Excel workbook. Open it in Excel, save it again as .xlsx and try again."
)


class Workbook:
    """An .xlsx file.

    Raises:
        TableError: when it is damaged, encrypted, too large once unpacked, contains macros, or is no workbook.
    """

    def __init__(self, data: bytes, max_rows: int) -> None:
        self._data = data
        self._max_rows = max_rows
        self._sheets: dict[str, Sheet] = {}
        try:
            self._open()
        except TableError:
            raise
        except Exception as error:  # a damaged file can make the parser raise anything
            raise TableError(DAMAGED) from error

    def _open(self) -> None:
        self._zip = zipfile.ZipFile(io.BytesIO(self._data))
        _check_parts(self._zip)
        self._paths = _sheet_paths(self._zip)
        self._values = self._load()
        sheets = sorted(self._values.worksheets, key=lambda sheet: sheet.sheet_state != "visible")
        self.names = [sheet.title for sheet in sheets]
        self.hidden_names = frozenset(sheet.title for sheet in sheets if sheet.sheet_state != "visible")

    def _load(self) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns about formatting that it drops
            return load_workbook(io.BytesIO(self._data), read_only=True, data_only=True, keep_links=False)

    def sheet(self, name: str) -> Sheet:
        try:
            if name not in self._sheets:
                self._sheets[name] = self._sheet(name)
            return self._sheets[name]
        except TableError:
            raise
        except Exception as error:  # as above: sheets are parsed only now
            raise TableError(DAMAGED) from error

    def beginning(self, name: str) -> Sheet:
        try:
            rows: dict[int, dict[int, RawCell]] = {}
            sheet = self._values[name]
            with warnings.catch_warnings(), sheet._get_source() as source:
                warnings.simplefilter("ignore")
                for cell in _filled(sheet, self._parser(sheet, source), HEADER_WITHIN_ROWS):
                    rows.setdefault(cell.row, {})[cell.column] = _raw(cell)
            return Sheet(name, rows)
        except Exception as error:  # as above
            raise TableError(DAMAGED) from error

    def _sheet(self, name: str) -> Sheet:
        markup = read_markup(self._zip.read(self._paths[name]))
        rows: dict[int, dict[int, RawCell]] = {}
        sheet = self._values[name]
        with warnings.catch_warnings(), sheet._get_source() as source:
            warnings.simplefilter("ignore")
            parser = self._parser(sheet, source)
            for cell in _filled(sheet, parser):
                raw = _raw(cell)
                if raw.text or raw.error:
                    if (cell.row, cell.column) in markup.computed:
                        raw = replace(raw, computed=True)
                    rows.setdefault(cell.row, {})[cell.column] = raw
                    limit_filled_rows(len(rows), self._max_rows)
        for row, column in markup.empty:
            if row in rows and column not in rows[row]:
                rows[row][column] = RawCell(None, "", NOT_STORED, computed=True)
        alone = [place for place in sorted(markup.empty) if place[0] not in rows]
        merges = parser.merged_cells.mergeCell if parser.merged_cells else ()
        spread_merges(name, rows, [merge.bounds for merge in merges])
        return Sheet(
            name,
            dict(sorted(rows.items())),
            hidden_rows=frozenset(markup.hidden_rows),
            hidden_columns=frozenset(markup.hidden_columns),
            without_results=tuple(alone),
        )

    def _parser(self, sheet: Any, source: IO[bytes]) -> WorkSheetParser:
        """Return openpyxl's parser; the sheet's own way in fills gaps: millions of rows before one that says it is the last."""
        return WorkSheetParser(
            source,
            sheet._shared_strings,
            data_only=True,
            epoch=self._values.epoch,
            date_formats=self._values._date_formats,
            timedelta_formats=self._values._timedelta_formats,
        )


def _filled(sheet: Any, parser: WorkSheetParser, last: int | None = None) -> Iterator[ReadOnlyCell]:
    for number, cells in parser.parse():
        if last and number > last:
            return
        yield from (ReadOnlyCell(sheet, **cell) for cell in cells if cell["value"] is not None)


def _check_parts(archive: zipfile.ZipFile) -> None:
    check_archive(archive, str(DAMAGED))
    names = {info.filename for info in archive.infolist()}
    if any(posixpath.basename(name).lower() == "vbaproject.bin" for name in names):
        raise TableError(
            gettext("The workbook contains macros, which are refused. Save it as .xlsx without macros.")
        )
    if not {"[Content_Types].xml", "xl/workbook.xml"} <= names:
        raise TableError(gettext("The file is not an Excel workbook, even if its name says so."))


def _sheet_paths(archive: zipfile.ZipFile) -> dict[str, str]:
    """Each sheet's name and its part of the file."""
    targets = {
        item.attrib["Id"]: posixpath.normpath(posixpath.join("/xl", item.attrib["Target"])).lstrip("/")
        for item in _xml(archive, "xl/_rels/workbook.xml.rels")
    }
    sheets = (
        element for element in _xml(archive, "xl/workbook.xml").iter() if _local(element.tag) == "sheet"
    )
    return {
        sheet.attrib["name"]: targets[next(v for k, v in sheet.attrib.items() if _local(k) == "id")]
        for sheet in sheets
    }


def _xml(archive: zipfile.ZipFile, part: str) -> Element:
    root: Element = ElementTree.fromstring(archive.read(part))
    return root


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _raw(cell: Any) -> RawCell:
    value = cell.value
    if cell.data_type == "e":
        return RawCell(None, str(value), gettext("contains the error {value}").format(value=value))
    if isinstance(value, datetime | date):
        if period := shown_period(value, str(cell.number_format)):
            return RawCell(period, period.phrase)
        return RawCell(value, f"{value:%d/%m/%Y}")
    if isinstance(value, str):
        text = cleaned(value)
        return RawCell(text, text)
    return RawCell(value, shown_number(value, str(cell.number_format)))
