"""Numbers that stand for a person: National Insurance, NHS, PNC and custody numbers, and dates of birth.

Every pattern has bounded repeats only, so the time is in proportion to the length of any text.
"""

import re

from stdnum.gb import nhs

from standards.dates import MONTHS
from standards.screening.kinds import Kind, Spans

FLAGS = re.ASCII | re.IGNORECASE
# Around an identifier: it is not part of a longer number, word, path or sum of money.
ALONE = r"(?<![\w/@#\u00a3\u20ac$+-])(?<!\d[.,])"
DONE = r"(?!\w|[-/@]\w|[.,]\d)"

# The prefixes HMRC never uses. The ones it reserves (NC, PP...) do identify a person, so they count.
_NI_PREFIX = r"(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
_NI_PAIRS = re.compile(rf"{ALONE}{_NI_PREFIX}[ -]?\d\d[ -]\d\d[ -]\d\d[ -]?[A-D]{DONE}", FLAGS)
_NI_RUN = re.compile(rf"{ALONE}{_NI_PREFIX} ?\d{{6}} ?[A-D]{DONE}", FLAGS)
# With a label it counts, even without the last letter or with a prefix that is never issued.
_NI_LABELLED = re.compile(
    rf"\b(?:NINO|NI|National Insurance)(?: (?:number|no\.?))?(?: is)?:? ?([A-Z]{{2}}[ -]?\d\d[ -]?\d\d[ -]?\d\d(?:[ -]?[A-D])?){DONE}",
    FLAGS,
)

# Given out are 300 to 499 and 600 to 799; those of tests and examples begin with 9. Other tens are something else.
_NHS = re.compile(rf"{ALONE}[34679]\d\d[ -]?\d{{3}}[ -]?\d{{4}}{DONE}", FLAGS)

_PNC_LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"
_PNC = re.compile(
    rf"(\bPNC(?: ?ID)?(?: (?:number|no\.?|ref\.?|reference))?(?: is)?:? ?)?{ALONE}"
    rf"(?P<pnc>(?P<year>(?:19|20)?\d\d)(?P<slash> ?/ ?)?(?P<serial>\d{{1,7}})(?P<letter>[A-HJ-NP-RT-Z])){DONE}",
    FLAGS,
)
_SHORT_SERIAL, _WHOLE_SERIAL = 4, 7

_CUSTODY = re.compile(
    rf"{ALONE}(?:"
    r"\d\d[A-Z][A-Z\d]/\d{1,6}/(?:20)?\d\d"  # 13CC/1234/20: the force, the station, the number, the year
    r"|\d\d/\d\d[A-Z\d]{2}/[A-Z\d]{2}/\d{1,11}[A-HJ-NP-RT-Z]"  # 11/01ZD/01/410832Q: an arrest or summons
    r"|\d{4}[A-Z]{2}\d{13}[A-HJ-NP-RT-Z]"  # the same as systems write it
    rf"){DONE}",
    FLAGS,
)
_CUSTODY_LABELLED = re.compile(
    r"\b(?:custody|detention|arrest(?:[ /]summons)?)(?: record)?"
    r"(?: (?:number|no\.?|ref\.?|reference|ID)|(?<=record))(?: is| was)?[:#]? ?"
    rf"(?<![\d/-])(?P<custody>[A-Z\d]{{1,20}}(?:[/-][A-Z\d]{{1,20}}){{0,4}}){DONE}",
    FLAGS,
)
_CUSTODY_FIGURES = 5
_YEARS = re.compile(r"(?:19|20)\d\d(?:[/-](?:\d\d){1,2})?|\d{1,2}[/-]\d{1,2}[/-](?:\d\d){1,2}")

_MONTH = rf"(?:{'|'.join(MONTHS)}|{'|'.join(name[:3] for name in MONTHS)}|sept)\.?"
_NTH = (
    r"(?:(?:twenty|thirty)[ -])?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)"
    r"|tenth|eleventh|twelfth|(?:thir|four|fif|six|seven|eigh|nine)teenth|twentieth|thirtieth"
)
_YEAR = r"(?:19|20)?\d\d"
_YEAR_IN_WORDS = (
    r"(?:nineteen|two thousand|twenty)(?:(?: and)?[ -](?:oh|one|two|three|four|five|six|seven|eight|nine|ten|eleven"
    r"|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty)){0,2}"
)
_DATE = (
    rf"(?:(?:0?[1-9]|[12]\d|3[01])(?P<by>[/. -])(?:0?[1-9]|1[0-2])(?P=by){_YEAR}"
    r"|(?:19|20)\d\d-\d\d-\d\d"
    rf"|(?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?(?: of|-)? ?{_MONTH}(?:,? |-)?{_YEAR}"
    rf"|{_MONTH} (?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?,? (?:19|20)\d\d"
    rf"|(?:{_NTH})(?: day)? of {_MONTH},? (?:(?:19|20)\d\d|{_YEAR_IN_WORDS})){DONE}"
)
_BIRTH = r"\b(?:born|DOB\b|D\.O\.B(?:\.|\b)|(?:date|day) of birth|birth ?date|birthday)"
_BORN = re.compile(rf"{_BIRTH}\)?[ :=,-]{{0,3}}(?:(?:is|was|on|the|given|as|of) ){{0,3}}{_DATE}", FLAGS)
_BORN_AFTER = re.compile(
    rf"{ALONE}{_DATE.replace('by>', 'by2>').replace('=by)', '=by2)')} ?[(,-]? ?{_BIRTH}", FLAGS
)


def people(text: str) -> Spans:
    """Find identifiers of people in a plain text."""
    yield from _national_insurance(text)
    for match in _NHS.finditer(text):
        if nhs.is_valid(match[0]):
            yield Kind.NHS, *match.span()
    yield from _pnc(text)
    yield from _custody(text)
    for pattern in (_BORN, _BORN_AFTER):
        for match in pattern.finditer(text):
            yield Kind.DATE_OF_BIRTH, *match.span()


def _national_insurance(text: str) -> Spans:
    for match in _NI_PAIRS.finditer(text):
        yield Kind.NATIONAL_INSURANCE, *match.span()
    for match in _NI_RUN.finditer(text):
        # "by 202021 a further" is prose, which has small letters and spaces.
        if " " not in match[0] or match[0].isupper():
            yield Kind.NATIONAL_INSURANCE, *match.span()
    for match in _NI_LABELLED.finditer(text):
        yield Kind.NATIONAL_INSURANCE, *match.span(1)


def _pnc(text: str) -> Spans:
    for match in _PNC.finditer(text):
        year, serial, is_labelled = match["year"], match["serial"], match[1] is not None
        if int(year[-2:] + serial.zfill(7)) % 23 != _PNC_LETTERS.index(match["letter"].upper()):
            continue
        # Without the slash the serial number is whole; a short one could be a flat's or a form's, unless it has a label.
        if (
            len(serial) == _WHOLE_SERIAL
            if not match["slash"]
            else is_labelled or len(serial) >= _SHORT_SERIAL
        ):
            yield Kind.PNC, *match.span("pnc")


def _custody(text: str) -> Spans:
    for match in _CUSTODY.finditer(text):
        yield Kind.CUSTODY, *match.span()
    for match in _CUSTODY_LABELLED.finditer(text):
        number = match["custody"]
        if sum(map(str.isdigit, number)) >= _CUSTODY_FIGURES and not _YEARS.fullmatch(number):
            yield Kind.CUSTODY, *match.span("custody")
