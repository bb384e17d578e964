"""Full postcodes and vehicle registrations. Every pattern has bounded repeats only."""

import re

from standards.screening.kinds import Kind, Spans
from standards.screening.people import ALONE, DONE, FLAGS

# fmt: off
_AREAS = (
    "AB", "AL", "BA", "BB", "BD", "BH", "BL", "BN", "BR", "BS", "BT", "CA", "CB", "CF", "CH", "CM", "CO", "CR", "CT",
    "CV", "CW", "DA", "DD", "DE", "DG", "DH", "DL", "DN", "DT", "DY", "EC", "EH", "EN", "EX", "FK", "FY", "GL", "GU",
    "GY", "HA", "HD", "HG", "HP", "HR", "HS", "HU", "HX", "IG", "IM", "IP", "IV", "JE", "KA", "KT", "KW", "KY", "LA",
    "LD", "LE", "LL", "LN", "LS", "LU", "ME", "MK", "ML", "NE", "NG", "NN", "NP", "NR", "NW", "OL", "OX", "PA", "PE",
    "PH", "PL", "PO", "PR", "RG", "RH", "RM", "SA", "SE", "SG", "SK", "SL", "SM", "SN", "SO", "SP", "SR", "SS", "ST",
    "SW", "SY", "TA", "TD", "TF", "TN", "TQ", "TR", "TS", "TW", "UB", "WA", "WC", "WD", "WF", "WN", "WR", "WS", "WV",
    "YO", "ZE", "B", "E", "G", "L", "M", "N", "S", "W",
)
# fmt: on
_POSTCODE = re.compile(
    # A slash may stand between two of them.
    rf"{ALONE.replace('/', '')}(?:(?:{'|'.join(_AREAS)})\d[\dA-HJKMNPR-Y]? ?\d[ABD-HJLNP-UW-Z]{{2}}|GIR ?0AA){DONE.replace('/', '')}",
    FLAGS,
)
_AFTER_FIGURES = ("st", "nd", "rd", "th", "ft", "hr", "yd", "lb", "ha")

# Since 2001: where (never I, J, Q, T, U or Z first), when (never 00, 01 or 50), and three letters.
_NOW = r"[A-HK-PRSV-Y][A-HJ-PR-Y](?!00|01|50)\d\d ?[A-HJ-PR-Z]{3}"
# From 1983 to 2001 the age came first. Less than three figures are the number of a road or a paragraph.
_PREFIX = r"[A-HJ-NPR-TV-Y][1-9]\d\d ?[A-HJ-PR-Z]{3}"
_MARK = re.compile(rf"{ALONE}(?:{_NOW}|{_PREFIX}){DONE}", FLAGS)
_LABEL = (
    r"(?:VRMs?|VRN|(?:(?:vehicle|car|van|index) )?(?:registration|reg|index|plate)(?: (?:mark|number|no|plate))?|number plate"
    r"|vehicle|car|van|motorcycle|lorry)\b\.?(?: (?:is|was|of|bearing|with))?[:,]? ?\(?"
)
_MARK_LABELLED = re.compile(
    rf"\b{_LABEL}(?P<mark>[A-HJ-NPR-TV-Y][1-9]\d{{0,2}} ?[A-HJ-PR-Z]{{3}}|[A-HJ-PR-Z]{{3}} ?[1-9]\d{{0,2}}[A-HJ-NPR-TV-Y]|{_NOW}){DONE}",
    FLAGS,
)
# The oldest have no age: letters and figures, either first. They need the surest words before them.
_DATELESS = re.compile(
    r"\b(?:VRM|VRN|(?:registration|reg|index) (?:mark|number|no|plate)|number plate)\b\.?(?: (?:is|was))?[:,]? ?"
    rf"(?P<mark>[A-Z]{{1,3}} ?[1-9]\d{{0,3}}|[1-9]\d{{0,3}} ?[A-Z]{{1,3}}){DONE}",
    FLAGS,
)
# "A650 AND" in a heading is a road and a word.
# fmt: off
_WORDS = frozenset((
    "ACT", "ALL", "AND", "ANY", "ARE", "BUS", "BUT", "BY", "CAN", "CAR", "CAT", "DAY", "DUE", "FOR",
    "FROM", "GET", "HAD", "HAS", "HER", "HIM", "HIS", "HOW", "MAY", "MPH", "NEW", "NOR", "NOT", "NOW",
    "OFF", "OLD", "ONE", "OUR", "OUT", "OWN", "PER", "PLAN", "ROAD", "SAW", "SAY", "SEE", "SET", "SHE",
    "THE", "TO", "TOO", "TWO", "USE", "VAN", "WAS", "WAY", "WE", "WERE", "WHO", "WHY", "WITH", "YET",
    "YOU",
))
# fmt: on


def places(text: str) -> Spans:
    """Find full postcodes and vehicle registrations in a plain text."""
    for match in _POSTCODE.finditer(text):
        # "M1 1st" and "e1 2nd" are a road and an ordinal, "N2 6ft" a road and a measure.
        if not match[0].endswith(_AFTER_FIGURES):
            yield Kind.POSTCODE, *match.span()
    for match in _MARK.finditer(text):
        if _is_mark(match[0]):
            yield Kind.VEHICLE, *match.span()
    for pattern in (_MARK_LABELLED, _DATELESS):
        for match in pattern.finditer(text):
            if _is_mark(match["mark"]):
                yield Kind.VEHICLE, *match.span("mark")


def _is_mark(text: str) -> bool:
    """Marks are in one case, and no part of them is a common word: `A650 was` is neither."""
    words = re.findall(r"[A-Z]+", text.upper()) if " " in text else []
    return _one_case(text) and _WORDS.isdisjoint(words)


def _one_case(text: str) -> bool:
    return text.isupper() or text.islower()
