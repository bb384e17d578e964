"""Dates that a workbook shows as a month or a year: Excel stores "Mar-21" as 1 March 2021."""

import re
from calendar import monthrange
from datetime import date

from standards.dates import MONTHS, Period

# The parts of a number format that are not dates: text, escaped characters, space, colours and locales.
LITERAL = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[[^\]]*\]|(.)', re.DOTALL)
TOKEN = re.compile(r"\0(\d+)\0|(y+|m+|d+|e+|b+|h+|s+|am/pm|a/p|general)|(.)", re.IGNORECASE | re.DOTALL)


def shown_period(day: date, number_format: str) -> Period | None:
    """Return the month or year that a cell shows, with its words; None if it shows a day, or no date."""
    parts = _parts(number_format)
    kinds = {part[0] for part, is_code in parts if is_code}
    if not kinds & set("my") or kinds - set("my"):
        return None
    phrase = "".join(_format_code(part, day) if is_code else part for part, is_code in parts).strip()
    first, last = (day.month, day.month) if "m" in kinds else (1, 12)
    length = monthrange(day.year, last)[1]
    return Period(date(day.year, first, 1), date(day.year, last, length), phrase)


def _parts(number_format: str) -> list[tuple[str, bool]]:
    """Return a format's first section as texts and date codes, the codes in lower case."""
    texts: list[str] = []
    plain = ""
    for match in LITERAL.finditer(number_format):
        text = match[1] if match[1] is not None else match[2]
        if match[3] == ";":
            break
        if text is not None:
            plain += f"\0{len(texts)}\0"
            texts.append(text)
        elif match[3] is not None:
            plain += match[3]
    parts: list[tuple[str, bool]] = []
    for match in TOKEN.finditer(plain):
        if match[1] is not None:
            parts.append((texts[int(match[1])], False))
        elif match[2] is not None:
            parts.append((match[2].lower(), True))
        elif match[3] != "@":
            parts.append((match[3], False))
    return parts


def _format_code(code: str, day: date) -> str:
    if code[0] == "y":
        return f"{day.year % 100:02}" if len(code) <= 2 else str(day.year)
    name = MONTHS[day.month - 1].title()
    return {1: str(day.month), 2: f"{day.month:02}", 3: name[:3], 5: name[:1]}.get(len(code), name)
