"""Tables are read from Excel and CSV as people keep them, and what cannot be read is refused in words."""

import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pytest
from openpyxl import Workbook

from web.tables import Column, Specification, Table, TableError, read_table

SPECIFICATION = Specification(
    columns=(
        Column("ref", "a reference", ("Ref", "Action no.", "No."), required=True),
        Column("title", "the action", ("Action", "What we will do"), required=True),
        Column("lead", "the lead", ("Lead agency", "Lead")),
        Column("due", "the due date", ("By when", "Due")),
    ),
    max_rows=60,
)
HEADER = ("Ref", "What we will do", "Lead agency", "By when")


def workbook(rows: Sequence[Sequence[Any]], merges: Sequence[str] = (), title: str = "Plan") -> Workbook:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for merge in merges:
        sheet.merge_cells(merge)
    return book


def saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def read(rows: Sequence[Sequence[Any]], merges: Sequence[str] = (), sheet: str = "") -> Table:
    return read_table(saved(workbook(rows, merges)), "plan.xlsx", SPECIFICATION, sheet)


def with_part(data: bytes, name: str, content: bytes, *, appended: bool = True) -> bytes:
    """The workbook with one part added or replaced."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if info.filename != name:
                new.writestr(info, old.read(info))
        new.writestr(name, content)
    return buffer.getvalue()


def test_the_header_is_found_among_title_rows_by_any_of_its_names() -> None:
    table = read([
        ("Prevent Business Plan 2019/20",),
        ("Action plan, version 3", None, None, None),
        (),
        ("Action\nNo", "WHAT WE WILL DO (summary)", "lead  agency:", "RAG", "By when"),
        (1.1, "Train staff", "OPCC", "G", date(2020, 3, 31)),
    ])  # fmt: skip
    assert table.header_row == 4
    assert {key: cell.letter for key, cell in table.columns.items()} == {
        "ref": "A", "title": "B", "lead": "C", "due": "E",
    }  # fmt: skip
    assert table.columns["title"].header == "WHAT WE WILL DO (summary)"
    assert table.not_imported == ["RAG"]
    (row,) = table.rows
    assert (row.number, row.text("ref"), row.text("lead")) == (5, "1.1", "OPCC")
    assert row.cells["due"].value == datetime(2020, 3, 31)


def test_a_header_may_span_two_rows() -> None:
    table = read(
        [
            ("Ref", "Action", "Responsibility", None),
            (None, None, "Lead", "By when"),
            (1, "Train", "OPCC", "TBC"),
        ]
    )
    assert set(table.columns) == {"ref", "title", "lead", "due"}
    assert [row.text("title") for row in table.rows] == ["Train"]


def test_a_value_merged_down_belongs_to_each_of_its_rows() -> None:
    table = read([HEADER, (1, "Train", "OPCC", "TBC"), (2, "Brief", None, None)], ["C2:C3"])
    assert [row.text("lead") for row in table.rows] == ["OPCC", "OPCC"]


def test_a_row_whose_name_is_merged_down_adds_to_the_row_above() -> None:
    table = read(
        [HEADER, (1, "Train", "OPCC", "TBC"), (None, None, "Council", None), (2, "Brief", "OPCC", None)],
        ["A2:A3", "B2:B3"],
    )
    assert [(row.text("ref"), row.text("lead")) for row in table.rows] == [
        ("1", "OPCC\nCouncil"),
        ("2", "OPCC"),
    ]


def test_lone_texts_are_marked_and_blank_and_repeated_header_rows_are_left_out() -> None:
    table = read(
        [
            HEADER,
            ("IDENTIFY",),
            (1, "Train"),
            (),
            HEADER,
            (None, "Safeguard"),
            (2, "Brief"),
            ("Note: provisional",),
        ],
        ["A2:D2"],
    )
    assert [(row.number, row.lone.text if row.lone else None) for row in table.rows] == [
        (2, "IDENTIFY"), (3, None), (6, "Safeguard"), (7, None), (8, "Note: provisional"),
    ]  # fmt: skip
    heading, inside = table.rows[0].lone, table.rows[2].lone
    assert heading
    assert (heading.first, heading.merged) == (True, True)
    assert inside
    assert (inside.first, inside.merged) == (False, False)


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (1.1, "0.00", "1.10"),
        (1.1, "General", "1.1"),
        (3.0, "General", "3"),
        (0.5, "0%", "50%"),
        (True, "General", "Yes"),
    ],
)
def test_numbers_read_as_the_sheet_shows_them(value: float, number_format: str, text: str) -> None:
    book = workbook([HEADER, (value, "Train")])
    book.worksheets[0]["A2"].number_format = number_format
    assert read_table(saved(book), "plan.xlsx", SPECIFICATION).rows[0].text("ref") == text


def test_text_is_cleaned_of_what_excel_leaves_in_it() -> None:
    table = read([HEADER, (1, " Train\u00a0staff _x000D_\nand partners\u200b ")])
    assert table.rows[0].text("title") == "Train staff\nand partners"


def test_errors_and_formulas_without_a_result_are_reported_with_their_place() -> None:
    book = workbook([HEADER, (1, "=B9", "OPCC", None), (2, "Brief", "#REF!", "=TODAY()")])
    book.worksheets[0]["C3"].data_type = "e"
    table = read_table(saved(book), "plan.xlsx", SPECIFICATION)
    assert [str(problem) for problem in table.problems] == [
        "sheet Plan, row 2, column B (What we will do): is a formula whose result is not stored",
        "sheet Plan, row 3, column C (Lead agency): \u201c#REF!\u201d contains the error #REF!",
        "sheet Plan, row 3, column D (By when): is a formula whose result is not stored",
    ]


def test_the_first_visible_sheet_with_a_header_is_read_unless_one_is_named() -> None:
    book = workbook([HEADER, (9, "Old")], title="2018")
    book.worksheets[0].sheet_state = "hidden"
    book.create_sheet("Cover").append(["Prevent plan"])
    for name, ref in (("2019", 1), ("2020", 2)):
        sheet = book.create_sheet(name)
        sheet.append(list(HEADER))
        sheet.append([ref, "Train"])
    book.active = 1
    data = saved(book)
    assert read_table(data, "plan.xlsx", SPECIFICATION).sheet == "2019"
    assert read_table(data, "plan.xlsx", SPECIFICATION, "2020").rows[0].text("ref") == "2"
    assert read_table(data, "plan.xlsx", SPECIFICATION, "2018").rows[0].text("ref") == "9"
    with pytest.raises(TableError, match=r"no sheet called 2021\. The sheets are: Cover, 2019, 2020, 2018\."):
        read_table(data, "plan.xlsx", SPECIFICATION, "2021")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_is_read_in_the_encodings_and_with_the_separators_it_comes_in(
    encoding: str, separator: str
) -> None:
    lines = [
        ["Plan"],
        [],
        list(HEADER),
        ["1", '"Train; brief,\tcaf\u00e9 \u2013\nall"', "OPCC", "31/03/2020"],
    ]
    data = "\r\n".join(separator.join(line) for line in lines).encode(encoding)
    table = read_table(data, "Plan 2019.csv", SPECIFICATION)
    (row,) = table.rows
    assert (table.sheet, row.number) == ("Plan 2019", 4)
    assert row.text("title") == "Train; brief,\tcaf\u00e9 \u2013\nall"
    assert row.cells["due"].letter == "D"


def test_missing_columns_are_named_with_what_the_header_reads() -> None:
    with pytest.raises(
        TableError, match=r"No column was found for a reference .*Row 2 of sheet Plan reads: Action, Lead"
    ):
        read([("Plan",), ("Action", "Lead"), ("Train", "OPCC")])
    with pytest.raises(TableError, match="Sheet Plan has no header row"):
        read([("Plan",), ("Some", "text")])


GOOD = saved(workbook([HEADER, (1, "Train")]))
ENTITIES = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'


@pytest.mark.parametrize(
    ("data", "filename", "message"),
    [
        (b"", "plan.xlsx", "empty"),
        (b" \n", "plan.csv", "empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "plan.xls", r"old Excel workbook \(\.xls\)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "plan.xlsx", "old Excel workbook"),
        (
            b"Ref,Action\n1,Train\n",
            "plan.xlsx",
            r"named .xlsx but is not a workbook. If it is text with commas, rename it .* in \.csv",
        ),
        (GOOD, "plan.csv", r"named .csv but is a compressed file, .* rename it .* in \.xlsx"),
        (GOOD, "plan.xlsm", "macros"),
        (with_part(GOOD, "xl/vbaProject.bin", b"x"), "plan.xlsx", "contains macros"),
        (GOOD, "plan.ods", "not an OpenDocument spreadsheet"),
        (GOOD, "plan.xlsb", r"must be an Excel workbook \(\.xlsx\), .* or CSV \(\.csv\), not \.xlsb"),
        (b"%PDF-1.7", "plan.pdf", r"is a document \(\.pdf\), not a table. Copy its table"),
        (GOOD, "plan", "not a file without an extension"),
        (GOOD[:700], "plan.xlsx", "damaged"),
        (GOOD[:-30] + b"\0" * 30, "plan.xlsx", "damaged"),
        (with_part(GOOD, "xl/worksheets/sheet1.xml", b"<worksheet"), "plan.xlsx", "damaged"),
        (with_part(GOOD, "xl/worksheets/sheet1.xml", ENTITIES), "plan.xlsx", "damaged"),
        (
            with_part(GOOD, "xl/media/bomb.bin", b"\0" * (51 * 1024 * 1024)),
            "plan.xlsx",
            "larger than 50 MB once unpacked",
        ),
        (b"PK\x03\x04 no archive", "plan.xlsx", "damaged"),
        (b"Ref,Action\n1,\0\n", "plan.csv", "not text"),
        (b"Ref,Action\n1,caf\x81\n", "plan.csv", "not text"),
        (b"Ref,Action\n1," + b"x" * 200_000, "plan.csv", "not CSV"),
        (b"Ref,Action\n", "plan.csv", "no rows below"),
        (b"Ref,Action\n" + b"1,Train\n" * 61, "plan.csv", "more than 60 rows"),
        (b"Ref,Action\n" + b"1,Train\n" * 200, "plan.csv", "more than 60 rows"),
        (saved(workbook([HEADER, *[(1, "Train")] * 200])), "plan.xlsx", "more than 60 rows"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(data: bytes, filename: str, message: str) -> None:
    with pytest.raises(TableError, match=message):
        read_table(data, filename, SPECIFICATION)


@pytest.mark.parametrize(
    "part",
    [
        "[Content_Types].xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "xl/worksheets/sheet1.xml",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_part_that_defines_entities_is_refused(part: str, encoding: str) -> None:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        text = archive.read(part).decode()
    body = text.partition("?>")[2] if text.startswith("<?xml") else text
    root = body.strip().lstrip("<").split()[0].split(">")[0]
    declared = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE {root} [<!ENTITY b "c">]>{body}'
    with pytest.raises(TableError, match="damaged"):
        read_table(with_part(GOOD, part, declared.encode(encoding)), "plan.xlsx", SPECIFICATION)


def test_another_office_document_is_no_workbook() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
    with pytest.raises(TableError, match="not an Excel workbook"):
        read_table(buffer.getvalue(), "plan.xlsx", SPECIFICATION)


def test_a_merge_or_a_cell_at_the_far_end_of_the_sheet_costs_nothing() -> None:
    data = saved(workbook([HEADER, (1, "Train", "OPCC", "TBC")]))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        content = archive.read("xl/worksheets/sheet1.xml")
    content = content.replace(
        b"</sheetData>",
        b'<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>end</t></is></c></row></sheetData>'
        b'<mergeCells count="1"><mergeCell ref="A4:XFD1048575"/></mergeCells>',
    )
    table = read_table(with_part(data, "xl/worksheets/sheet1.xml", content), "plan.xlsx", SPECIFICATION)
    assert [row.number for row in table.rows] == [2, 1048576]


def test_two_columns_of_a_specification_cannot_share_a_header() -> None:
    with pytest.raises(ValueError, match="Two columns are called lead"):
        Specification((Column("lead", "lead", ("Lead",)), Column("owner", "owner", ("lead",))))
