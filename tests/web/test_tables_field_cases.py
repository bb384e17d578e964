"""Workbooks as desks leave them: formulas filled down, months typed as days, filters left on."""

import io
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from importing.plans.services.specification import PLAN
from standards.dates import Period, read_plan_date
from tests.web.test_tables import HEADER, SPECIFICATION, saved, with_part, workbook
from web.tables import Table, TableError, read_table

FILES = Path(__file__).parent.parent / "importing" / "plans" / "files"
PART = "xl/worksheets/sheet1.xml"


def plan(name: str) -> Table:
    return read_table((FILES / name).read_bytes(), name, PLAN)


def sheet_of(*rows: str, before: str = "") -> Table:
    """A table whose rows below the header are written as XML."""
    titles = "".join(
        f'<c r="{letter}1" t="inlineStr"><is><t>{title}</t></is></c>'
        for letter, title in zip("ABCD", HEADER, strict=True)
    )
    body = "".join(f'<row r="{number}">{row}</row>' for number, row in enumerate(rows, 2))
    xml = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f'{before}<sheetData><row r="1">{titles}</row>{body}</sheetData></worksheet>'
    )
    return read_table(with_part(saved(workbook([HEADER])), PART, xml.encode()), "plan.xlsx", SPECIFICATION)


def typed(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def formula(place: str, result: str | None, kind: str = "str", code: str = "X1") -> str:
    value = "" if result is None else f"<v>{result}</v>"
    return f'<c r="{place}" t="{kind}"><f>{code}</f>{value}</c>'


# Formulas -----------------------------------------------------------------------------------------------------


def test_formulas_filled_down_past_the_data_are_blank_cells() -> None:
    table = plan("prefilled.xlsx")
    assert [row.text("ref") for row in table.rows] == ["FT-01", "FT-02"]
    assert table.problems == []


def test_a_stored_result_is_read_by_its_value() -> None:
    table = sheet_of(
        formula("A2", "FT-01") + typed("B2", "Brief") + formula("C2", "") + formula("D2", "44286", "n")
    )
    (row,) = table.rows
    assert (row.text("ref"), row.text("title"), row.text("lead"), row.text("due")) == (
        "FT-01",
        "Brief",
        "",
        "44286",
    )
    assert table.problems == []


@pytest.mark.parametrize(
    "rest",
    [
        formula("A3", ""),
        formula("A3", None, "n"),
        '<c r="A3"><f t="shared" si="0"/><v/></c>',
        formula("A3", "") + formula("B3", "") + formula("D3", ""),
        formula("A3", "FT-02") + formula("B3", ""),
        formula("A3", "FT-02") + formula("D3", "0", "n"),
        formula("A3", "0", "n") + formula("B3", "0", "n"),
        formula("A3", "FT-02") + formula("B3", "#N/A", "e"),
        "<c><f>X1</f><v></v></c>",
    ],
)
def test_a_row_of_formulas_without_words_is_no_row(rest: str) -> None:
    table = sheet_of(typed("A2", "FT-01") + typed("B2", "Brief"), rest)
    assert [row.number for row in table.rows] == [2]
    assert table.problems == []


def test_rows_of_results_that_are_left_out_are_named() -> None:
    rows = [formula(f"A{number}", f"FT-{number}") for number in (3, 4, 5)]
    table = sheet_of(typed("A2", "FT-01") + typed("B2", "Brief"), *rows)
    assert table.warnings == ["Rows 3 to 5 contain only the results of formulas and were left out."]


def test_a_row_of_formulas_is_read_when_it_names_an_action() -> None:
    table = sheet_of(formula("A2", "FT-01") + formula("B2", "Brief the teams"))
    assert [(row.text("ref"), row.text("title")) for row in table.rows] == [("FT-01", "Brief the teams")]
    assert table.warnings == []


def test_a_formula_without_result_in_a_row_with_data_is_named_with_its_place() -> None:
    table = sheet_of(formula("A2", None, "n") + typed("B2", "Brief") + formula("C2", ""))
    assert [str(problem) for problem in table.problems] == [
        "sheet Plan, row 2, column A (Ref): is a formula whose result is not stored"
    ]


def test_a_table_of_formulas_without_results_is_refused_with_the_first_place() -> None:
    with pytest.raises(
        TableError, match="Sheet Plan, row 2, column A: the result of a formula is not stored"
    ):
        sheet_of(formula("A2", None, "n") + formula("B2", None, "n"))


def test_a_heading_above_formulas_without_results_is_a_heading() -> None:
    book = workbook([HEADER, ("IDENTIFY", None, None, None), (1, "Brief")], ["A2:C2"])
    book.worksheets[0]["D2"] = "=X1"
    table = read_table(saved(book), "plan.xlsx", SPECIFICATION)
    assert [row.lone.text if row.lone else "" for row in table.rows] == ["IDENTIFY", ""]
    assert table.problems == []


# Months and years that are stored as days ----------------------------------------------------------------------


def test_a_month_typed_into_excel_is_the_month() -> None:
    first, second, third, fourth = plan("month-cells.xlsx").rows
    assert first.text("due") == second.text("due") == "Mar-21"
    assert third.text("due") == "September 2020"
    assert read_plan_date(first.cells["due"].value).on == date(2021, 3, 31)
    assert read_plan_date(first.cells["due"].value, edge="start").on == date(2021, 3, 1)
    assert read_plan_date(third.cells["due"].value) == (date(2020, 9, 30), "September 2020")
    assert fourth.cells["due"].value == datetime(2020, 9, 15)


@pytest.mark.parametrize(
    ("number_format", "phrase"),
    [
        ("mmm-yy", "Mar-21"),
        ("[$-809]mmm\\-yy;@", "Mar-21"),
        ("[$-809]mmmm\\ yyyy;@", "March 2021"),
        ("[$-F400]mmm yy", "Mar 21"),
        ("mmmm yyyy", "March 2021"),
        ("MMM-YY", "Mar-21"),
        ("mm/yyyy", "03/2021"),
        ("m/yy", "3/21"),
        ("yyyy-mm", "2021-03"),
        ("mmmmm-yy", "M-21"),
        ('"by end of "mmmm yyyy', "by end of March 2021"),
        ('mmm" \'"yy', "Mar '21"),
        ("mmm\\ yyyy_)", "Mar 2021"),
        ("[Red]mmm-yy", "Mar-21"),
        ("mmm-yy;@", "Mar-21"),
        ("mmmm", "March"),
        ("\\d\\u\\e mmm yyyy", "due Mar 2021"),
    ],
)
def test_a_format_without_a_day_means_the_month(number_format: str, phrase: str) -> None:
    value = due(date(2021, 3, 1), number_format)
    assert value == Period(date(2021, 3, 1), date(2021, 3, 31), phrase)


@pytest.mark.parametrize(
    ("number_format", "phrase"), [("yyyy", "2021"), ("yy", "21"), ('"in "yyyy', "in 2021")]
)
def test_a_format_with_a_year_alone_means_the_calendar_year(number_format: str, phrase: str) -> None:
    value = due(date(2021, 3, 1), number_format)
    assert value == Period(date(2021, 1, 1), date(2021, 12, 31), phrase)
    assert read_plan_date(value).on == date(2021, 12, 31)
    assert read_plan_date(value, edge="start").on == date(2021, 1, 1)


@pytest.mark.parametrize(
    "number_format",
    [
        "dd/mm/yyyy",
        "d-mmm",
        "d-mmm-yy",
        "[$-F800]dddd, mmmm dd, yyyy",
        "mm-dd-yy",
        "yyyy-mm-dd",
        "dd/mm/yyyy hh:mm",
    ],
)
def test_a_format_with_a_day_means_the_day(number_format: str) -> None:
    assert due(date(2021, 3, 1), number_format) == datetime(2021, 3, 1)


@pytest.mark.parametrize(
    ("day", "last"), [(date(2020, 2, 1), 29), (date(2021, 2, 28), 28), (date(2021, 12, 1), 31)]
)
def test_a_month_ends_on_its_own_last_day(day: date, last: int) -> None:
    assert read_plan_date(due(day, "mmm-yy")).on == day.replace(day=last)


def due(day: date, number_format: str) -> Any:
    book = workbook([HEADER, (1, "Brief", "OPCC", day)])
    book.worksheets[0]["D2"].number_format = number_format
    return read_table(saved(book), "plan.xlsx", SPECIFICATION).rows[0].cells["due"].value


# Numbers as they are shown ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "number_format", "text"),
    [
        (1.1, "0.00", "1.10"),
        (7, "000", "007"),
        (7, '"WY-"00', "WY-07"),
        (1.1, '"WY-"00.00', "WY-01.10"),
        (7, "\\R0", "R7"),
        (7, '"Action "General', "Action 7"),
        (7, '0"/20";-0', "7/20"),
        (1200, "#,##0", "1200"),
        (5, '"£"0.00', "5"),
        (-7, "000", "-7"),
    ],
)
def test_a_reference_that_is_a_number_is_read_as_it_is_shown(
    number: float, number_format: str, text: str
) -> None:
    book = workbook([HEADER, (number, "Brief")])
    book.worksheets[0]["A2"].number_format = number_format
    (row,) = read_table(saved(book), "plan.xlsx", SPECIFICATION).rows
    assert row.text("ref") == text


