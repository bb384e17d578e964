"""Reading a table from a file: its sheet, its header and its rows."""

from dataclasses import replace
from pathlib import PurePath

from openpyxl.utils import get_column_letter

from web.tables.contents import Book, Cell, Lone, RawCell, Row, Sheet, Table, TableError, shortened
from web.tables.delimited import Delimited
from web.tables.specification import Specification
from web.tables.warnings import warnings_of
from web.tables.workbook import Workbook

HEADER_WITHIN_ROWS = 40
BLANK_RESULTS = frozenset({"", "0", "#N/A"})
RowCells = dict[int, RawCell]


def read_table(data: bytes, filename: str, specification: Specification, sheet: str = "") -> Table:
    """Read the table of a file, from the named sheet or else the first one with the header.

    Raises:
        TableError: when the file cannot be read, has no such sheet, no header with every required column, no rows
            or too many. Faults of single cells are in the table's `problems` instead.
    """
    book = _open(data, filename, specification)
    chosen_sheet = book.sheet(_choose_sheet(book, specification, sheet))
    header = _header(chosen_sheet, specification)
    _require_columns(chosen_sheet, header, specification)
    return _table(chosen_sheet, header, specification)


def _open(data: bytes, filename: str, specification: Specification) -> Book:
    """Open a file by its content; refuse it when its name does not match."""
    suffix = PurePath(filename).suffix.lower()
    if not data.strip():
        raise TableError("The file is empty.")
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise TableError(
            "The file is an old Excel workbook (.xls) or has a password. Save it as .xlsx without a password."
        )
    if suffix == ".xlsm":
        raise TableError("The file is a workbook with macros (.xlsm). Save it as .xlsx.")
    if suffix not in {".xlsx", ".csv"}:
        raise TableError(
            f"The file must be an Excel workbook (.xlsx) or CSV (.csv), not {suffix or 'a file without an extension'}."
        )
    is_archive = data.startswith(b"PK")
    if is_archive != (suffix == ".xlsx"):
        what = "a compressed file, such as an Excel workbook" if is_archive else "not an Excel workbook"
        raise TableError(f"The file is named {suffix} but is {what}.")
    limit = specification.max_rows + HEADER_WITHIN_ROWS
    if is_archive:
        return Workbook(data, limit)
    return Delimited(
        data, PurePath(filename).stem, lambda sheet: len(_header(sheet, specification)[1]), limit
    )


def _choose_sheet(book: Book, specification: Specification, title: str) -> str:
    if title:
        sheet_name = next(
            (name for name in book.names if name.strip().casefold() == title.strip().casefold()), None
        )
        if sheet_name is None:
            raise TableError(f"There is no sheet called {title}. The sheets are: {', '.join(book.names)}.")
        return sheet_name
    if not book.names:
        raise TableError("The workbook has no sheets with cells.")
    headers = {}
    for name in book.names:
        headers[name] = set(_header(book.sheet(name), specification)[1])
        if {column.key for column in specification.required} <= headers[name]:
            return name
    return max(book.names, key=lambda name: len(headers[name]))


def _header(sheet: Sheet, specification: Specification) -> tuple[int, dict[str, int], int]:
    """Return the header's first row, its columns by key, and its last row: a header may take two rows."""
    early = {n: cells for n, cells in sheet.rows.items() if n <= HEADER_WITHIN_ROWS}
    if not early:
        return 0, {}, 0
    matches = {n: _matches(cells, specification) for n, cells in early.items()}
    best = max(matches, key=lambda n: (len(matches[n]), -n))
    columns, below = matches[best], matches.get(best + 1, {})
    if below and not set(below) & set(columns) and len(below) == len(_own(early[best + 1])):
        return best, columns | below, best + 1
    return best, columns, best


def _matches(cells: RowCells, specification: Specification) -> dict[str, int]:
    ranked = [(*match, column) for column, raw in cells.items() if (match := specification.match(raw.text))]
    return {key: column for _, key, column in sorted(ranked, reverse=True)}


def _require_columns(
    sheet: Sheet, header: tuple[int, dict[str, int], int], specification: Specification
) -> None:
    number, columns, _ = header
    missing = [column for column in specification.required if column.key not in columns]
    if not missing:
        return
    missing_columns = "; ".join(
        f"{column.label} (for example {', '.join(column.usual_headers)})" for column in missing
    )
    titles = (
        ", ".join(shortened(raw.text, 40) for raw in sheet.rows.get(number, {}).values()) if columns else ""
    )
    where = (
        f"Row {number} of sheet {sheet.name} reads: {titles}."
        if titles
        else f"Sheet {sheet.name} has no header row."
    )
    raise TableError(f"No column was found for {missing_columns}. {where}")


