"""Dates as plans write them: as cells, in figures, in words, by quarter or by financial year.

The day comes before the month, the financial year runs from 1 April to 31 March, and a period stands for its last
day (or its first, for a start). The words are kept beside what they mean, because boards ask what was printed.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from typing import Literal, NamedTuple

Edge = Literal["start", "end"]

EARLIEST_YEAR, LATEST_YEAR = 1990, 2100
LONGEST_PLAN_YEARS = 10
# fmt: off
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)
# fmt: on


class ImpossibleDate(ValueError):
    """The value looks like a date and is not one; the message says why in words for the reader."""


class Undated(ImpossibleDate):
    """The words hold figures or a month and state no day, like "Within 6 months"; plans are full of them."""


class PlanDate(NamedTuple):
    """What a date cell means: the day, or None for a phrase such as "Ongoing"; and the words as printed."""

    on: date | None
    phrase: str


class Period(NamedTuple):
    """A cell that shows a month or a year: its first and last day, and the words it shows."""

    first: date
    last: date
    phrase: str


def read_plan_date(value: object, *, edge: Edge = "end") -> PlanDate:
    """Read one date of a plan.

    A period stands for its last day, or for its first where a start is read. A year in a cell is the calendar year.
    A phrase without a figure or a month in it ("Ongoing", "TBC", "When funding is known") is no date and is kept. A range
    ("Sept 2020 - March 2021") stands for its last day, or for its first where a start is read.

    Raises:
        Undated: when it holds figures or a month and states no day.
        ImpossibleDate: when it looks like a day and is none, leaves out a day's year, or is not plausible
            (before 1990, after 2100).
    """
    if value is None:
        return PlanDate(None, "")
    if isinstance(value, Period):
        return PlanDate(_plausible(value.first if edge == "start" else value.last), value.phrase)
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return PlanDate(_plausible(value), f"{value.day} {MONTHS[value.month - 1].title()} {value.year}")
    if not isinstance(value, str):
        raise ImpossibleDate("is a number, not a date: format the cell as a date")
    phrase = " ".join(value.split())
    words = _plain(phrase)
    on = _read(words, edge) or _read_range(words, edge)
    if on is not None:
        return PlanDate(on, phrase)
    if re.search(r"\d", words):
        raise Undated("cannot be read as a date: write it like 31/03/2020, March 2020 or Q3 2019/20")
    if any(_month(word) for word in words.split()):
        raise Undated("needs a year, like March 2020")
    return PlanDate(None, phrase)


def _read(words: str, edge: Edge) -> date | None:
    for pattern, reading in READINGS:
        if found := pattern.fullmatch(words):
            return _plausible(reading(found, edge))
    return None


def _read_range(words: str, edge: Edge) -> date | None:
    """The edge of a range like "sept 2020 - march 2021", "april/may 2021" or "1 to 15 march 2021"; None if it is none."""
    words = re.sub(r"^(?:from|between)\s+", "", words)
    for separator in re.finditer(r"\s*(?:-|/|\bto\b|\buntil\b|\band\b)\s*", words):
        first, last = words[: separator.start()], _with_apostrophe(words[separator.end() :])
        end = _read_part(last, "end")
        if not first or end is None:
            continue
        # What both share is often written once, behind the second.
        tail = last.split()
        shared = [" ".join([first, *tail[n:]]) for n in range(len(tail), 0, -1)]
        starts = (_read_part(each, "start") for each in (_with_apostrophe(first), *shared))
        start = next((each for each in starts if each is not None), None)
        if start is not None and start <= end:
            return end if edge == "end" else start
    return None


def _read_part(words: str, edge: Edge) -> date | None:
    try:
        return _read(words, edge)
    except ImpossibleDate:
        return None


def _with_apostrophe(words: str) -> str:
    """A year of two figures behind a month, which alone could be a day: "apr 20" is "apr '20" in a range."""
    return re.sub(r"^([a-z]{3,9}) (\d{2})$", r"\1 '\2", words)


def plan_period(title: str) -> tuple[date, date] | None:
    """The financial years a plan's title names: "Business Plan 2019/20" runs 1 April 2019 to 31 March 2020."""
    found = re.search(r"(?<!\d)(\d{4})\s*[/\-\u2013]\s*(\d{4}|\d{2})(?!\d)", title)
    if not found:
        return None
    first, last = int(found[1]), _second_year(int(found[1]), found[2])
    if not (EARLIEST_YEAR <= first < last <= min(LATEST_YEAR, first + LONGEST_PLAN_YEARS)):
        return None
    return date(first, 4, 1), date(last, 3, 31)


