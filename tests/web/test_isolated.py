"""Files from outside are read in a process of their own, and reading them costs no more than their size."""

import io
import math
import os
import pickle
import subprocess
import threading
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.test import Client

from tests.web.refusing import refuse_lazily
from tests.web.test_tables import HEADER, SPECIFICATION, saved, with_part, workbook
from web.isolated import FileTooCostlyError, run_isolated
from web.tables import TableError, read_table
from web.uploads import check, check_content

SHEET = "xl/worksheets/sheet1.xml"
PLAN = [HEADER, ("A1", "Brief the teams", "Bradford", None), ("A2", "Write the plan", "Leeds", None)]


@pytest.fixture(autouse=True)
def isolated(settings: Any) -> Any:
    settings.FILE_PARSER_SECONDS = 10
    return settings


# The process --------------------------------------------------------------------------------------------------


def test_a_file_is_checked_in_a_process_without_settings() -> None:
    run_isolated(check_content, "txt", b"Three teams are briefed.")
    with pytest.raises(ValidationError):
        run_isolated(check_content, "txt", b"<html>")


def test_a_table_is_the_same_from_a_process_of_its_own() -> None:
    data = saved(workbook(PLAN))
    assert run_isolated(read_table, data, "plan.xlsx", SPECIFICATION) == read_table(
        data, "plan.xlsx", SPECIFICATION
    )


def test_a_text_that_is_translated_when_it_is_shown_comes_back_as_text() -> None:
    with pytest.raises(ValueError, match="Not this file") as error:
        run_isolated(refuse_lazily)
    assert type(error.value.args[0]) is str


