"""Workbooks for other programs: one table a sheet, the header in the first row, nothing merged and nothing hidden."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

import odfdo

from standards.text import clean_text
from web.documents.archive import undated
from web.documents.odf_tables import add_row, add_table, add_value
from web.xlsx import NARROWEST, SHEET_TITLE_LENGTH, WIDEST, SheetWriter, writing_book

LANGUAGE = "en-GB"
CHARACTER = 0.2  # the width of one, in cm
ODF_PARTS = frozenset(
    {"mimetype", "content.xml", "meta.xml", "settings.xml", "styles.xml", "META-INF/manifest.xml"}
)
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
    dated: date
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
    file = BytesIO()
    with writing_book(file) as book:
        book.set_properties(
            {
                "title": clean_text(workbook.title),
                "keywords": workbook.marking,
                "author": clean_text(workbook.author),
                "created": datetime.combine(workbook.dated, time(12)),
            }
        )
        for name, sheet in zip(workbook.names, workbook.sheets, strict=True):
            page = SheetWriter(book, name, workbook.marking)
            page.set_widths(widths_of(sheet))
            page.append_header(sheet.header)
            for row in sheet.rows:
                page.append(row)
    return file.getvalue()


def ods(workbook: Workbook) -> bytes:
    """Return the workbook as ODS. Its cells are values, so no program runs one as a formula."""
    document = odfdo.Document("spreadsheet")
    for path in set(document.container.parts) - ODF_PARTS:
        document.container.del_part(path)
    for path in set(document.manifest.get_paths()) - ODF_PARTS - {"/"}:
        document.manifest.del_full_path(path)
    document.body.clear()
    for statistic in document.meta.get_elements("//meta:document-statistic"):
        statistic.delete()
    meta = document.meta
    meta.title, meta.keyword, meta.language = clean_text(workbook.title), workbook.marking, LANGUAGE
    meta.initial_creator = meta.creator = clean_text(workbook.author)
    meta.creation_date = meta.date = datetime.combine(workbook.dated, time(12))
    for edge in document.styles.get_elements("//style:header|//style:footer"):
        edge.clear()
        edge.append(odfdo.Paragraph(workbook.marking))
    for width in sorted({width for sheet in workbook.sheets for width in widths_of(sheet)}):
        column = odfdo.Style("table-column", name=f"Width {width}", width=f"{width * CHARACTER:.1f}cm")
        document.insert_style(column, automatic=True)
    for name, sheet in zip(workbook.names, workbook.sheets, strict=True):
        columns = (f"Width {width}" for width in widths_of(sheet))
        header, rows = add_table(document.body, name=name, columns=columns)
        _add_ods_row(header, sheet.header)
        for values in sheet.rows:
            _add_ods_row(rows, values)
    file = BytesIO()
    document.save(file)
    return undated(file.getvalue())


def _add_ods_row(rows: Any, values: Sequence[Any]) -> None:
    row = add_row(rows)
    for value in values:
        add_value(row, value, clean_text("" if value is None else str(value)))


def widths_of(sheet: Sheet) -> list[int]:
    """Return the width of each column in characters."""
    columns = zip(sheet.header, *sheet.rows, strict=True)
    return [min(max(NARROWEST, *(len(str(value)) for value in column)), WIDEST) for column in columns]
