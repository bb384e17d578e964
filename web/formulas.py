"""Protect cells from being run as formulas, and reverse this when they are read back."""

import unicodedata

SIGNS = frozenset("=+-@")
# A spreadsheet may split a cell at one of these, so that the rest starts a new cell.
BREAKS = ("\t", "\r", "\n")
GUARD = "'"
# Invisible characters that Unicode classes as letters or marks.
BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
INVISIBLE = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs"})


def guarded_text(text: str) -> str:
    """Return text with an apostrophe before it if a spreadsheet could run it as a formula (CWE-1236).

    Excel, Calc and Sheets run text that begins with = + - or @, some also after spaces or invisible characters, or in
    full width. Text that already looks guarded gets another apostrophe, so that `unguarded_text` is an exact inverse.
    """
    return f"{GUARD}{text}" if needs_guard(text) else text


def unguarded_text(text: str) -> str:
    """Return text without the apostrophe that `guarded_text` added."""
    return text[1:] if text.startswith(GUARD) and needs_guard(text[1:]) else text


def needs_guard(text: str) -> bool:
    """Return whether text could be run as a formula, or already looks guarded."""
    text = text.lstrip(GUARD)
    if text.startswith(BREAKS):
        return True
    first = next((each for each in text if not _is_invisible(each)), "")
    return unicodedata.normalize("NFKC", first) in SIGNS


def _is_invisible(character: str) -> bool:
    is_selector = "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
    return is_selector or character in BLANKS or unicodedata.category(character) in INVISIBLE
