"""Headers as desks write them: over two rows, repeated in another order, with a revised date, or without references."""

from datetime import date
from pathlib import Path

import pytest

from importing.findings.services.rows import FINDINGS
from importing.plans.services.specification import PLAN
from tests.web.test_tables import saved, workbook
from web.tables import MissingColumnsError, Table, TableError, read_table

FILES = Path(__file__).parent.parent / "importing"


def plan(name: str) -> Table:
    return read_table((FILES / "plans" / "files" / name).read_bytes(), name, PLAN)


def texts(table: Table, *keys: str) -> list[tuple[str, ...]]:
    return [tuple(row.text(key) for key in keys) for row in table.rows if row.lone is None]


def form_of(table: Table) -> dict[int, str]:
    """What the form of columns sends when nothing is changed in it."""
    return {title.number: title.key for title in table.titles}


@pytest.mark.parametrize(
    "name", ["revised.xlsx", "key-action-one-table.xlsx", "grouped.xlsx", "other-order.xlsx"]
)
def test_columns_chosen_as_they_are_read_change_nothing(name: str) -> None:
    data = (FILES / "plans" / "files" / name).read_bytes()
    table = read_table(data, name, PLAN)
    assert read_table(data, name, PLAN, keys=form_of(table)).rows == table.rows


def test_two_columns_cannot_be_chosen_as_the_same_one() -> None:
    data = (FILES / "plans" / "files" / "revised.xlsx").read_bytes()
    keys = form_of(read_table(data, "plan.xlsx", PLAN)) | {4: "title"}
    with pytest.raises(MissingColumnsError, match="Columns C and D cannot both be the title") as refusal:
        read_table(data, "plan.xlsx", PLAN, keys=keys)
    # The choices are still in the form.
    assert {title.number: title.key for title in refusal.value.titles} == keys


def test_a_revised_date_whose_first_one_is_left_out_is_the_date() -> None:
    data = (FILES / "plans" / "files" / "revised.xlsx").read_bytes()
    table = read_table(data, "plan.xlsx", PLAN, keys={5: ""})
    assert [(row.text("due"), row.originals) for row in table.rows] == [("31/03/2021", {}), ("", {})]


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


def test_a_column_without_a_title_is_named_and_can_be_chosen() -> None:
    data = (FILES / "plans" / "files" / "key-action.xlsx").read_bytes()
    table = read_table(data, "plan.xlsx", PLAN)
    assert table.not_imported == ["column B, which has no title", "Outcomes", "Notes"]
    assert [(title.letter, title.title, title.key) for title in table.titles][:2] == [
        ("A", "Key action", "title"),
        ("B", "", ""),
    ]
    chosen = read_table(data, "plan.xlsx", PLAN, keys=form_of(table) | {2: "supporting"})
    assert texts(chosen, "ref", "title")[2] == ("2.1", "Keep the partnership web page up to date")
    assert texts(chosen, "supporting") == [
        ("Leeds Council; Wakefield Council",),
        ("Leeds Council",),
        ("OPCC",),
    ]


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
    ("name", "data"), [("plan.xls", b"\xd0\xcf\x11\xe0 old"), ("plan.tsv", b"Ref"), ("plan.numbers", b"PK")]
)
def test_another_kind_of_file_is_refused_with_what_to_do(name: str, data: bytes) -> None:
    with pytest.raises(TableError, match=r"choose Save As and the type Excel Workbook \(\.xlsx\)"):
        read_table(data, name, PLAN)


def test_of_two_names_in_one_title_the_first_known_one_counts() -> None:
    rows = [
        ("Ref", "Task / Action", "Lead agency / officer", "Timescale or deadline"),
        ("1", "Brief", "OPCC", "2021/22"),
    ]
    assert texts(read_table(saved(workbook(rows)), "plan.xlsx", PLAN), "title", "lead", "due") == [
        ("Brief", "OPCC", "2021/22")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("Ref", "Action", "Lead", "By"), (None, None, "agency", "when")),
        (("Action", "What we", "Lead", "Due"), ("no.", "will do", "agency", "date")),
    ],
)
def test_titles_that_go_on_in_the_next_row_are_joined(
    first: tuple[str, ...], second: tuple[str | None, ...]
) -> None:
    rows = [first, second, ("1", "Brief", "OPCC", "May 2021"), ("2", "Map", None, None)]
    assert texts(read_table(saved(workbook(rows)), "plan.xlsx", PLAN), "ref", "title", "lead", "due") == [
        ("1", "Brief", "OPCC", "May 2021"),
        ("2", "Map", "", ""),
    ]


def test_tables_side_by_side_are_all_read() -> None:
    titles = ("Ref", "Action", "By when")
    rows = [
        (*titles, None, *titles, None, *titles, "Lead agency"),
        ("Identify",),
        ("1", "Brief", "May 2021", None, "2", "Map", "June 2021", None, "3", "Train", "July 2021", "OPCC"),
        ("4", "Visit", None, None, None, None, None, None, "5", "Meet"),
    ]
    table = read_table(saved(workbook(rows)), "plan.xlsx", PLAN)
    assert [row.lone.text for row in table.rows if row.lone] == ["Identify"]
    assert texts(table, "ref", "title", "due", "lead") == [
        ("1", "Brief", "May 2021", ""),
        ("2", "Map", "June 2021", ""),
        ("3", "Train", "July 2021", "OPCC"),
        ("4", "Visit", "", ""),
        ("5", "Meet", "", ""),
    ]
    assert table.warnings == ["3 tables side by side were read. They begin in columns A, E, I."]


def test_a_column_with_another_name_for_a_wanted_one_is_no_table_beside() -> None:
    rows = [("Ref", "Action", "Action no.", "Task"), ("1", "Brief", "7", "Map")]
    assert texts(read_table(saved(workbook(rows)), "plan.xlsx", PLAN), "ref", "title") == [("1", "Brief")]


def test_other_sheets_with_such_a_table_are_named() -> None:
    book = workbook([("Ref", "Action"), ("1", "Brief")], title="Identify")
    for title, state in (("Safeguard", "visible"), ("Last year", "hidden"), ("Notes", "visible")):
        sheet = book.create_sheet(title)
        sheet.append(("Some", "notes") if title == "Notes" else ("Ref", "Action"))
        sheet.sheet_state = state
    table = read_table(saved(book), "plan.xlsx", PLAN)
    assert table.warnings == [
        "Only sheet Identify was read. To import another one, enter its name under Sheet: Safeguard."
    ]
    assert read_table(saved(book), "plan.xlsx", PLAN, "identify").warnings == []
