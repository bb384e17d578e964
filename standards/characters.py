"""Characters that word processors put into texts, and what people type instead of them."""

import unicodedata

HYPHENS = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
SPACES = "\u00a0\u2007\u2009\u202f"
INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
# From each of these to the character at the same place; those without one are removed.
TYPOGRAPHIC = HYPHENS + SPACES + INVISIBLE
TYPED = "-" * len(HYPHENS) + " " * len(SPACES)

_TABLE = str.maketrans(TYPOGRAPHIC[: len(TYPED)], TYPED, INVISIBLE)
# Latin letters with accents, by the letter without: those of Welsh and the rest of Europe.
_ACCENTED: dict[str, str] = {}
for _letter in map(chr, range(0xC0, 0x180)):
    _base = unicodedata.normalize("NFD", _letter)[0]
    if _base != _letter:
        _ACCENTED[_base.lower()] = _ACCENTED.get(_base.lower(), "") + _letter


def typed_characters(text: str) -> str:
    """Return a text with the hyphens, spaces and letters that a keyboard has; accents stay, composed."""
    return unicodedata.normalize("NFC", text).translate(_TABLE)


def pattern_of(words: str) -> str:
    """Return a regular expression for words in a text, whatever hyphens, spaces and accents either has."""
    return f"[{INVISIBLE}]*".join(map(_variants, typed_characters(words)))


def _variants(character: str) -> str:
    base = unicodedata.normalize("NFD", character)[0].lower()
    if base == "-":
        return f"[-{HYPHENS}]"
    if base.isspace():
        return r"\s+"
    return f"[{base}{_ACCENTED[base]}][\u0300-\u036f]*" if base in _ACCENTED else _escaped(character)


def _escaped(character: str) -> str:
    return character if character.isalnum() else f"\\{character}"
