"""Cells that no spreadsheet takes for a formula, and the same cells read back."""

import unicodedata

SIGNS = frozenset("=+-@")
# A cell that begins with one of these may be split, so that what follows begins a cell of its own.
BREAKS = ("\t", "\r", "\n")
GUARD = "'"
# Characters that show nothing although Unicode counts them as letters or marks.
BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
INVISIBLE = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs"})


def guarded_text(text: str) -> str:
    """Return a text with an apostrophe before it if a spreadsheet could run it (CWE-1236).

    Excel, Calc and Sheets run a text that begins with = + - or @, some of them also after spaces or invisible
    characters, or in full width. A text that looks as if it were guarded is guarded once more, so that `unguarded_text`
    gives every text back as it was.
    """
    return f"{GUARD}{text}" if needs_guard(text) else text


def unguarded_text(text: str) -> str:
    """Return a text without the apostrophe of `guarded_text`."""
    return text[1:] if text.startswith(GUARD) and needs_guard(text[1:]) else text


def needs_guard(text: str) -> bool:
    """Say whether a spreadsheet could take a text for a formula, or for a text that is guarded already."""
    text = text.lstrip(GUARD)
    if text.startswith(BREAKS):
        return True
    first = next((each for each in text if not _is_invisible(each)), "")
    return unicodedata.normalize("NFKC", first) in SIGNS


def _is_invisible(character: str) -> bool:
    is_selector = "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
    return is_selector or character in BLANKS or unicodedata.category(character) in INVISIBLE
