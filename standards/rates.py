"""The one rounding rule for a share of a whole."""


def percent_of(part: int, whole: int) -> int | None:
    """Return the whole per cent, rounded half up; None of nothing."""
    return (part * 200 + whole) // (whole * 2) if whole else None
