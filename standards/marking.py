"""Government security classifications as the tracker uses them.

OFFICIAL is the default. -SENSITIVE is an added marking for material whose loss would do harm; it needs a
handling instruction. SECRET and above must never be entered (Government Security Classifications Policy).
"""

from collections.abc import Iterable
from enum import StrEnum


class Marking(StrEnum):
    OFFICIAL = "OFFICIAL"
    OFFICIAL_SENSITIVE = "OFFICIAL-SENSITIVE"


CHOICES = [(marking.value, marking.value) for marking in Marking]


def highest(markings: Iterable[str]) -> Marking:
    """Return the marking of a document with rows of these markings; OFFICIAL when there are none."""
    if any(marking == Marking.OFFICIAL_SENSITIVE for marking in markings):
        return Marking.OFFICIAL_SENSITIVE
    return Marking.OFFICIAL