def _plain(phrase: str) -> str:
    """Lower case, with long dashes and the words around a date ("by the end of") taken away."""
    words = re.sub(r"[\u2010-\u2015]", "-", phrase.lower().replace("\u2019", "'")).strip(" .:;,")
    words = re.sub(
        r"^(?:due|no later than|not later than|on or before|before|by|for|w/e|week ending)\s+", "", words
    )
    return re.sub(r"^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+(?=\d)", "", words)


def _month(word: str) -> int:
    """1 to 12 for a month's name or its first three (or, for September, four) letters; 0 for anything else."""
    word = word.strip(".,")
    return next(
        (n for n, name in enumerate(MONTHS, 1) if word in {name, name[:3]} or (word, n) == ("sept", 9)), 0
    )


def _year(text: str) -> int:
    if len(text) == 4:
        return int(text)
    return int(text) + (1900 if int(text) >= EARLIEST_YEAR - 1900 else 2000)


def _second_year(first: int, text: str) -> int:
    if len(text) == 4:
        return int(text)
    second = first - first % 100 + int(text)
    return second + 100 if second < first else second


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise ImpossibleDate("is not a day in the calendar") from None


def _plausible(on: date) -> date:
    if not EARLIEST_YEAR <= on.year <= LATEST_YEAR:
        raise ImpossibleDate(f"is not plausible: the year must lie between {EARLIEST_YEAR} and {LATEST_YEAR}")
    return on


