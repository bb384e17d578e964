"""Warnings about a sheet: what was read, or left out, that its reader may not expect."""

from collections.abc import Collection, Iterable

from django.utils.translation import gettext, ngettext

from web.tables.contents import Sheet, Table

MAX_RANGES = 10


def warnings_of(table: Table, sheet: Sheet, columns: dict[str, int], prefilled: Collection[int]) -> list[str]:
    """Return the warnings about hidden rows, hidden columns and rows of formulas.

    Args:
        prefilled: numbers of the rows with only formulas filled down past the data.
    """
    warnings: list[str] = []
    hidden = [row.number for row in table.rows if row.number in sheet.hidden_rows]
    if hidden:
        words = ngettext(
            "1 hidden row was read, row {rows}.",
            "{number:,} hidden rows were read, rows {rows}.",
            len(hidden),
        )
        warnings.append(words.format(number=len(hidden), rows=_ranges(hidden)))
    letters = [table.columns[key] for key, number in columns.items() if number in sheet.hidden_columns]
    if letters:
        words = ngettext(
            "1 hidden column was read", "{number} hidden columns were read", len(letters)
        ).format(number=len(letters))
        warnings.append(f"{words}: {', '.join(f'{cell.letter} ({cell.header})' for cell in letters)}.")
    visible = [number for number in prefilled if any(raw.text for raw in sheet.rows[number].values())]
    if visible:
        warnings.append(
            ngettext(
                "Row {rows} contains only the results of formulas and was left out.",
                "Rows {rows} contain only the results of formulas and were left out.",
                len(visible),
            ).format(rows=_ranges(visible))
        )
    return warnings


def _ranges(numbers: Iterable[int]) -> str:
    """Return numbers as ranges: 2, 4 to 6."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    words = ", ".join(
        str(first) if first == last else gettext("{first} to {last}").format(first=first, last=last)
        for first, last in ranges[:MAX_RANGES]
    )
    return gettext("{rows} and others").format(rows=words) if len(ranges) > MAX_RANGES else words
