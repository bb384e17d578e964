import csv
import gc
import io
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponseBase
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from web.exports import Control, csv_response, file_name, guarded, xlsx_response
from web.formulas import guarded_text, unguarded_text

CONTROL = Control(
    marking="OFFICIAL", title="Actions: all/some", as_at=datetime(2020, 6, 19, 13, 5, tzinfo=UTC)
)
HEADER = ["Ref", "Due", "Percent", "Note"]
ROWS = [["1.1", date(2020, 3, 31), 40, "=HYPERLINK(1)"], ["1.2", None, -5, 'Fine, "quoted"\nand long']]


def body(response: HttpResponseBase) -> bytes:
    content = b"".join(response)  # type: ignore[call-overload]
    response.close()
    return content


@pytest.mark.parametrize(
    "start",
    [
        *("=", "+", "-", "@", "\t", "\r", "\n", "\r\n"),
        *("\uff1d", "\uff0b", "\uff0d", "\uff20", "\ufe62", "\ufe63", "\ufe66", "\ufe6b"),
        *(" =", "\u00a0=", "\u3000\uff1d", "\u200b+", "\ufeff-", "\u00ad@", "\u2060 =", "\u202e=", "\x00="),
        *("\ufe0f=", "\u3164=", "\v=", "'=", "''="),
    ],
)
def test_text_that_would_start_a_formula_is_quoted(start: str) -> None:
    assert guarded(f"{start}cmd|' /C calc'!A0") == f"'{start}cmd|' /C calc'!A0"


@pytest.mark.parametrize(
    "value", [-5, 4.5, date(2020, 3, 31), "Leeds = lead", "", "a-b", "'quoted'", " x", "\u2013 x"]
)
def test_numbers_dates_and_harmless_text_stay_as_they_are(value: object) -> None:
    assert guarded(value) == value


def test_csv_has_its_marking_title_and_time_above_the_rows() -> None:
    content = body(csv_response(name="Actions", control=CONTROL, header=HEADER, rows=iter(ROWS)))
    assert content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert lines[:3] == [["OFFICIAL"], ["Actions: all/some"], ["As at 19 June 2020 14:05"]]
    assert lines[4:] == [
        HEADER,
        ["1.1", "2020-03-31", "40", "'=HYPERLINK(1)"],
        ["1.2", "", "-5", 'Fine, "quoted"\nand long'],
    ]


def test_csv_is_written_as_it_is_read() -> None:
    rows_read = []

    def rows() -> object:
        for number in range(1000):
            rows_read.append(number)
            yield [number]

    response = csv_response(name="Actions", control=CONTROL, header=["N"], rows=rows())  # type: ignore[arg-type]
    pieces = iter(response)  # type: ignore[call-overload]
    for _ in range(10):
        next(pieces)
    assert len(rows_read) < 10
    response.close()


def test_xlsx_keeps_dates_as_dates_and_formulas_as_text() -> None:
    content = body(xlsx_response(name="Actions", control=CONTROL, header=HEADER, rows=iter(ROWS)))
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][0] == "OFFICIAL"
    assert list(rows[4]) == HEADER
    assert rows[5][1] == datetime(2020, 3, 31, tzinfo=None)
    cell = sheet["D6"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=HYPERLINK(1)", "s", True)


def test_xlsx_takes_text_that_a_workbook_cannot_hold() -> None:
    rows = [["\x00\x0bcontrol", "x" * 40_000]]
    content = body(xlsx_response(name="a", control=CONTROL, header=["A", "B"], rows=rows))
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    assert sheet["A6"].value.strip() == "control"
    assert len(sheet["B6"].value) == 32_767


@pytest.mark.parametrize("make", [csv_response, xlsx_response])
def test_exports_are_attachments_that_no_browser_guesses_about(make: object) -> None:
    response = make(name='Actions "of" Leeds\r\n', control=CONTROL, header=HEADER, rows=ROWS)  # type: ignore[operator]
    assert response["Content-Disposition"].startswith('attachment; filename="actions-of-leeds.')
    assert response["X-Content-Type-Options"] == "nosniff"
    response.close()


def test_a_name_of_nothing_but_signs_still_names_a_file() -> None:
    assert file_name("///") == "export"


@given(st.text())
def test_a_guard_comes_off_again(text: str) -> None:
    assert unguarded_text(guarded_text(text)) == text


@pytest.mark.parametrize("make", [csv_response, xlsx_response])
@pytest.mark.parametrize(
    "stored", ["a\ufffeb", "a\uffffb", "a\x00b", "a\x1bb", "a\ufdd0b", "a\U0001ffffb", "a\ud800b"]
)
def test_no_stored_text_breaks_an_export(make: Any, stored: str) -> None:
    control = Control(marking=stored, title=stored, as_at=CONTROL.as_at, lines=(stored,))
    content = body(make(name=stored, control=control, header=[stored], rows=[[stored]]))
    if make is csv_response:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    else:
        sheet = load_workbook(io.BytesIO(content)).active
        assert sheet is not None
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert rows[-1] == ["ab"]


@pytest.mark.parametrize("make", [csv_response, xlsx_response])
@pytest.mark.parametrize("break_", ["\v", "\f", "\u2028", "\r\n", "\r"])
def test_a_line_break_of_any_kind_keeps_words_apart(make: Any, break_: str) -> None:
    rows = [[f"first point{break_}second point"]]
    content = body(make(name="a", control=CONTROL, header=["A"], rows=rows))
    if make is csv_response:
        assert '"first point\nsecond point"' in content.decode()
    else:
        sheet = load_workbook(io.BytesIO(content)).active
        assert sheet is not None
        assert sheet["A6"].value == "first point\nsecond point"


def test_a_cell_holds_as_much_as_excel_counts() -> None:
    content = body(xlsx_response(name="a", control=CONTROL, header=["A"], rows=[["\U0001f54a" * 20_000]]))
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    assert sheet["A6"].value == "\U0001f54a" * 16_383


def test_rows_that_fail_leave_no_part_of_a_workbook_on_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def rows() -> Iterator[list[str]]:
        yield ["1.1"]
        raise ValueError("no more rows")

    with pytest.raises(ValueError, match="no more rows"):
        xlsx_response(name="a", control=CONTROL, header=["A"], rows=rows())
    gc.collect()
    assert list(tmp_path.iterdir()) == []
