"""A made-up language in which every message stands in brackets, to find texts that are no messages."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import lxml.html
from babel.messages.mofile import write_mo
from django.apps import apps
from django.utils import translation
from django.utils.translation import trans_real

from tests.support.messages import extracted

CODE = "xx"
OPENING, CLOSING = "⟦⟧"
# Texts of these fields are data; so is what is composed of them.
DATA_FIELDS = {"CharField", "TextField", "EmailField", "SlugField", "URLField", "FileField"}
ATTRIBUTES = ("aria-label", "title", "alt", "placeholder", "data-label")
NO_TEXT = "//script|//style|//code|//pre"
WORD = re.compile(r"[A-Za-z]{2,}")
# Numbers with their endings, dates and times of day.
FIGURES = re.compile(
    r"\b(January|February|March|April|May|June|July|August|September|October|November|December)\b|\d+(am|pm|px|st|nd|rd|th)\b"
)


@contextmanager
def pseudo_language(directory: Path, settings: Any) -> Iterator[None]:
    """Let every message stand in brackets meanwhile; its catalogue is compiled in the directory."""
    catalog = extracted()
    for message in catalog:
        if isinstance(message.id, tuple):
            one, many = message.id
            message.string = tuple(f"{OPENING}{text}{CLOSING}" for text in (one, *[many] * 5))
        elif message.id:
            message.string = f"{OPENING}{message.id}{CLOSING}"
    folder = directory / CODE / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "django.mo").open("wb") as file:
        write_mo(file, catalog)
    settings.LOCALE_PATHS, settings.LANGUAGE_CODE = [str(directory)], CODE
    trans_real._translations.clear()
    try:
        with translation.override(CODE):
            yield
    finally:
        trans_real._translations.clear()


def words_of_rows() -> re.Pattern[str]:
    """Return a pattern for every text that the database holds, the longest first."""
    texts: set[str] = set()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.get_internal_type() in DATA_FIELDS and not field.choices:
                for value in model._base_manager.values_list(field.attname, flat=True):
                    texts |= {
                        " ".join(line.split()) for line in (str(value or ""), *str(value or "").splitlines())
                    }
    texts = {text for text in texts if WORD.search(text)}
    return re.compile("|".join(map(re.escape, sorted(texts, key=len, reverse=True))))


def _strings(element: Any) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str):
            yield from _strings(child)
        yield child.tail or ""


def _outside(strings: Iterator[str]) -> Iterator[str]:
    """Yield what stands outside brackets, which may open in one string and close in another."""
    depth = 0
    for string in strings:
        outside = ""
        for character in string:
            depth += (character == OPENING) - (character == CLOSING)
            outside += " " if depth or character == CLOSING else character
        yield " ".join(outside.split())


def texts_outside(page: str, data: re.Pattern[str]) -> set[str]:
    """Return the visible texts of a page that are neither messages nor data."""
    document = lxml.html.fromstring(page)
    for element in document.xpath(NO_TEXT):
        element.drop_tree()
    attributes = (element.get(name, "") for element in document.iter() for name in ATTRIBUTES)
    texts = {*_outside(_strings(document)), *_outside(attributes)}
    return {text for text in texts if WORD.search(FIGURES.sub(" ", data.sub(" ", text)))}
