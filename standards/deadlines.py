"""Deadlines in the words of a report, often with a date in them.

"By 30 November 2015, chief constables should..." has a date. "Immediately" and "within three months" have none, and
none is guessed. The phrase itself is always stored.
"""

import re
from datetime import date

from standards.dates import MONTHS, ImpossibleDate, read_plan_date

_MONTH = rf"(?:{'|'.join(MONTHS)}|{'|'.join(name[:3] for name in MONTHS)}|sept)\.?"
_END = r"(?:(?:the )?end of (?:the year )?)?"
_YEAR = r"\d{4}(?!\d)"
# Longer forms come first, so that "30 November 2015" is not read as "November 2015".
_DATES = (
    r"\d{4}-\d{1,2}-\d{1,2}(?!\d)",
    r"\d{1,2} ?[/.] ?\d{1,2} ?[/.] ?\d{4}(?!\d)",
    rf"\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH},? {_YEAR}",
    rf"{_MONTH} \d{{1,2}},? {_YEAR}",
    rf"{_END}q[1-4],?(?: of)? \d{{4}} ?[/-] ?\d{{2}}(?:\d{{2}})?(?!\d)",
    rf"{_END}\d{{4}} ?[/-] ?\d{{2}}(?:\d{{2}})?(?!\d)",
    rf"{_END}{_MONTH} {_YEAR}",
    rf"(?:the )?end of (?:the year )?{_YEAR}",
)
# A date counts only after words such as "by": "within three months of 30 November 2015" is another day.
_BEFORE = r"(?:\b(?:by|before|until|till|than|due|for)(?: the)?(?: (?:mon|tues|wednes|thurs|fri|satur|sun)day,?)? |^)"
_DEADLINE = re.compile(rf"{_BEFORE}(?P<date>{'|'.join(_DATES)})")


def read_deadline(phrase: str) -> date | None:
    """Return the only date in a deadline's phrase; None for no date, an impossible one, or several."""
    words = " ".join(phrase.lower().split())
    days = {_day(words)} - {None} or {_day(match["date"]) for match in _DEADLINE.finditer(words)}
    return days.pop() if len(days) == 1 else None


def _day(words: str) -> date | None:
    try:
        return read_plan_date(words).on
    except ImpossibleDate:
        return None
