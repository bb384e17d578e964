"""The files of a paper, each made from its content: for reading, for changing and for reckoning on."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import rfc8785

from reports.charts.drawing import pictures_of
from reports.papers.document import document_of
from reports.papers.figures import csv_of, description_of, workbook_of
from reports.papers.models import Paper
from reports.papers.queries import contents_before
from web.documents import Paper as Document
from web.documents import docx, odt, pdf
from web.exports import file_name
from web.language import lazy_text
from web.uploads import TYPES
from web.workbooks import ods, xlsx

Write = Callable[[Paper, dict[str, Any]], bytes]


@dataclass(frozen=True)
class Form:
    """A kind of file.

    Attributes:
        ending: what its name ends with, after the name of the paper.
        label: as the page names it.
        media_type: its type in HTTP.
    """

    ending: str
    label: str
    media_type: str
    write: Write

    def name(self, paper: Paper) -> str:
        """Return the name of the file, in its address and where it is saved."""
        version = f"-version-{paper.number}" if paper.number > 1 else ""
        stage = "-draft" if paper.is_open else ""
        return f"{file_name(paper.title)}{version}{stage}{self.ending}"


def _document(write: Callable[[Document], bytes]) -> Write:
    return lambda paper, content: write(
        document_of(paper, content, pictures_of(content, contents_before(paper)))
    )


def _csv(paper: Paper, content: dict[str, Any]) -> bytes:
    return csv_of(content).encode()


def _description(paper: Paper, content: dict[str, Any]) -> bytes:
    description = description_of(paper, content, address=FORMS["csv"].name(paper))
    return json.dumps(description, ensure_ascii=False, indent=2).encode()


def _content(paper: Paper, content: dict[str, Any]) -> bytes:
    """Return the bytes that the SHA-256 is of."""
    return bytes(rfc8785.dumps(content))


FORMS: Mapping[str, Form] = {
    "pdf": Form(".pdf", "PDF", TYPES["pdf"], _document(pdf)),
    "docx": Form(".docx", lazy_text("Word (DOCX)"), TYPES["docx"], _document(docx)),
    "odt": Form(".odt", lazy_text("OpenDocument text (ODT)"), TYPES["odt"], _document(odt)),
    "xlsx": Form(
        "-tables.xlsx",
        lazy_text("tables as Excel (XLSX)"),
        TYPES["xlsx"],
        lambda paper, content: xlsx(workbook_of(paper, content)),
    ),
    "ods": Form(
        "-tables.ods",
        lazy_text("tables as OpenDocument (ODS)"),
        TYPES["ods"],
        lambda paper, content: ods(workbook_of(paper, content)),
    ),
    "csv": Form("-figures.csv", lazy_text("figures as CSV"), "text/csv; charset=utf-8; header=present", _csv),
    "csvw": Form(
        "-figures.csv-metadata.json",
        lazy_text("description of the CSV"),
        "application/csvm+json",
        _description,
    ),
    "json": Form("-content.json", lazy_text("content as JSON"), "application/json", _content),
}
