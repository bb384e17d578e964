"""Telephone numbers and private email addresses."""

import re

from phonenumbers import NumberParseException, PhoneNumberType, is_valid_number, number_type, parse

from standards.screening.kinds import Kind, Spans

# An address at an organisation (police.uk, gov.uk, nhs.net, ac.uk, any other) is how colleagues are named: it passes.
_FAMILIES = "aol|gmail|gmx|googlemail|hotmail|icloud|live|msn|outlook|protonmail|rocketmail|tutanota|yahoo|yandex|ymail"
_PRIVATE_FAMILY = re.compile(rf"(?:{_FAMILIES})\.(?:[a-z]{{2,3}}|com?\.[a-z]{{2}})")
# fmt: off
_PRIVATE = frozenset((
    "163.com", "blueyonder.co.uk", "btinternet.com", "btopenworld.com", "duck.com", "ee.co.uk",
    "email.com", "fastmail.com", "fastmail.fm", "freeserve.co.uk", "fsmail.net", "hey.com",
    "hushmail.com", "inbox.com", "lineone.net", "live.co.uk", "mac.com", "madasafish.com", "mail.com",
    "mail.ru", "mailinator.com", "me.com", "ntlworld.com", "o2.co.uk", "onetel.com", "orange.net",
    "passport.com", "plus.com", "plus.net", "pm.me", "proton.me", "qq.com", "rediffmail.com", "sky.com",
    "supanet.com", "talk21.com", "talktalk.co.uk", "talktalk.net", "tesco.net", "tiscali.co.uk",
    "tuta.com", "tuta.io", "tutamail.com", "uk2.net", "uwclub.net", "virgin.net", "virginmedia.com",
    "waitrose.com", "wanadoo.co.uk", "windowslive.com", "wp.pl", "yopmail.com", "zoho.com",
    "zohomail.com",
))
# fmt: on
# The first character may follow none of its like, so a long run is tried once only.
_EMAIL = re.compile(
    r"(?<![\w.+%'-])[\w.+%'-]{1,64}@(?P<domain>[a-z\d-]{1,63}(?:\.[a-z\d-]{1,63}){1,8})",
    re.ASCII | re.IGNORECASE,
)

# The beginning of a number, with its code: 0 and two to five figures, or + and the country.
_BEGINNING = re.compile(
    r"(?<![\w@#\u00a3\u20ac$+-])(?<!\d[.,])\(?(?:(?:\+|00)[1-9]\d{0,2}|0[1-9]\d)", re.ASCII
)
_GROUP = re.compile(r"(?:[ .-]|[ .-]?\((?=0\))|\) ?|(?<=\))|(?<=\d))?\d{1,12}", re.ASCII)
_DONE = re.compile(r"(?!\w|[-@]\w|[.,]\d|%)", re.ASCII)
_GROUPS, _FEWEST, _MOST = 7, 10, 16
# Within the country numbers have eleven figures, or ten in some places; ignore other lengths.
_WITHIN = re.compile(r"0[1-357]\d{9}|01\d{8}|00\d+|[1-9]\d+")
# Numbers nobody has at home: freephone, 03 and 084 numbers of organisations, premium rate.
_ORGANISATIONS = frozenset(
    (
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.UAN,
    )
)
# Ofcom keeps these for drama and nobody has them, so they are not valid. They are telephone numbers to a reader.
_DRAMA = re.compile(r"0?(?:7700900|1632960)\d{3}")
_UNITED_KINGDOM = 44


def contacts(text: str) -> Spans:
    """Find telephone numbers and private email addresses in a plain text."""
    for match in _EMAIL.finditer(text):
        if _is_private(match["domain"].lower()):
            yield Kind.EMAIL, *match.span()
    position = 0
    while beginning := _BEGINNING.search(text, position):
        end = _telephone_end(text, beginning.start())
        if end:
            number = text[beginning.start() : end]
            bracketed = number.startswith("(") and number.count("(") > number.count(")")
            yield Kind.TELEPHONE, beginning.start() + bracketed, end
        position = end or beginning.start() + 1


def _is_private(domain: str) -> bool:
    return domain in _PRIVATE or _PRIVATE_FAMILY.fullmatch(domain) is not None


def _telephone_end(text: str, start: int) -> int | None:
    """Return where the longest telephone number that begins here ends, of the groups of figures that follow."""
    at, figures, best = start, 0, None
    if text[at] == "(":
        at += 1
    if text[at] == "+":
        at += 1
    for _ in range(_GROUPS):
        group = _GROUP.match(text, at)
        if not group:
            break
        at = group.end()
        figures += sum(map(str.isdigit, group[0]))
        if figures > _MOST:
            break
        if figures >= _FEWEST and _DONE.match(text, at) and _is_telephone(text[start:at]):
            best = at
    return best


def _is_telephone(written: str) -> bool:
    if not _WITHIN.fullmatch("".join(filter(str.isdigit, written))):
        return False
    # "(0)" after the country's code is not dialled from abroad.
    try:
        number = parse(written.replace("(0)", ""), "GB")
    except NumberParseException:
        return False
    if number.country_code == _UNITED_KINGDOM and _DRAMA.fullmatch(str(number.national_number)):
        return True
    return is_valid_number(number) and number_type(number) not in _ORGANISATIONS
