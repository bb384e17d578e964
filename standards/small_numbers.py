"""Small counts of people in a published line of counts: left out, so that nobody can be recognised.

Counts of 1 to 4 are left out by default, and with them whatever would give them away (`standards/suppression.py`). Zero
stays. Counts of actions, meetings and pounds are not counts of people and are never left out.
"""

from collections.abc import Sequence

from standards.suppression import LARGEST_SMALL, Sum, left_out

__all__ = ["CONFIDENTIAL", "LARGEST_SMALL", "published"]

CONFIDENTIAL = "[c]"


def published(counts: Sequence[int]) -> list[str]:
    """Return a line of counts, and last its total, as they may be published."""
    keys = [str(place) for place in range(len(counts))]
    values = dict(zip(keys, counts, strict=True)) | {"total": sum(counts)}
    gaps = left_out(values, [Sum("total", keys)])
    return [CONFIDENTIAL if key in gaps else f"{value:,}" for key, value in values.items()]
