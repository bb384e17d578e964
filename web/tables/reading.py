"""Reading a table from a file: its sheet, its header and its rows."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePath

from django.utils.translation import gettext
from openpyxl.utils import get_column_letter

from web.tables.contents import (
    Book,
    ColumnTitle,
    MissingColumnsError,
    Row,
    Sheet,
    SheetError,
    Table,
    TableError,
    shortened,
    too_many_rows,
)
from web.tables.delimited import Delimited
from web.tables.headers import Header, RowCells, find_header, header_again, tables_beside
from web.tables.opendocument import OpenDocument
from web.tables.specification import Specification
from web.tables.warnings import warnings_of
from web.tables.workbook import Workbook

ARCHIVES: dict[str, type[Workbook | OpenDocument]] = {".xlsx": Workbook, ".ods": OpenDocument}
DOCUMENTS = frozenset({".doc", ".docx", ".odt", ".pdf", ".ppt", ".pptx", ".rtf"})
BLANK_RESULTS = frozenset({"", "0", "#N/A"})


def read_table(
    data: bytes,
    filename: str,
    specification: Specification,
    sheet: str = "",
    keys: Mapping[int, str] | None = None,
) -> Table:
    """Read the table of a file, from the named sheet or else the first one with the header.

    Args:
        keys: which wanted column some of its columns are, by number; empty for one to leave out.

    Raises:
        MissingColumnsError: when a required column is missing; it names all columns that the header has.
        TableError: when the file cannot be read, has no such sheet, no header with every required column, no rows
            or too many. Faults of single cells are in the table's `problems` instead.
    """
    book = _open(data, filename, specification)
    chosen_sheet = book.sheet(_choose_sheet(book, specification, sheet))
    parts = tables_beside(chosen_sheet, find_header(chosen_sheet, specification), specification)
    tables = [_part(part, specification, keys or {}) for part in parts]
    table = tables[0] if len(tables) == 1 else _joined(tables)
    table.warnings[:0] = chosen_sheet.warnings
    if not sheet:
        table.warnings += _warnings_of_other_sheets(book, chosen_sheet.name, specification)
    return table


def _open(data: bytes, filename: str, specification: Specification) -> Book:
    """Open a file by its content; refuse it when its name does not match."""
    suffix = PurePath(filename).suffix.lower()
    if not data.strip():
        raise TableError(gettext("The file is empty."))
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise TableError(
            gettext(
                "The file is an old Excel workbook (.xls) or has a password. Open it in Excel, choose Save As and the type "
                "Excel Workbook (.xlsx), without a password."
            )
        )
    if suffix == ".xlsm":
        raise TableError(gettext("The file is a workbook with macros (.xlsm). Save it as .xlsx."))
    if suffix in DOCUMENTS:
        raise TableError(
            gettext(
                "The file is a document ({suffix}), not a table. Copy its table into a spreadsheet and save that as "
                "Excel Workbook (.xlsx)."
            ).format(suffix=suffix)
        )
    if suffix not in {*ARCHIVES, ".csv"}:
        raise TableError(
            gettext(
                "The file must be an Excel workbook (.xlsx), an OpenDocument spreadsheet (.ods) or CSV (.csv), not "
                "{value}. Open it in your spreadsheet program, choose Save As and the type Excel Workbook (.xlsx)."
            ).format(value=suffix or gettext("a file without an extension"))
        )
    is_archive = data.startswith(b"PK")
    if is_archive and suffix not in ARCHIVES:
        raise TableError(
            gettext(
                "The file is named {suffix} but is a compressed file, such as an Excel workbook. If it is one, rename "
                "it so that its name ends in .xlsx. Otherwise save it as Excel Workbook (.xlsx)."
            ).format(suffix=suffix)
        )
    if not is_archive and suffix in ARCHIVES:
        raise TableError(
            gettext(
                "The file is named {suffix} but is not a workbook. If it is text with commas, rename it so that its "
                "name ends in .csv. Otherwise open it and save it as Excel Workbook (.xlsx)."
            ).format(suffix=suffix)
        )
    limit = specification.max_rows
    if is_archive:
        return ARCHIVES[suffix](data, limit)
    return Delimited(
        data, PurePath(filename).stem, lambda sheet: len(find_header(sheet, specification).columns), limit
    )


def _choose_sheet(book: Book, specification: Specification, title: str) -> str:
    if title:
        sheet_name = next(
            (name for name in book.names if name.strip().casefold() == title.strip().casefold()), None
        )
        if sheet_name is None:
            raise SheetError(
                gettext("There is no sheet called {title}. The sheets are: {names}.").format(
                    title=title, names=", ".join(book.names)
                )
            )
        return sheet_name
    if not book.names:
        raise TableError(gettext("The workbook has no sheets with cells."))
    headers = {}
    for name in book.names:
        headers[name] = set(find_header(book.sheet(name), specification).columns)
        if {column.key for column in specification.required} <= headers[name]:
            return name
    return max(book.names, key=lambda name: len(headers[name]))


def _warnings_of_other_sheets(book: Book, title: str, specification: Specification) -> list[str]:
    """Return a warning that names the other visible sheets with every required column."""
    required = {column.key for column in specification.required}
    others = [
        name
        for name in book.names
        if name not in {title, *book.hidden_names}
        and required <= find_header(book.beginning(name), specification).columns.keys()
    ]
    if not others:
        return []
    message = gettext(
        "Only sheet {title} was read. To import another one, enter its name under Sheet: {others}."
    )
    return [message.format(title=title, others=", ".join(others))]


def _part(sheet: Sheet, specification: Specification, keys: Mapping[int, str]) -> Table:
    header = find_header(sheet, specification)
    if repeated := header.repeated(keys):
        titles = [replace(title, key=keys.get(title.number, title.key)) for title in header.column_titles]
        raise MissingColumnsError(_why_not_twice(repeated, specification), titles)
    header = header.with_keys(keys)
    _require_columns(sheet, header, specification)
    return _table(sheet, header, specification)


def _why_not_twice(repeated: list[ColumnTitle], specification: Specification) -> str:
    first = repeated[0]
    letters = [title.letter for title in repeated if title.key == first.key]
    label = next(column.label for column in specification.columns if column.key == first.key)
    return gettext(
        "Columns {letters} and {last} cannot both be {label}. Choose another for one of them."
    ).format(letters=", ".join(letters[:-1]), last=letters[-1], label=label)


def _joined(tables: list[Table]) -> Table:
    """Join tables that are side by side. A heading of the first is also over the rows beside it."""
    table = replace(
        tables[0],
        rows=[row for each in tables for row in each.rows],
        columns={key: cell for each in reversed(tables) for key, cell in each.columns.items()},
        not_imported=list(dict.fromkeys(title for each in tables for title in each.not_imported)),
        problems=[problem for each in tables for problem in each.problems],
        titles=[title for each in tables for title in each.titles],
        warnings=[warning for each in tables for warning in each.warnings],
    )
    if not any(row.lone for each in tables[1:] for row in each.rows):
        table.rows.sort(key=lambda row: row.number)
    letters = ", ".join(each.titles[0].letter for each in tables)
    table.warnings.append(
        gettext("{number} tables side by side were read. They begin in columns {letters}.").format(
            number=len(tables), letters=letters
        )
    )
    return table


def _require_columns(sheet: Sheet, header: Header, specification: Specification) -> None:
    missing = [column for column in specification.required if column.key not in header.columns]
    if not missing:
        return
    missing_columns = "; ".join(
        gettext("{column} (for example {usual_headers})").format(
            column=column.label, usual_headers=", ".join(column.usual_headers)
        )
        for column in missing
    )
    titles = ", ".join(shortened(title, 40) for title in header.titles.values()) if header.columns else ""
    where = (
        gettext("Row {first} of sheet {name} reads: {titles}.").format(
            first=header.first, name=sheet.name, titles=titles
        )
        if titles
        else gettext("Sheet {name} has no header row.").format(name=sheet.name)
    )
    text = gettext("No column was found for {missing_columns}. {where}").format(
        missing_columns=missing_columns, where=where
    )
    raise MissingColumnsError(text, header.column_titles)


def _table(sheet: Sheet, header: Header, specification: Specification) -> Table:
    cells = {c.key: header.cells[c.key] for c in specification.columns if c.key in header.cells}
    table = Table(sheet.name, header.first, cells, header.spare, titles=header.column_titles)
    above = header.section_above(header.first - 1, sheet.rows.get(header.first - 1, {}))
    table.rows += [above] if above else []
    first, prefilled = header, list[int]()
    for number, raws in sheet.rows.items():
        if number <= header.last or not _own(raws):
            continue
        if again := header_again(sheet, number, header, specification):
            table.not_imported += [title for title in again.spare if title not in table.not_imported]
            header = again
            continue
        required = [header.columns[column.key] for column in specification.required]
        if _is_prefilled(raws, set(header.columns.values()), required):
            prefilled.append(number)
        else:
            _take_row(table, header, number, raws, required)
    table.warnings += warnings_of(table, sheet, header.columns, prefilled)
    if not table.rows:
        _refuse_without_results(sheet, first.last, first.columns)
        raise TableError(
            gettext("Sheet {name} has a header in row {first} and no rows below it.").format(
                name=sheet.name, first=first.first
            )
        )
    if len(table.rows) > specification.max_rows:
        raise too_many_rows(specification.max_rows)
    return table


def _take_row(table: Table, header: Header, number: int, raws: RowCells, required: list[int]) -> None:
    """Add a row to the table, or to its last row when that one continues, with the problems of its cells."""
    columns = header.columns
    if table.rows and _continues(raws, required):
        _join(table.rows[-1], raws, columns)
    else:
        table.rows.append(header.row(number, raws))
    lone = table.rows[-1].lone
    if lone is None or not lone.merged:
        for key, n in columns.items():
            if n in raws and raws[n].error:
                row = Row(number, {key: replace(header.cells[key], text=raws[n].text)})
                table.problems.append(table.problem(row, key, raws[n].error))


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
            gettext(
                "Sheet {name}, row {row}, column {column}: the result of a formula is not stored, "
                "and all other cells are empty. Open the file in Excel, save it and try again."
            ).format(name=sheet.name, row=row, column=get_column_letter(column))
        )


def _own(raws: RowCells) -> RowCells:
    return {n: raw for n, raw in raws.items() if not raw.continued}


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
