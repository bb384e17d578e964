"""Small counts of people in published tables: left out, so that nobody can be recognised.

Counts of 1 to 4 are left out by default. Where a total is published too, a single gap could be worked out from it, so
the next smallest count of the line is left out as well. Zero stays. Counts of actions, meetings and pounds are not
counts of people and are never left out.
"""

from collections.abc import Sequence

LARGEST_SMALL = 4
CONFIDENTIAL = "[c]"


def left_out(counts: Sequence[int]) -> set[int]:
    """Return the positions of the counts to leave out of a line whose total is published."""
    gaps = {index for index, count in enumerate(counts) if 0 < count <= LARGEST_SMALL}
    if gaps and _can_be_worked_out([counts[index] for index in gaps]):
        others = [(count, index) for index, count in enumerate(counts) if count > LARGEST_SMALL]
        gaps |= {index for _, index in sorted(others)[:1]}
    return gaps


def published(counts: Sequence[int]) -> list[str]:
    """Return a line of counts, and last its total, as they may be published."""
    gaps, whole = left_out(counts), sum(counts)
    hides_total = 0 < whole <= LARGEST_SMALL or (
        bool(gaps) and _can_be_worked_out([counts[index] for index in gaps])
    )
    cells = [CONFIDENTIAL if index in gaps else f"{count:,}" for index, count in enumerate(counts)]
    return [*cells, CONFIDENTIAL if hides_total else f"{whole:,}"]


def _can_be_worked_out(counts: Sequence[int]) -> bool:
    """Return whether the sum of counts that are left out gives any of them away."""
    if any(count > LARGEST_SMALL for count in counts):
        return False
    return len(counts) == 1 or sum(counts) in {len(counts), LARGEST_SMALL * len(counts)}
