"""OpenDocument spreadsheets are read as the same workbooks in Excel, and refused in words."""

from datetime import date, datetime
from pathlib import Path

import pytest

from importing.plans.services.specification import PLAN
from standards.dates import Period
from tests.web.open_documents import archive, cell, converted, document, row, table
from tests.web.test_tables import HEADER, SPECIFICATION
from web.tables import Table, TableError, read_table

FILES = Path(__file__).parent.parent / "importing" / "plans" / "files"
TITLES = row(*map(cell, HEADER))


def read(*rows: str, before: str = "") -> Table:
    return read_table(document(table("Plan", before + TITLES + "".join(rows))), "plan.ods", SPECIFICATION)


@pytest.mark.parametrize(
    "name",
    [
        *("month-cells.xlsx", "filtered.xlsx", "grouped.xlsx", "revised.xlsx", "references.xlsx", "prefilled.xlsx"),
        *("timescales.xlsx", "key-action.xlsx", "other-order.xlsx", "long.xlsx", "mac1904.xlsx"),
    ],
)  # fmt: skip
def test_a_plan_is_read_as_from_excel(name: str) -> None:
    workbook = (FILES / name).read_bytes()
    expected = read_table(workbook, "plan.xlsx", PLAN)
    plan = read_table(converted(workbook), "plan.ods", PLAN)
    assert [row.cells for row in plan.rows] == [row.cells for row in expected.rows]
    assert [row.lone for row in plan.rows] == [row.lone for row in expected.rows]
    assert (plan.problems, plan.warnings) == (expected.problems, expected.warnings)


def test_repeated_cells_and_rows_are_each_read() -> None:
    same = cell("OPCC", 'office:value-type="string" table:number-columns-repeated="2"')
    plan = read(
        row(cell("1"), cell("Brief"), same, attributes='table:number-rows-repeated="2"'),
        row('<table:table-cell table:number-columns-repeated="16384"/>', attributes='table:number-rows-repeated="3"'),
        row(cell("2"), cell("Train")),
    )  # fmt: skip
    assert [(each.number, each.text("lead"), each.text("due")) for each in plan.rows] == [
        (2, "OPCC", "OPCC"),
        (3, "OPCC", "OPCC"),
        (7, "", ""),
    ]


def test_the_texts_of_a_cell_are_its_paragraphs_without_comments() -> None:
    content = (
        "<table:table-cell><office:annotation><text:p>Ask Sam</text:p></office:annotation>"
        '<text:p>Brief<text:s text:c="2"/><text:span>every</text:span> team<text:line-break/>now</text:p>'
        "<text:p>and then</text:p></table:table-cell>"
    )
    assert read(row(cell("1"), content)).rows[0].text("title") == "Brief  every team\nnow\nand then"


def test_dates_formulas_and_errors() -> None:
    day = 'office:value-type="date" office:date-value="{}"'
    plan = read(
        row(cell("1"), cell("a"), cell("OPCC"), cell("31 Mar 2021", day.format("2021-03-31T00:00:00"))),
        row(cell("2"), cell("b"), cell("OPCC"), cell("2021", day.format("2021-03-31"))),
        row(cell("3"), cell("c"), cell("#REF!", 'table:formula="of:=X1" office:value-type="string"')),
        row(cell("4"), cell("d"), cell("", 'table:formula="of:=X1"')),
    )
    assert [each.cells["due"].value for each in plan.rows[:2]] == [
        datetime(2021, 3, 31),
        Period(date(2021, 1, 1), date(2021, 12, 31), "2021"),
    ]
    assert [str(problem) for problem in plan.problems] == [
        "sheet Plan, row 4, column C (Lead agency): “#REF!” contains the error #REF!",
        "sheet Plan, row 5, column C (Lead agency): is a formula whose result is not stored",
    ]


def test_rows_in_groups_and_the_header_rows_of_prints_are_read() -> None:
    rows = row(cell("1"), cell("Brief"))
    header = f"<table:table-header-rows>{TITLES}</table:table-header-rows>"
    content = f"{header}<table:table-row-group>{rows}</table:table-row-group>"
    plan = read_table(document(table("Plan", content)), "plan.ods", SPECIFICATION)
    assert [each.text("ref") for each in plan.rows] == ["1"]


BOMB = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
ROW = row(cell("1"), cell("Train"))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"PK\x03\x04 no archive", "damaged"),
        (b"Ref,Action\n1,Train\n", "named .ods but is not a workbook"),
        (archive("<a", manifest=""), "damaged"),
        (archive("<a/>", manifest="<encryption-data/>"), "encrypted"),
        (archive("<a/>", mime_type="application/vnd.oasis.opendocument.text"), "not an OpenDocument"),
        (document(table("Plan", TITLES + ROW), parts={"Basic/script.xml": "x"}), "contains macros"),
        (document(table("Plan", TITLES + ROW), parts={"styles.xml": BOMB}), "damaged"),
        (document(), "no sheets"),
        (document(table("Plan", TITLES + row(cell("1"), attributes='table:number-rows-repeated="900000"'))), "more than 60 rows"),
    ],
)  # fmt: skip
def test_a_spreadsheet_that_cannot_be_read_is_refused_in_words(data: bytes, message: str) -> None:
    with pytest.raises(TableError, match=message):
        read_table(data, "plan.ods", SPECIFICATION)
