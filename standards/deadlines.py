"""Deadlines as reports print them: a date inside a phrase.

"By 30 November 2015, chief constables should..." has a date; "immediately" and "within three months" have none, and
nothing is guessed. The phrase is kept as printed whatever it says.
"""

import re
from datetime import date

from standards.dates import MONTHS, ImpossibleDate, read_plan_date

_MONTH = rf"(?:{'|'.join(MONTHS)}|{'|'.join(name[:3] for name in MONTHS)}|sept)\.?"
_END = r"(?:(?:the )?end of (?:the year )?)?"
_YEAR = r"\d{4}(?!\d)"
# The longer a form the earlier it stands, so that "30 November 2015" is not read as "November 2015".
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
# What makes a date a deadline is the word before it: "within three months of 30 November 2015" is another day.
_SAID = r"(?:\b(?:by|before|until|till|than|due|for)(?: the)?(?: (?:mon|tues|wednes|thurs|fri|satur|sun)day,?)? |^)"
_DEADLINE = re.compile(rf"{_SAID}(?P<date>{'|'.join(_DATES)})")


def read_deadline(phrase: str) -> date | None:
    """Return the one day that a deadline's phrase names; none for no date, an impossible one, or several."""
    words = " ".join(phrase.lower().split())
    found = {_day(words)} - {None} or {_day(each["date"]) for each in _DEADLINE.finditer(words)}
    return found.pop() if len(found) == 1 else None


def _day(words: str) -> date | None:
    try:
        return read_plan_date(words).on
    except ImpossibleDate:
        return None