def _table(sheet: Sheet, header: tuple[int, dict[str, int], int], specification: Specification) -> Table:
    first, columns, last = header
    titles = sheet.rows[first] | {n: raw for n, raw in sheet.rows[last].items() if not raw.continued}
    cells = {key: Cell(get_column_letter(n), shortened(titles[n].text, 60)) for key, n in columns.items()}
    spare = [
        shortened(titles[n].text, 60) for n in sorted(titles) if n not in columns.values() and titles[n].text
    ]
    table = Table(
        sheet.name, first, {c.key: cells[c.key] for c in specification.columns if c.key in cells}, spare
    )
    required = [columns[column.key] for column in specification.required]
    prefilled = []
    for number, raws in sheet.rows.items():
        if number <= last or not _own(raws) or _is_header_again(raws, columns, specification):
            continue
        if _is_prefilled(raws, set(columns.values()), required):
            prefilled.append(number)
            continue
        if table.rows and _continues(raws, required):
            _join(table.rows[-1], raws, columns)
        else:
            row = Row(number, {key: _filled(cells[key], raws.get(n)) for key, n in columns.items()})
            row.lone = _lone(raws, sorted(columns.values()))
            table.rows.append(row)
        lone = table.rows[-1].lone
        if lone is None or not lone.merged:
            table.problems += [table.problem(Row(number, {key: replace(cells[key], text=raws[n].text)}), key, raws[n].error)
                               for key, n in columns.items() if n in raws and raws[n].error]  # fmt: skip
    table.warnings += warnings_of(table, sheet, columns, prefilled)
    if not table.rows:
        _refuse_without_results(sheet, last, columns)
        raise TableError(f"Sheet {sheet.name} has a header in row {first} and no rows below it.")
    if len(table.rows) > specification.max_rows:
        raise TableError(f"Sheet {sheet.name} has more than {specification.max_rows:,} rows.")
    return table


def _is_prefilled(raws: RowCells, columns: set[int], required: list[int]) -> bool:
    """Return whether a row has only formulas that somebody filled down past the data.

    Nothing is typed in such a row, and its last required column, the row's subject, is blank. A formula that refers to
    a blank cell shows 0, and one that looks up a missing value #N/A.
    """
    own = [raw for n, raw in raws.items() if n in columns and not raw.continued]
    if not any(raw.computed for raw in own) or any(raw.text and not raw.computed for raw in own):
        return False
    subject = raws.get(required[-1])
    return subject is None or subject.text in BLANK_RESULTS


def _refuse_without_results(sheet: Sheet, last: int, columns: dict[str, int]) -> None:
    places = [
        (row, column) for row, column in sheet.without_results if row > last and column in columns.values()
    ]
    if places:
        row, column = places[0]
        raise TableError(
            f"Sheet {sheet.name}, row {row}, column {get_column_letter(column)}: the result of a formula is not stored, and "
            "all other cells are empty. Open the file in Excel, save it and try again."
        )


def _own(raws: RowCells) -> RowCells:
    return {n: raw for n, raw in raws.items() if not raw.continued}


def _filled(cell: Cell, raw: RawCell | None) -> Cell:
    return replace(cell, text=raw.text, value=raw.value) if raw else cell


def _is_header_again(raws: RowCells, columns: dict[str, int], specification: Specification) -> bool:
    filled = [(key, raws[n].text) for key, n in columns.items() if n in raws]
    matches = [specification.match(text) for _, text in filled]
    return len(filled) > 1 and all(
        match and match[1] == key for match, (key, _) in zip(matches, filled, strict=True)
    )


def _continues(raws: RowCells, required: list[int]) -> bool:
    """Return whether a row continues the one above: its required cells are that row's, merged down."""
    required_cells = [raws.get(n) for n in required]
    return any(required_cells) and all(raw is None or raw.continued for raw in required_cells)


def _join(row: Row, raws: RowCells, columns: dict[str, int]) -> None:
    for key, n in columns.items():
        if n in raws and not raws[n].continued and raws[n].text:
            above = row.cells[key]
            text = f"{above.text}\n{raws[n].text}" if above.text else raws[n].text
            row.cells[key] = replace(above, text=text, value=text if above.text else raws[n].value)


def _lone(raws: RowCells, columns: list[int]) -> Lone | None:
    """Return the row's text if it has only one; text beside the table counts only if it spans columns."""
    if any(raw.continued for raw in raws.values()):
        return None
    inside = {
        n: raw for n, raw in raws.items() if raw.text and (n in columns or n < columns[0] or raw.columns > 1)
    }
    if len(inside) != 1:
        return None
    ((column, raw),) = inside.items()
    return Lone(raw.text, first=column <= columns[0], merged=raw.columns > 1)
