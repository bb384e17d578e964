"""Dates as plans write them: in cells, in figures, in words, by quarter or by financial year.

The day comes before the month, the financial year runs from 1 April to 31 March, and a period means its last day
(or its first, for a start date). The original words are stored with the date, because boards ask what was printed.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from typing import Literal, NamedTuple

from standards.characters import typed_characters

Edge = Literal["start", "end"]

EARLIEST_YEAR, LATEST_YEAR = 1990, 2100
LONGEST_PLAN_YEARS = 10
# fmt: off
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)
# fmt: on
TIME = re.compile(r"(?<=\d)[t ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:z|[+-]\d{2}:?\d{2})?$")
LAST_BRACKETS = re.compile(rf"\s*\((?![^()]*\b(?:{'|'.join(name[:3] for name in MONTHS)}))[^()\d]*\)$")
ORDINALS = {"first": "1", "second": "2", "third": "3", "fourth": "4", "last": "4"}
ORDINAL_QUARTER = re.compile(rf"\b([1-4](?:st|nd|rd|th)|{'|'.join(ORDINALS)}) (?:quarter|qtr)\b")


class ImpossibleDate(ValueError):
    """The value looks like a date and is not one. The message says how to correct it.

    Attributes:
        text, values: the message in English, and what its braces stand for.
    """

    def __init__(self, text: str, **values: object) -> None:
        super().__init__(text.format(**values))
        self.text, self.values = text, values


class NoDate(ImpossibleDate):
    """The words contain figures or a month but no date, like "Within 6 months"; they are common in plans."""


class PlanDate(NamedTuple):
    """The meaning of a date cell: the day, or None for a phrase such as "Ongoing"; and the words as printed."""

    on: date | None
    phrase: str


class Period(NamedTuple):
    """A cell that shows a month or a year: its first and last day, and the words it shows."""

    first: date
    last: date
    phrase: str


def read_plan_date(value: object, *, edge: Edge = "end") -> PlanDate:
    """Read one date of a plan.

    A period or a range ("Sept 2020 - March 2021") means its last day. A year in a cell is the calendar year. A phrase
    without figures or a month ("Ongoing", "TBC", "When funding is known") is not a date and is returned as a phrase.

    Args:
        edge: "start" to read the first day of a period or range instead.

    Raises:
        NoDate: when it contains figures or a month but no date.
        ImpossibleDate: when it looks like a date and is not a real one, has no year, or is before 1990 or after 2100.
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
        raise NoDate("cannot be read as a date: write it like 31/03/2020, March 2020 or Q3 2019/20")
    if any(_month(word) for word in words.split()):
        raise NoDate("needs a year, like March 2020")
    return PlanDate(None, phrase)


def _read(words: str, edge: Edge) -> date | None:
    for pattern, reading in READINGS:
        if match := pattern.fullmatch(words):
            return _plausible(reading(match, edge))
    return None


def _read_range(words: str, edge: Edge) -> date | None:
    """Return the edge of a range like "sept 2020 - march 2021" or "1 to 15 march 2021"; None if it is not a range."""
    words = re.sub(r"^(?:from|between)\s+", "", words)
    for separator in re.finditer(r"\s*(?:-|/|\bto\b|\buntil\b|\band\b)\s*", words):
        first, last = words[: separator.start()], _with_apostrophe(words[separator.end() :])
        end = _read_part(last, "end")
        if not first or end is None:
            continue
        # The month or year that both dates share is often written once, after the second.
        tail = last.split()
        completed = [" ".join([first, *tail[n:]]) for n in range(len(tail), 0, -1)]
        starts = (_read_part(each, "start") for each in (_with_apostrophe(first), *completed))
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
    """Mark a two-figure year after a month, which alone could be a day: "apr 20" is "apr '20" in a range."""
    return re.sub(r"^([a-z]{3,9}) (\d{2})$", r"\1 '\2", words)


def financial_year_of(day: date) -> tuple[date, date]:
    """Return the first and last day of the financial year that contains a day."""
    year = day.year if day.month >= 4 else day.year - 1
    return date(year, 4, 1), date(year + 1, 3, 31)


def plan_period(title: str) -> tuple[date, date] | None:
    """Return the financial years in a plan's title: "Business Plan 2019/20" runs 1 April 2019 to 31 March 2020."""
    match = re.search(r"(?<!\d)(\d{4})\s*[/\-\u2013]\s*(\d{4}|\d{2})(?!\d)", title)
    if not match:
        return None
    first, last = int(match[1]), _second_year(int(match[1]), match[2])
    if not (EARLIEST_YEAR <= first < last <= min(LATEST_YEAR, first + LONGEST_PLAN_YEARS)):
        return None
    return date(first, 4, 1), date(last, 3, 31)


def _plain(phrase: str) -> str:
    """Return a phrase in lower case, with typed characters, and without words and times around the date.

    "No later than", "00:00" and "(subject to funding)" go; brackets with a figure or a month may say another date.
    """
    words = typed_characters(phrase).lower().replace("\u2019", "'").strip(" .:;,")
    words = LAST_BRACKETS.sub("", TIME.sub("", words))
    words = ORDINAL_QUARTER.sub(lambda match: f"quarter {ORDINALS.get(match[1]) or match[1][0]}", words)
    words = re.sub(
        r"^(?:due|no later than|not later than|on or before|before|by|for|w/e|week ending)\s+", "", words
    )
    return re.sub(r"^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+(?=\d)", "", words)


