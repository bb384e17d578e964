"""Numbers as a workbook shows them: Excel stores the reference 1.10 as 1.1, 007 as 7 and WY-07 as 7 too."""

import re

from django.utils.translation import gettext

DECIMALS = re.compile(r"0\.(0+)(?:_ ?)?")
PERCENT = re.compile(r"0(?:\.0+)?%")
# Text around figures: "WY-"00, \R0, 000 "of plan".
LITERAL = re.compile(r'"([^"]*)"|\\(.)|([-/() ])')
AROUND = r'((?:"[^"]*"|\\.|[-/() ])*)'
SHOWN = re.compile(rf"{AROUND}(0+|General)(?:\.(0+))?{AROUND}")
CURRENCY = re.compile("[\u00a3$\u20ac]")


def shown_number(value: object, number_format: str) -> str:
    """Return a number as Excel shows it, where the format matters: 1.10 is not 1.1, and 0.5 may be 50%."""
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if not isinstance(value, int | float):
        return str(value)
    if decimals := DECIMALS.fullmatch(number_format):
        return f"{value:.{len(decimals[1])}f}"
    if PERCENT.fullmatch(number_format):
        return f"{round(value * 100, 2):g}%"
    plain = str(int(value)) if value == int(value) else f"{value:.12g}"
    match = SHOWN.fullmatch(number_format.partition(";")[0])
    if not match or value < 0 or CURRENCY.search(number_format):
        return plain
    figures = plain
    if match[2] != "General":
        places = len(match[3] or "")
        figures = f"{value:0{len(match[2]) + (places and places + 1)}.{places}f}"
    return f"{_text(match[1])}{figures}{_text(match[4])}"


def _text(part: str) -> str:
    return LITERAL.sub(lambda match: next(text for text in match.groups() if text is not None), part)
