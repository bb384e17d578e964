"""Workbooks for other programs: one table a sheet, the header in the first row, nothing merged and nothing hidden."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter

from standards.text import clean_text
from web.exports import NARROWEST, SHEET_TITLE_LENGTH, WIDEST, cell_of

FORBIDDEN = re.compile(r"[\[\]:*?/\\\n\t']")


@dataclass(frozen=True)
class Sheet:
    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Workbook:
    """A workbook with its marking.

    Attributes:
        author: the organisation, not a person.
    """

    title: str
    author: str
    marking: str
    sheets: Sequence[Sheet]

    @property
    def names(self) -> list[str]:
        """The names of the sheets: no two alike, and none that a program refuses."""
        names: list[str] = []
        for sheet in self.sheets:
            name = FORBIDDEN.sub(" ", clean_text(sheet.title))[:SHEET_TITLE_LENGTH].strip() or "Table"
            number, first = 1, name
            while name.lower() in (each.lower() for each in names):
                number += 1
                name = f"{first[: SHEET_TITLE_LENGTH - 4].strip()} ({number})"
            names.append(name)
        return names


def xlsx(workbook: Workbook) -> bytes:
    """Return the workbook as XLSX, with its marking at the top and bottom of each printed page."""
    book = openpyxl.Workbook(write_only=True)
    properties = book.properties
    properties.title, properties.keywords = clean_text(workbook.title), workbook.marking
    properties.creator = properties.lastModifiedBy = clean_text(workbook.author)
    for name, sheet in zip(workbook.names, workbook.sheets, strict=True):
        page: Any = book.create_sheet(name)
        page.freeze_panes = "A2"
        page.page_setup.orientation = "landscape"
        page.page_setup.fitToHeight = 0
        page.sheet_properties.pageSetUpPr = openpyxl.worksheet.properties.PageSetupProperties(fitToPage=True)
        page.oddHeader.center.text = page.oddFooter.center.text = workbook.marking
        page.print_title_rows = "1:1"
        for column, width in enumerate(widths_of(sheet), start=1):
            page.column_dimensions[get_column_letter(column)].width = width
        page.append([cell_of(page, value, bold=True) for value in sheet.header])
        for row in sheet.rows:
            page.append([cell_of(page, value) for value in row])
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def widths_of(sheet: Sheet) -> list[int]:
    """Return the width of each column in characters."""
    columns = zip(sheet.header, *sheet.rows, strict=True)
    return [min(max(NARROWEST, *(len(str(value)) for value in column)), WIDEST) for column in columns]