def _month(word: str) -> int:
    """Return 1 to 12 for a month's name or its first three letters (four for September); 0 for anything else."""
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
        if day <= 12 < month <= 31:
            raise ImpossibleDate(
                "is not a real date: write the day before the month, like 31/03/2020"
            ) from None
        raise ImpossibleDate("is not a real date") from None


def _plausible(on: date) -> date:
    if not EARLIEST_YEAR <= on.year <= LATEST_YEAR:
        raise ImpossibleDate(
            "must have a year between {first} and {last}", first=EARLIEST_YEAR, last=LATEST_YEAR
        )
    return on


def _edge_of_months(year: int, first: int, months: int, edge: Edge) -> date:
    """Return the first or last day of a run of months; `first` may be more than 12, for the next year."""
    if not EARLIEST_YEAR - 1 <= year <= LATEST_YEAR:
        raise ImpossibleDate(
            "must have a year between {first} and {last}", first=EARLIEST_YEAR, last=LATEST_YEAR
        )
    if edge == "end":
        return _edge_of_months(year, first + months, 1, "start") - timedelta(days=1)
    return date(year + (first - 1) // 12, (first - 1) % 12 + 1, 1)


def _in_figures(match: re.Match[str], edge: Edge) -> date:
    return _day(_year(match["y"]), int(match["m"]), int(match["d"]))


def _in_words(match: re.Match[str], edge: Edge) -> date:
    if not _month(match["m"]) and get_close_matches(match["m"], MONTHS, cutoff=0.75):
        raise ImpossibleDate("includes an unknown month: {month}", month=match["m"])
    return _day(_year(match["y"]), _known_month(match["m"]), int(match["d"]))


def _in_week(match: re.Match[str], edge: Edge) -> date:
    first = _read(_plain(match["on"]), edge)
    if first is None:
        raise NoDate("cannot be read as a date: write it like 31/03/2020")
    return first if edge == "start" else first + timedelta(days=6)


def _by_month(match: re.Match[str], edge: Edge) -> date:
    return _edge_of_months(_year(match["y"] or match["s"]), _known_month(match["m"]), 1, edge)


def _by_quarter(match: re.Match[str], edge: Edge) -> date:
    return _edge_of_months(
        _financial_year(match), 4 + 3 * (int(match["q"]) - 1), 3, _edge_in_phrase(match, edge)
    )


def _by_financial_year(match: re.Match[str], edge: Edge) -> date:
    return _edge_of_months(_financial_year(match), 4, 12, _edge_in_phrase(match, edge))


def _by_year_and_month(match: re.Match[str], edge: Edge) -> date:
    """Return a month like 2021-03. 2003-04 is a financial year."""
    if int(match["m"]) == (int(match["y"]) + 1) % 100:
        return _edge_of_months(int(match["y"]), 4, 12, edge)
    return _by_month_number(match, edge)


def _by_month_number(match: re.Match[str], edge: Edge) -> date:
    return _edge_of_months(int(match["y"]), _day(int(match["y"]), int(match["m"]), 1).month, 1, edge)


def _end_of_year(match: re.Match[str], edge: Edge) -> date:
    return _day(int(match["y"]), 12, 31)


def _quarter_without_year(match: re.Match[str], edge: Edge) -> date:
    raise NoDate("needs the financial year, like Q3 2019/20")


def _year_alone(match: re.Match[str], edge: Edge) -> date:
    raise NoDate("needs a month, like March 2020, or the financial year, like 2019/20")


def _day_without_year(match: re.Match[str], edge: Edge) -> date:
    raise ImpossibleDate("needs a year, like 31 March 2020")


def _edge_in_phrase(match: re.Match[str], edge: Edge) -> Edge:
    return "end" if match["end"] else edge


def _known_month(word: str) -> int:
    number = _month(word)
    if not number:
        raise NoDate("includes an unknown month: {month}", month=word)
    return number


def _financial_year(match: re.Match[str]) -> int:
    parts = match.groupdict()
    first = _year(parts["y"] or parts["s"])
    if _second_year(first, parts["y2"] or parts["s2"]) != first + 1:
        raise NoDate("is not a financial year, like 2019/20")
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
        (r"(?P<y>\d{4})[/.-](?P<m>\d{1,2})[/.-](?P<d>\d{1,2})", _in_figures),
        (r"(?P<y>(?:19|20)\d{2})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])", _in_figures),
        (r"(?P<y>\d{4})-(?P<m>0[1-9]|1[0-2])", _by_year_and_month),
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
        (
            rf"(?:the )?(?P<end>end(?: of)? )?{_M}(?:[ -](?P<y>\d{{4}})|(?:(?(end)[ '-]|-)| ?'|(?<=\.))(?P<s>\d{{2}}))",
            _by_month,
        ),
        (rf"{_END}{_Q}(?: \d{{2,4}})?", _quarter_without_year),
        (r"\d{4}", _year_alone),
        (rf"(?:{_D}(?: of)?[ -](?:{'|'.join(MONTHS)}|{'|'.join(m[:3] for m in MONTHS)}))", _day_without_year),
    )
)
