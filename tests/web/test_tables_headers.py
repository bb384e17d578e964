"""Headers as desks write them: over two rows, repeated in another order, with a revised date, or without references."""

from datetime import date
from pathlib import Path

import pytest

from importing.findings.services.rows import FINDINGS
from importing.plans.services.specification import PLAN
from tests.web.test_tables import saved, workbook
from web.tables import Table, TableError, read_table

FILES = Path(__file__).parent.parent / "importing"


def plan(name: str) -> Table:
    return read_table((FILES / "plans" / "files" / name).read_bytes(), name, PLAN)


def texts(table: Table, *keys: str) -> list[tuple[str, ...]]:
    return [tuple(row.text(key) for key in keys) for row in table.rows if row.lone is None]


def test_a_header_of_two_rows_combines_the_names_below_a_wide_one() -> None:
    table = plan("grouped.xlsx")
    assert texts(table, "ref", "lead", "owner") == [
        ("FT-01", "Leeds Council", "Prevent programme manager"),
        ("FT-02", "Wakefield Council", "Prevent programme manager"),
    ]
    assert table.columns["owner"].header == "Lead Officer"


def test_a_second_row_of_known_names_completes_a_header() -> None:
    assert texts(plan("known-subheads.xlsx"), "lead", "owner") == [("Leeds Council", "manager@example.org")]


def test_a_revised_date_counts_where_it_is_filled_and_keeps_the_first_one() -> None:
    revised, unrevised = plan("revised.xlsx").rows
    assert (revised.text("due"), revised.cells["due"].letter) == ("31/03/2021", "F")
    assert revised.originals["due"].text == "30/09/2020"
    assert (unrevised.text("due"), unrevised.originals) == ("31/12/2020", {})


@pytest.mark.parametrize(
    "title", ["Revised target date", "Target date (revised)", "Amended due date", "New deadline"]
)
def test_a_revised_date_alone_is_the_date(title: str) -> None:
    rows = [("Ref", "Action", title), ("1", "Brief the teams", date(2021, 3, 31))]
    table = read_table(saved(workbook(rows)), "plan.xlsx", PLAN)
    assert texts(table, "due") == [("31/03/2021",)]


def test_references_that_begin_the_actions_are_taken_from_them() -> None:
    assert texts(plan("key-action-one-table.xlsx"), "ref", "title") == [
        ("1.1", "Every partner supports two neighbourhood events a year"),
        ("1.2", "Run the youth workshops for a second year"),
    ]


def test_numbered_sections_with_headers_of_their_own_are_headings() -> None:
    table = plan("key-action.xlsx")
    assert [row.lone.text for row in table.rows if row.lone] == [
        "1. Working with voluntary groups",
        "2. Governance",
    ]
    assert texts(table, "ref") == [("1.1",), ("1.2",), ("2.1",)]


def test_actions_without_numbers_still_need_a_column_of_references() -> None:
    rows = [
        ("Key action", "Timescale"),
        ("Brief the teams", "Ongoing"),
        ("2 Map the practice", "Ongoing"),
        ("x", "y"),
    ]
    with pytest.raises(TableError, match="No column was found for the reference"):
        read_table(saved(workbook(rows)), "plan.xlsx", PLAN)


def test_a_second_table_in_another_order_is_read_by_its_own_header() -> None:
    assert texts(plan("other-order.xlsx"), "ref", "title", "lead", "due") == [
        ("FT-01", "Brief officers", "Leeds Council", "31/03/2021"),
        ("FT-02", "Hold a workshop", "Wakefield Council", "30/06/2021"),
        ("FT-03", "Keep the list current", "OPCC", "Ongoing"),
    ]


def test_an_audit_register_has_its_own_numbers_and_revised_dates() -> None:
    data = (FILES / "findings" / "files" / "audit.csv").read_bytes()
    table = read_table(data, "audit.csv", FINDINGS)
    assert texts(table, "number", "deadline_phrase") == [
        ("IA/20/07", "30/09/2020"),
        ("IA/20/08", "31/07/2020"),
    ]
    assert {"Status", "Validated"} <= set(table.not_imported)


@pytest.mark.parametrize(
    ("name", "data"), [("plan.xls", b"\xd0\xcf\x11\xe0 old"), ("plan.ods", b"PK"), ("plan.numbers", b"PK")]
)
def test_another_kind_of_file_is_refused_with_what_to_do(name: str, data: bytes) -> None:
    with pytest.raises(TableError, match=r"choose Save As and the type Excel Workbook \(\.xlsx\)"):
        read_table(data, name, PLAN)
