"""Workbooks in Excel's format, written row by row to disk to save memory. No cell is run as a formula."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from tempfile import TemporaryDirectory
from typing import IO, Any, NamedTuple

import xlsxwriter
from django.utils import timezone

from standards.text import clean_text
from web.formulas import needs_guard

LONGEST_CELL = 32_767
SHEET_TITLE_LENGTH = 31
NARROWEST, WIDEST = 10, 60
# Pale enough for black words.
COLOURS = {"Red": "#F4CDC6", "Amber": "#FFE9A8", "Green": "#CCE2D8"}
A4 = 9
TEXT_STAYS_TEXT = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}


class Look(NamedTuple):
    """How a cell looks."""

    bold: bool
    wraps: bool = False
    # Excel's own leading apostrophe, outside the value: the cell stays text even after editing.
    is_guarded: bool = False
    number_format: str = ""
    colour: str = ""


class SheetWriter:
    """A sheet that is written from its first row to its last, for landscape pages with its marking on each."""

    def __init__(self, book: Any, title: str, marking: str = "") -> None:
        self._book, self._sheet = book, book.add_worksheet(title)
        self._formats: dict[Look, Any] = {}
        self.length = 0
        if marking:
            words = "&C" + clean_text(marking).replace("&", "&&")
            self._sheet.set_landscape()
            self._sheet.set_paper(A4)
            self._sheet.fit_to_pages(1, 0)
            self._sheet.set_header(words)
            self._sheet.set_footer(words)

    def set_widths(self, widths: Sequence[int]) -> None:
        """Set the width of each column, in characters."""
        for place, width in enumerate(widths):
            self._sheet.set_column(place, place, width)

    def append(self, row: Sequence[Any], *, bold: bool = False, rated: Collection[int] = ()) -> None:
        """Write the next row.

        Args:
            rated: the places of ratings, which are coloured as well.
        """
        for place, value in enumerate(row):
            self._write(place, value, bold=bold, is_rated=place in rated)
        self.length += 1

    def append_header(self, row: Sequence[Any]) -> None:
        """Write the next row as the header, which stays in sight and is printed on each page."""
        self.append(row, bold=True)
        self._sheet.freeze_panes(self.length, 0)
        self._sheet.repeat_rows(self.length - 1)

    def filter_from(self, header: int, columns: int) -> None:
        """Put a filter on each column.

        Args:
            header: the place of its row, counted from 0.
        """
        self._sheet.autofilter(header, 0, self.length - 1, columns - 1)

    def _write(self, place: int, value: Any, *, bold: bool, is_rated: bool) -> None:
        if value is None or value == "":
            return
        if isinstance(value, bool):
            value = "Yes" if value else "No"
        if isinstance(value, date):
            if isinstance(value, datetime):
                value = timezone.make_naive(value) if timezone.is_aware(value) else value
            moment = "dd/mm/yyyy hh:mm" if isinstance(value, datetime) else "dd/mm/yyyy"
            self._sheet.write_datetime(
                self.length, place, value, self._format(Look(bold, number_format=moment))
            )
        elif isinstance(value, int | float):
            self._sheet.write_number(self.length, place, value, self._format(Look(bold)))
        else:
            text = _shortened(clean_text(str(value)))
            colour = COLOURS.get(text, "") if is_rated else ""
            look = Look(bold, wraps=not bold, is_guarded=needs_guard(text), colour=colour)
            self._sheet.write_string(self.length, place, text, self._format(look))

    def _format(self, look: Look) -> Any:
        if look not in self._formats:
            wanted: dict[str, Any] = {"bold": look.bold, "quote_prefix": look.is_guarded}
            if look.wraps:
                wanted |= {"text_wrap": True, "valign": "top"}
            if look.number_format:
                wanted["num_format"] = look.number_format
            if look.colour:
                wanted["bg_color"] = look.colour
            self._formats[look] = self._book.add_format(wanted)
        return self._formats[look]


@contextmanager
def writing_book(file: IO[bytes]) -> Iterator[Any]:
    """Open a workbook for its sheets; on leaving, write it to the file. After an error the file is of no use."""
    with TemporaryDirectory(prefix="workbook-") as folder:
        book = xlsxwriter.Workbook(file, TEXT_STAYS_TEXT | {"constant_memory": True, "tmpdir": folder})
        try:
            yield book
        finally:
            book.close()


def _shortened(text: str) -> str:
    """Truncate text to the limit of a cell, which Excel counts in UTF-16 units."""
    if len(text) * 2 <= LONGEST_CELL:
        return text
    return text.encode("utf-16-le")[: LONGEST_CELL * 2].decode("utf-16-le", "ignore")
