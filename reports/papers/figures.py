"""Every figure of a paper as rows: for a CSV file with its description, and for a workbook."""

import csv
from collections.abc import Iterator
from datetime import date
from io import StringIO
from typing import Any

from reports.figures.cells import text_of
from reports.papers.models import Paper
from reports.papers.outline import control_of, cover_of
from web.exports import csv_cell
from web.workbooks import Sheet, Workbook

# Name, heading, datatype of the W3C and what it is; the order of the file.
COLUMNS = (
    ("marking", "Marking", "string", "The marking of the paper."),
    ("paper", "Paper", "string", "The title of the paper."),
    ("version", "Version", "integer", "The version of the paper."),
    ("as_at", "As at", "date", "The day of the figures."),
    ("section", "Section", "string", "The heading of the section."),
    ("section_number", "Section number", "integer", "The place of the section in the paper, from 1."),
    ("table", "Table", "string", "The name of the table in addresses."),
    ("caption", "Caption", "string", "The caption of the table."),
    ("row_number", "Row number", "integer", "The place of the row in the table, from 1."),
    ("row", "Row", "string", "The heading of the row."),
    ("column_number", "Column number", "integer", "The place of the column in the table, from 1."),
    ("column", "Column", "string", "The heading of the column."),
    ("value", "Value", "integer", "The figure, where the cell has one."),
    ("of", "Of", "integer", "The whole that the figure is a part of."),
    ("percent", "Per cent", "integer", "The share, rounded half up to a whole per cent."),
    ("text", "Text", "string", "The cell as the paper prints it."),
    ("references", "References", "string", "The rows behind a count."),
)
KEY = ("section_number", "table", "row_number", "column_number")
SEPARATOR = "; "
OPTIONAL = frozenset({"value", "of", "percent", "text", "references"})
CSVW = "http://www.w3.org/ns/csvw"


def figures_of(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every cell of every table, in the order of the paper."""
    whole = {
        "marking": content["marking"],
        "paper": content["paper"]["title"],
        "version": content["paper"]["number"],
        "as_at": content["on"],
    }
    for place, section in enumerate(content["sections"], start=1):
        for table in section["tables"]:
            here = whole | {
                "section": section["heading"],
                "section_number": place,
                "table": table["key"],
                "caption": table["caption"],
            }
            for line, row in enumerate(table["rows"], start=1):
                for column, cell in enumerate(row["cells"], start=1):
                    yield here | {
                        "row_number": line,
                        "row": row["label"],
                        "column_number": column,
                        "column": table["columns"][column],
                        "value": cell.get("n"),
                        "of": cell.get("of"),
                        "percent": cell.get("percent"),
                        "text": text_of(cell),
                        "references": cell.get("refs", []),
                    }


def csv_of(content: dict[str, Any]) -> str:
    """Return every figure as CSV (RFC 4180), with formulas made harmless."""
    file = StringIO()
    writer = csv.writer(file)
    writer.writerow([title for _, title, *_ in COLUMNS])
    for figure in figures_of(content):
        row = figure | {"references": SEPARATOR.join(figure["references"])}
        writer.writerow([csv_cell(row[name]) for name, *_ in COLUMNS])
    return file.getvalue()


def description_of(paper: Paper, content: dict[str, Any], *, address: str) -> dict[str, Any]:
    """Return the description of the CSV file as the W3C's CSV on the Web has it.

    Args:
        address: of the CSV file, relative to the description or whole.
    """
    description = {
        "@context": [CSVW, {"@language": "en"}],
        "url": address,
        "dc:title": f"Figures of {content['paper']['title']}",
        "dc:publisher": content["paper"]["partnership"],
        "dc:date": {"@value": content["on"], "@type": "xsd:date"},
        "dc:accessRights": content["marking"],
        "dc:identifier": f"sha256:{paper.sha256}" if paper.sha256 else "",
        "dialect": {"header": True, "encoding": "utf-8", "delimiter": ",", "doubleQuote": True},
        "tableSchema": {
            "columns": [_column(*column) for column in COLUMNS],
            "primaryKey": list(KEY),
        },
    }
    return {name: value for name, value in description.items() if value}


def workbook_of(paper: Paper, content: dict[str, Any]) -> Workbook:
    """Return every table of a paper as a workbook: one table a sheet, after its cover."""
    title, cover = content["paper"]["title"], content["paper"]
    control = [*cover_of(content), *control_of(paper, content)]
    handling = [("Handling", cover["handling_instruction"])] if cover["handling_instruction"] else []
    sheets = [
        Sheet(
            "Cover",
            ("Item", "Detail"),
            [("Marking", content["marking"]), *handling, ("Title", title), *control],
        )
    ]
    for section in content["sections"]:
        sheets += [
            Sheet(
                table["caption"],
                tuple(table["columns"]),
                [[row["label"], *(_value(cell) for cell in row["cells"])] for row in table["rows"]],
            )
            for table in section["tables"]
            if table["rows"]
        ]
    return Workbook(
        title=title,
        author=cover["partnership"],
        marking=content["marking"],
        dated=date.fromisoformat(content["on"]),
        sheets=sheets,
    )


def _value(cell: dict[str, Any]) -> Any:
    return cell["n"] if "n" in cell and "of" not in cell else text_of(cell)


def _column(name: str, title: str, datatype: str, description: str) -> dict[str, Any]:
    column: dict[str, Any] = {
        "name": name,
        "titles": title,
        "datatype": datatype,
        "dc:description": description,
        "required": name not in OPTIONAL,
    }
    if name == "references":
        column["separator"] = SEPARATOR
    return column
