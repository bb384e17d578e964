"""A made-up language in which every message stands in brackets, to find texts that are no messages."""

import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from pathlib import Path

import allauth
import django
import lxml.html
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.apps import apps
from django.contrib import auth
from django.core.mail import EmailMessage
from django.test import override_settings
from django.utils import translation
from django.utils.translation import trans_real

from tests.support.messages import extracted

CODE = "xx"
OPENING, CLOSING = "⟦⟧"
# Texts of these fields are data; so is what is composed of them.
DATA_FIELDS = {"CharField", "TextField", "EmailField", "SlugField", "URLField", "FileField", "JSONField"}
ATTRIBUTES = ("aria-label", "title", "alt", "placeholder", "data-label")
# What a page says in English in every language, such as the columns of a file, stands in elements with their language.
ADDRESS = re.compile(rf"https?://[^\s{OPENING}{CLOSING}]+")
NO_TEXT = "//script|//style|//code|//pre|//textarea|//body//*[starts-with(@lang, 'en')]"
WORD = re.compile(r"[A-Za-z]{2,}")
# Pixels and digests, and abbreviations, markings and kinds of files, which are names.
NAMES = re.compile(r"\d+px\b|\b[0-9a-f]{64}\b|\b[A-Z]{2,}\b")
# Django, its accounts and allauth have catalogues of their own; Django's has the months.
LIBRARIES = [Path(django.__file__).parent / "conf", Path(auth.__file__).parent, Path(allauth.__file__).parent]


@cache
def compiled_catalogue() -> bytes:
    """Return the catalogue in which every message stands in brackets; reading every source takes seconds."""
    catalog = extracted()
    for library in LIBRARIES:
        with (library / "locale/en/LC_MESSAGES/django.po").open("rb") as source:
            for message in read_po(source):
                catalog.add(message.id, context=message.context)
    for message in catalog:
        if isinstance(message.id, tuple):
            one, many = message.id
            message.string = tuple(f"{OPENING}{text}{CLOSING}" for text in (one, *[many] * 5))
        elif message.id:
            message.string = f"{OPENING}{message.id}{CLOSING}"
    file = BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


@contextmanager
def pseudo_language(directory: Path) -> Iterator[None]:
    """Let every message stand in brackets meanwhile; its catalogue is put into the directory."""
    folder = directory / CODE / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.mo").write_bytes(compiled_catalogue())
    trans_real._translations.clear()
    try:
        with override_settings(LOCALE_PATHS=[str(directory)], LANGUAGE_CODE=CODE), translation.override(CODE):
            yield
    finally:
        trans_real._translations.clear()


def words_of_rows(more: Collection[str] = ()) -> re.Pattern[str]:
    """Return a pattern for every text that the database holds, and for some more, the longest first."""
    texts = set(more)
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.get_internal_type() in DATA_FIELDS and not field.choices:
                for value in model._base_manager.values_list(field.attname, flat=True):
                    # Lists are data; what the ledger records of a change has states and names of fields too.
                    if isinstance(value, dict):
                        continue
                    for text in value if isinstance(value, list) else [value]:
                        texts |= {
                            " ".join(line.split())
                            for line in (str(text or ""), *str(text or "").splitlines())
                        }
    texts = {text for text in texts if WORD.search(text)}
    return re.compile("|".join(map(re.escape, sorted(texts, key=len, reverse=True))))


def _outside(strings: Iterable[str]) -> Iterator[str]:
    """Yield what stands outside brackets, which may open in one string and close in another."""
    depth = 0
    for string in strings:
        if OPENING not in string and CLOSING not in string:
            if not depth:
                yield " ".join(string.split())
            continue
        outside = ""
        for character in string:
            depth += (character == OPENING) - (character == CLOSING)
            outside += " " if depth or character == CLOSING else character
        yield " ".join(outside.split())


def texts_outside_mail(mail: EmailMessage, data: re.Pattern[str]) -> set[str]:
    """Return the texts of an email, in its subject, plain text and HTML, that are neither messages nor data."""
    plain = ADDRESS.sub(" ", f"{mail.subject}\n{mail.body}")
    texts = {text for text in _outside(iter(plain.splitlines())) if _is_text(text, data)}
    for content, _ in getattr(mail, "alternatives", ()):
        texts |= texts_outside(str(content), data)
    return texts


def texts_outside(page: str, data: re.Pattern[str]) -> set[str]:
    """Return the visible texts of a page that are neither messages nor data."""
    document = lxml.html.fromstring(page)
    if document.get("lang", "").startswith("en"):
        return set()
    for element in document.xpath(NO_TEXT):
        element.drop_tree()
    # A mark that a search makes cuts data into pieces.
    for mark in document.xpath("//mark"):
        mark.drop_tag()
    attributes = document.xpath("|".join(f"//@{name}" for name in ATTRIBUTES))
    texts = {*_outside(document.xpath("//text()")), *_outside(attributes)}
    return {text for text in texts if _is_text(text, data)}


def _is_text(text: str, data: re.Pattern[str]) -> bool:
    return bool(WORD.search(NAMES.sub(" ", data.sub(" ", text))))
