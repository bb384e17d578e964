"""Quantities as papers state them: a number, and how exact it is. Unknown is not zero."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

Number = int | Decimal


class Qualifier(StrEnum):
    EXACTLY = "exactly"
    AT_LEAST = "at_least"
    ABOUT = "about"
    UP_TO = "up_to"
    UNKNOWN = "unknown"


LABELS = {
    Qualifier.EXACTLY: "Exactly",
    Qualifier.AT_LEAST: "At least",
    Qualifier.ABOUT: "About",
    Qualifier.UP_TO: "Up to",
    Qualifier.UNKNOWN: "Unknown",
}
CHOICES = [(qualifier.value, label) for qualifier, label in LABELS.items()]


# Qualifiers of numbers that the exact one is not below, and not above.
LOWER_BOUNDS = (Qualifier.EXACTLY, Qualifier.AT_LEAST)
UPPER_BOUNDS = (Qualifier.EXACTLY, Qualifier.UP_TO)


@dataclass(frozen=True)
class Quantity:
    """A number with its qualifier; `value` is None when it is unknown, and only then."""

    value: Number | None
    qualifier: Qualifier = Qualifier.EXACTLY

    def __post_init__(self) -> None:
        if (self.value is None) != (self.qualifier == Qualifier.UNKNOWN):
            raise ValueError("A quantity has a number unless it is unknown.")

    def __str__(self) -> str:
        if self.value is None:
            return "unknown"
        number = f"{self.value:,}"
        return number if self.qualifier == Qualifier.EXACTLY else f"{LABELS[self.qualifier].lower()} {number}"

    def is_surely_more_than(self, other: "Quantity") -> bool:
        """Return whether it is more than the other whatever the two exact numbers are; "about" is never sure."""
        if self.value is None or other.value is None:
            return False
        bounded = self.qualifier in LOWER_BOUNDS and other.qualifier in UPPER_BOUNDS
        return bounded and self.value > other.value


UNKNOWN = Quantity(None, Qualifier.UNKNOWN)


def total(quantities: Iterable[Quantity]) -> Quantity:
    """Add quantities: as exact as its parts allow, and never more.

    An unknown part, or one of "at least", makes the total "at least". Beside those, a part of "up to" may be nothing and
    adds nothing. Unknown parts alone are unknown, and no parts at all are exactly 0.
    """
    parts = list(quantities)
    known = [part for part in parts if part.value is not None]
    if parts and not known:
        return UNKNOWN
    qualifiers = {part.qualifier for part in parts}
    open_ended = qualifiers & {Qualifier.AT_LEAST, Qualifier.UNKNOWN}
    mixed_bounds = {Qualifier.ABOUT, Qualifier.UP_TO} <= qualifiers
    if open_ended or mixed_bounds:
        return Quantity(_sum(part for part in known if part.qualifier != Qualifier.UP_TO), Qualifier.AT_LEAST)
    for qualifier in (Qualifier.ABOUT, Qualifier.UP_TO):
        if qualifier in qualifiers:
            return Quantity(_sum(known), qualifier)
    return Quantity(_sum(known))


def _sum(parts: Iterable[Quantity]) -> Number:
    number: Number = 0
    for part in parts:
        number += part.value or 0
    return number
