"""Merged cells: one value over several rows and columns."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext

from web.tables.contents import RawCell, TableError

MAX_MERGES = 20_000
# Cells of merges that lie over one another are counted each time.
MAX_MERGED_CELLS = 500_000


def spread_merges(
    name: str, rows: dict[int, dict[int, RawCell]], merges: Sequence[tuple[int, int, int, int]]
) -> None:
    """Give a merged value to every filled row it covers, and note how many columns it spans.

    Args:
        name: the sheet's.
        merges: the first column and row, and the last ones, of each.

    Raises:
        TableError: when there are too many.
    """
    if len(merges) > MAX_MERGES:
        raise TableError(
            gettext("Sheet {name} has more than {max_merges:,} merged cells.").format(
                name=name, max_merges=MAX_MERGES
            )
        )
    filled = sorted(rows)
    spread = 0
    for left, top, right, bottom in merges:
        anchor = rows.get(top, {}).get(left)
        if anchor is None:
            continue
        rows[top][left] = replace(anchor, columns=right - left + 1)
        below = replace(rows[top][left], error="", continued=True)
        covered = filled[bisect_right(filled, top) : bisect_right(filled, bottom)]
        spread += len(covered)
        if spread > MAX_MERGED_CELLS:
            raise TableError(
                gettext("The workbook has more than {max_merged_cells:,} merged cells.").format(
                    max_merged_cells=MAX_MERGED_CELLS
                )
            )
        for number in covered:
            rows[number][left] = below