def _edge_of_months(year: int, first: int, months: int, edge: Edge) -> date:
    """The first day of a run of months, or its last; `first` may lie beyond December."""
    if not EARLIEST_YEAR - 1 <= year <= LATEST_YEAR:
        raise ImpossibleDate(f"is not plausible: the year must lie between {EARLIEST_YEAR} and {LATEST_YEAR}")
    if edge == "end":
        return _edge_of_months(year, first + months, 1, "start") - timedelta(days=1)
    return date(year + (first - 1) // 12, (first - 1) % 12 + 1, 1)


def _in_figures(found: re.Match[str], edge: Edge) -> date:
    return _day(_year(found["y"]), int(found["m"]), int(found["d"]))


def _in_words(found: re.Match[str], edge: Edge) -> date:
    if not _month(found["m"]) and get_close_matches(found["m"], MONTHS, cutoff=0.75):
        raise ImpossibleDate(f"names no month: {found['m']}")
    return _day(_year(found["y"]), _known_month(found["m"]), int(found["d"]))


def _in_week(found: re.Match[str], edge: Edge) -> date:
    first = _read(_plain(found["on"]), edge)
    if first is None:
        raise Undated("cannot be read as a date: write it like 31/03/2020")
    return first if edge == "start" else first + timedelta(days=6)


def _by_month(found: re.Match[str], edge: Edge) -> date:
    return _edge_of_months(_year(found["y"] or found["s"]), _known_month(found["m"]), 1, edge)


def _by_quarter(found: re.Match[str], edge: Edge) -> date:
    return _edge_of_months(_financial_year(found), 4 + 3 * (int(found["q"]) - 1), 3, _said_edge(found, edge))


def _by_financial_year(found: re.Match[str], edge: Edge) -> date:
    return _edge_of_months(_financial_year(found), 4, 12, _said_edge(found, edge))


def _by_month_number(found: re.Match[str], edge: Edge) -> date:
    return _edge_of_months(int(found["y"]), _day(int(found["y"]), int(found["m"]), 1).month, 1, edge)


def _end_of_year(found: re.Match[str], edge: Edge) -> date:
    return _day(int(found["y"]), 12, 31)


def _quarter_without_year(found: re.Match[str], edge: Edge) -> date:
    raise Undated("needs the financial year, like Q3 2019/20")


def _year_alone(found: re.Match[str], edge: Edge) -> date:
    raise Undated("needs a month, like March 2020, or the financial year, like 2019/20")


def _day_without_year(found: re.Match[str], edge: Edge) -> date:
    raise ImpossibleDate("needs a year, like 31 March 2020")


def _said_edge(found: re.Match[str], edge: Edge) -> Edge:
    return "end" if found["end"] else edge


def _known_month(word: str) -> int:
    number = _month(word)
    if not number:
        raise Undated(f"names no month: {word}")
    return number


def _financial_year(found: re.Match[str]) -> int:
    parts = found.groupdict()
    first = _year(parts["y"] or parts["s"])
    if _second_year(first, parts["y2"] or parts["s2"]) != first + 1:
        raise Undated("is not a financial year, like 2019/20")
    return first


_END = r"(?P<end>(?:the )?(?:year )?end(?: of)?(?: the)? )?"
_FY = r"(?:fy|financial year|year)? ?(?P<y>\d{4}|\d{2}) ?[/-] ?(?P<y2>\d{4}|\d{2})"
_FY_ALONE = r"(?:fy|financial year|year)? ?(?:(?P<y>\d{4}) ?[/-] ?(?P<y2>\d{4}|\d{2})|(?P<s>\d{2})/(?P<s2>1[3-9]|[2-9]\d))"
_Q = r"q(?:uarter|tr)? ?(?P<q>[1-4])"
_D = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?"
_M = r"(?P<m>[a-z]{3,9})\.?"
_Y = r"(?P<y>\d{4}|\d{2})"

READINGS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], Edge], date]], ...] = tuple(
    (re.compile(pattern), reading)
    for pattern, reading in (
        (r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?:[t ]\d\d:\d\d(?::\d\d)?)?", _in_figures),
        (r"(?P<d>\d{1,2}) ?[/.-] ?(?P<m>\d{1,2}) ?[/.-] ?(?P<y>\d{4}|\d{2})", _in_figures),
        (r"(?P<d>\d{1,2}) (?P<m>\d{1,2}) (?P<y>\d{4})", _in_figures),
        (r"(?:w/c|week commencing|week beginning) (?P<on>.+)", _in_week),
        (rf"{_D}(?: of)?[ -]{_M}(?:,? |-){_Y}", _in_words),
        (rf"{_M} {_D},? (?P<y>\d{{4}})", _in_words),
        (rf"{_END}{_Q},?(?: of)? {_FY}", _by_quarter),
        (rf"{_END}{_FY},? {_Q}", _by_quarter),
        (rf"{_END}{_FY_ALONE}", _by_financial_year),
        (r"(?:the )?end(?: of)?(?: the year)? (?P<y>\d{4})", _end_of_year),
        (r"(?P<m>\d{1,2}) ?[/.] ?(?P<y>\d{4})", _by_month_number),
        (rf"(?:the )?(?:end(?: of)? )?{_M}(?:[ -](?P<y>\d{{4}})|(?:-| ?')(?P<s>\d{{2}}))", _by_month),
        (rf"{_END}{_Q}(?: \d{{2,4}})?", _quarter_without_year),
        (r"\d{4}", _year_alone),
        (rf"(?:{_D}(?: of)?[ -](?:{'|'.join(MONTHS)}|{'|'.join(m[:3] for m in MONTHS)}))", _day_without_year),
    )
)
