"""Tables people keep in Excel or CSV, read against a list of the columns that are wanted.

`read_table` finds the header among title rows, knows columns by any of their usual names, gives a merged value to
all its rows, and keeps for every value the sheet, row and column a person finds it at.
"""

from web.tables.contents import (
    Cell,
    ColumnTitle,
    MissingColumnsError,
    Problem,
    Row,
    SheetError,
    Table,
    TableError,
)
from web.tables.reading import read_table
from web.tables.specification import Column, Specification

__all__ = [
    "Cell",
    "Column",
    "ColumnTitle",
    "MissingColumnsError",
    "Problem",
    "Row",
    "SheetError",
    "Specification",
    "Table",
    "TableError",
    "read_table",
]
