"""Detection of the code page of a text, from the position of its unusual characters."""

import re
import unicodedata
from collections.abc import Callable

from django.utils.translation import gettext

from web.language import lazy_text
from web.tables.contents import TableError, shortened

CODE_PAGES = {
    "cp1252": lazy_text("Windows' Western encoding"),
    "cp850": lazy_text("MS-DOS text (code page 850)"),
    "mac_roman": lazy_text("Mac text (Mac OS Roman)"),
}
UNUSUAL = re.compile(r"[^\x00-\x7f]")
RULES: tuple[tuple[str, Callable[[str, str], bool]], ...] = (
    # Spaces, fractions and signs that can be anywhere.
    ("\u00a0\u00bd\u00bc\u00be\u00a9\u00ae\u2122\u2022\u00b7\u2026\u00b1\u00d7", lambda before, after: True),
    # Currencies, sections and degrees are beside a figure.
    ("\u00a3\u20ac\u00a5\u00a7\u00b0\u00b2\u00b3", lambda before, after: before.isdigit() or after.isdigit() or after == " "),
    # Dashes are between spaces, or between letters or figures.
    ("\u2013\u2014", lambda before, after: before.isspace() == after.isspace() or before.isdigit()),
    # Opening quotation marks; closing ones and apostrophes.
    ("\u2018\u201c\u00ab", lambda before, after: not before.isalnum() and not after.isspace()),
    ("\u2019\u201d\u00bb", lambda before, after: not before.isspace() or after.isalnum()),
)  # fmt: skip
# The fewest unusual characters that count as evidence of an old code page.
EVIDENCE = 2
SAMPLE = 30


def decode_code_page(data: bytes) -> tuple[str, str]:
    """Return the text of bytes that are not UTF-8, and a warning unless it is clearly Windows text.

    Raises:
        TableError: when no code page fits.
    """
    readings: list[tuple[int, str, str, list[int]]] = []
    for encoding in CODE_PAGES:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        matches = list(UNUSUAL.finditer(text))
        strange = [match.start() for match in matches if not _is_plausible(text, match.start())]
        if not _is_text(text) or (encoding != "cp1252" and not readings and len(matches) < EVIDENCE):
            continue
        readings.append((len(strange), encoding, text, strange or [match.start() for match in matches]))
    if not readings:
        raise TableError(
            gettext("The file is named .csv but is not text in UTF-8 or in Windows' Western encoding.")
        )
    doubts, encoding, text, places = min(readings, key=lambda reading: reading[0])
    if encoding == "cp1252" and not doubts:
        return text, ""
    at = places[0]
    sample = shortened(text[max(0, at - SAMPLE) : at + SAMPLE])
    return text, (
        gettext(
            "The file does not state its encoding. It was read as {code_pages}, which gives "
            "“{sample}”. If that is wrong, save the file as “CSV UTF-8” and select it again."
        ).format(code_pages=CODE_PAGES[encoding], sample=sample)
    )


def _is_text(text: str) -> bool:
    return not re.search(r"[\x00-\x08\x0e-\x1f]", text)


def _is_plausible(text: str, at: int) -> bool:
    """Return whether a character is where people write it: "\u00e9" in a word, "\u00a3" before a figure."""
    character = text[at]
    before, after = text[at - 1 : at] or " ", text[at + 1 : at + 2] or " "
    for characters, rule in RULES:
        if character in characters:
            return rule(before, after)
    return (
        character.isalpha()
        and unicodedata.name(character, "").startswith("LATIN ")
        and _fits(before, character, after)
    )


def _fits(before: str, letter: str, after: str) -> bool:
    """Return whether a letter fits its neighbours: no capital in a lower-case word, no lower case among capitals."""
    if after.isdigit() or (letter.islower() and after.isupper()):
        return False
    if before.isalpha():
        return letter.islower() or before.isupper()
    return after.isalpha()
