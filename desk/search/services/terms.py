import re
from dataclasses import dataclass

from standards.characters import typed_characters

TERM = re.compile(r'(?P<without>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')


@dataclass(frozen=True)
class Terms:
    """The terms of a search: words and phrases a row must contain, and those it must not."""

    words: tuple[str, ...]
    phrases: tuple[str, ...]
    excluded: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> "Terms":
        words: list[str] = []
        phrases: list[str] = []
        excluded: list[str] = []
        for term in TERM.finditer(typed_characters(text)):
            value = (term["phrase"] or term["word"] or "").strip().lower()
            if any(letter.isalnum() for letter in value):
                (excluded if term["without"] else phrases if term["phrase"] else words).append(value)
        return cls(*(tuple(dict.fromkeys(terms)) for terms in (words, phrases, excluded)))

    @property
    def required(self) -> tuple[str, ...]:
        return (*self.words, *self.phrases)