def test_an_error_comes_back_in_its_words() -> None:
    with pytest.raises(TableError, match="The file is empty"):
        run_isolated(read_table, b"", "plan.xlsx", SPECIFICATION)
    with pytest.raises(ValidationError, match="not a real DOCX file"):
        check(ContentFile(b"PK\x03\x04", name="letter.docx"), limit=1000)
    pdf = ContentFile(b"%PDF-1.7\n1 0 obj\n<< /JavaScript (x) >>\nendobj\n%%EOF\n", name="letter.pdf")
    with pytest.raises(ValidationError, match="scripts") as error:
        check(pdf, limit=1000)
    assert error.value.code == "active"
    check(ContentFile(b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n", name="letter.pdf"), limit=1000)


@pytest.mark.parametrize(
    ("function", "argument"), [(time.sleep, 60), (math.factorial, 10**8), (bytearray, 1 << 30), (os._exit, 3)]
)
def test_work_over_its_limits_is_stopped(
    isolated: Any, function: Callable[[int], Any], argument: int
) -> None:
    isolated.FILE_PARSER_SECONDS = 1
    start = time.monotonic()
    with pytest.raises(FileTooCostlyError, match="takes too long or too much memory"):
        run_isolated(function, argument)
    assert time.monotonic() - start < 10


def test_a_file_that_is_too_costly_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_args: Any, **_options: Any) -> None:
        raise subprocess.TimeoutExpired("parser", 10)

    monkeypatch.setattr("web.isolated.subprocess.run", slow)
    with pytest.raises(ValidationError, match="Save it again, or split it into smaller files"):
        check(ContentFile(b"%PDF-1.7", name="letter.pdf"), limit=1000)


class Attack:
    def __reduce__(self) -> Any:
        return os.system, ("touch /nowhere",)


@pytest.mark.parametrize("answer", [pickle.dumps((True, Attack())), b"", b"\x80garbage"])
def test_nothing_but_tables_is_believed(monkeypatch: pytest.MonkeyPatch, answer: bytes) -> None:
    done = subprocess.CompletedProcess([], 0, stdout=answer)
    monkeypatch.setattr("web.isolated.subprocess.run", lambda *args, **options: done)
    monkeypatch.setattr("os.system", lambda command: pytest.fail("The answer ran a command."))
    with pytest.raises(FileTooCostlyError):
        run_isolated(read_table, b"", "plan.xlsx", SPECIFICATION)


def test_other_visitors_are_served_meanwhile(isolated: Any) -> None:
    isolated.FILE_PARSER_SECONDS = 3
    errors: list[Exception] = []

    def read() -> None:
        try:
            run_isolated(math.factorial, 10**8)
        except FileTooCostlyError as error:
            errors.append(error)

    reader = threading.Thread(target=read)
    assert Client().get("/livez").status_code == 200  # the first visitor waits for the addresses to be read
    reader.start()
    start = time.monotonic()
    for _ in range(10):
        assert Client().get("/livez").status_code == 200
    assert time.monotonic() - start < 2
    assert reader.is_alive()
    reader.join()
    assert len(errors) == 1


# The cost -----------------------------------------------------------------------------------------------------


def sheet(rows: str, after: str = "", before: str = "") -> bytes:
    part = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    header = "".join(f'<c t="inlineStr"><is><t>{title}</t></is></c>' for title in HEADER)
    part += f'{before}<sheetData><row r="1">{header}</row>{rows}</sheetData>{after}</worksheet>'
    return with_part(saved(workbook(PLAN)), SHEET, part.encode())


def row(number: int, text: str = "x") -> str:
    return f'<row r="{number}"><c t="inlineStr"><is><t>A{number}</t></is></c><c t="inlineStr"><is><t>{text}</t></is></c></row>'


def open_merges(size: int) -> bytes:
    return sheet(row(2), f'<mergeCells x="{"mergeCell " * size}"/>')


def brackets(size: int) -> bytes:
    return sheet(row(2, "(" * size))


def brackets_in_csv(size: int) -> bytes:
    return f"Ref,Action,{'(' * size}\nA1,Brief\n".encode()


def merges_over_rows(size: int) -> bytes:
    rows = "".join(row(number) for number in range(2, size + 2))
    merges = "".join(f'<mergeCell ref="A{number}:A{number}"/>' for number in range(2, size + 2))
    return sheet(rows, f"<mergeCells>{merges}</mergeCells>")


def formulas(size: int) -> bytes:
    """Cells whose results the sheet has to be asked for, as a formula filled down leaves them."""
    cell = '<c r="{}{}" t="str"><f>Other!A1</f><v>x</v></c>'
    rows = range(2, size + 2)
    return sheet("".join(f'<row r="{n}">{cell.format("A", n)}{cell.format("B", n)}</row>' for n in rows))


def content_types(size: int) -> bytes:
    """The list of the workbook's parts, with parts that are not there."""
    data = saved(workbook(PLAN))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        types = archive.read("[Content_Types].xml").decode()
    more = "".join(f'<Override PartName="/a{n}.xml" ContentType="application/xml"/>' for n in range(size))
    return with_part(data, "[Content_Types].xml", types.replace("</Types>", f"{more}</Types>").encode())


@pytest.mark.parametrize(
    ("make", "size", "name"),
    [
        (formulas, 500, "plan.xlsx"),
        (content_types, 2_000, "plan.xlsx"),
        (open_merges, 5_000, "plan.xlsx"),
        (brackets, 5_000, "plan.xlsx"),
        (brackets_in_csv, 5_000, "plan.csv"),
        (merges_over_rows, 1_500, "plan.xlsx"),
    ],
)
def test_the_cost_grows_no_faster_than_the_size(make: Callable[[int], bytes], size: int, name: str) -> None:
    small, large = make(size), make(size * 4)
    assert cpu(large, name) < 8 * cpu(small, name) + 0.05


def cpu(data: bytes, name: str) -> float:
    """Return the processor time that reading a file takes, the least of three."""
    times = []
    for _ in range(3):
        start = time.process_time()
        with suppress(TableError):
            read_table(data, name, SPECIFICATION)
        times.append(time.process_time() - start)
    return min(times)


@pytest.mark.parametrize("number", [30_000_000, 2_000_000_000])
def test_a_row_that_says_it_is_the_millionth_costs_no_more(number: int) -> None:
    start = time.process_time()
    table = read_table(sheet(row(2) + row(number)), "plan.xlsx", SPECIFICATION)
    assert [each.number for each in table.rows] == [2, number]
    assert time.process_time() - start < 1


def test_a_column_far_right_costs_no_more() -> None:
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>A</t></is></c><c r="XFD{n}" t="inlineStr"><is><t>x</t></is></c></row>'
        for n in range(2, 52)
    )
    start = time.process_time()
    read_table(sheet(rows), "plan.xlsx", SPECIFICATION)
    assert time.process_time() - start < 1


def test_merges_that_lie_over_one_another_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.tables.merges.MAX_MERGED_CELLS", 100)
    rows = "".join(row(number) for number in range(2, 42))
    merges = '<mergeCell ref="A2:A41"/>' * 4
    with pytest.raises(TableError, match="more than 100 merged cells"):
        read_table(sheet(rows, f"<mergeCells>{merges}</mergeCells>"), "plan.xlsx", SPECIFICATION)


def test_columns_hidden_without_end_are_counted_once() -> None:
    start = time.process_time()
    data = sheet(row(2), before='<cols><col min="1" max="2000000000" hidden="1"/></cols>')
    read_table(data, "plan.xlsx", SPECIFICATION)
    assert time.process_time() - start < 1
