"""The text around the words of a search. Each word is between BEGIN and END, which no text contains."""

import re
from collections.abc import Iterable

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from standards.characters import pattern_of

BEGIN, END = "\x02", "\x03"
MARKED = re.compile(f"{BEGIN}([^{BEGIN}{END}]*){END}")
STRAY = re.compile(f"[{BEGIN}{END}]")
BEFORE, LENGTH = 80, 260


def mark_words(text: str, words: Iterable[str]) -> str:
    """Cut the text around the first of the words, and mark each of them in it."""
    text = STRAY.sub("", text)
    pattern = re.compile(
        "|".join(map(pattern_of, sorted(words, key=len, reverse=True))) or r"(?!)", re.IGNORECASE
    )
    first = pattern.search(text)
    start = max(0, first.start() - BEFORE) if first else 0
    if start:
        start = text.find(" ", start, first.start() if first else None) + 1 or start
    cut = text[start : start + LENGTH]
    if start + LENGTH < len(text):
        cut = f"{cut.rpartition(' ')[0] or cut} …"
    return pattern.sub(lambda match: f"{BEGIN}{match[0]}{END}", f"… {cut}" if start else cut)


def as_html(excerpt: str) -> SafeString:
    """Escape an excerpt and print its marks as <mark>."""
    marked = MARKED.sub(r"<mark>\1</mark>", escape(" ".join(excerpt.split())))
    return mark_safe(STRAY.sub("", marked))  # noqa: S308 (escaped above; the marks are put in after it)