# Texts of other programs ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [";", "\t"])
def test_text_of_any_encoding_and_separator_is_read(encoding: str, separator: str) -> None:
    rows = [("Ref", "Action", "By when"), ('"=""1.10"""', "Café \u2013 £5", "May 2021")]
    data = "\n".join(separator.join(row) for row in rows).encode(encoding)
    (row,) = read_table(data, "plan.csv", PLAN).rows
    assert (row.text("ref"), row.text("title"), row.text("due")) == ("1.10", "Café \u2013 £5", "May 2021")


def test_characters_that_nobody_sees_are_left_out_of_titles_and_cells() -> None:
    data = "\u200bRef\u00a0,Act\u00adion\u2060,By\u202fwhen\n\ufeff1.1,\u202aBrief\u202c\u2009the te\u00adams,May 2021\n"
    (row,) = read_table(data.encode(), "plan.csv", PLAN).rows
    assert (row.text("ref"), row.text("title"), row.text("due")) == ("1.1", "Brief the teams", "May 2021")


# Rows and columns that nobody sees -----------------------------------------------------------------------------


def test_hidden_rows_and_columns_that_were_read_are_named() -> None:
    table = plan("filtered.xlsx")
    assert len(table.rows) == 6
    assert table.warnings == [
        "3 hidden rows were read, rows 2, 4, 6.",
        "1 hidden column was read: F (Progress to date).",
    ]


def test_hidden_columns_outside_the_table_and_hidden_blank_rows_are_not_named() -> None:
    book = workbook([HEADER, (1, "Brief"), (), (2, "Map")])
    sheet = book.worksheets[0]
    sheet.column_dimensions["H"].hidden = True
    sheet.row_dimensions[3].hidden = True
    assert read_table(saved(book), "plan.xlsx", SPECIFICATION).warnings == []
    sheet.row_dimensions[4].hidden = True
    assert read_table(saved(book), "plan.xlsx", SPECIFICATION).warnings == ["1 hidden row was read, row 4."]


def test_a_workbook_used_to_its_last_row_is_read() -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Plan")
    for number in range(1, 30_000):
        sheet.append(
            list(HEADER) if number == 1 else ([number, "Brief"] if number < 4 else [None, None, "", None])
        )
    buffer = io.BytesIO()
    book.save(buffer)
    assert len(read_table(buffer.getvalue(), "plan.xlsx", SPECIFICATION).rows) == 2


def test_dates_counted_from_1904_are_those_days() -> None:
    (row,) = plan("mac1904.xlsx").rows
    assert row.cells["due"].value == datetime(2021, 3, 31)
