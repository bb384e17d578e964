"""The catalogue of messages for translation: `python -m tests.support.messages` writes it anew.

It needs no GNU gettext. Django turns a template into Python calls, and Babel reads those as it reads Python.
"""

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import django
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.functional import Promise
from django.utils.text import camel_case_to_spaces
from django.utils.translation.template import templatize

from actions.core.table import ACTION
from inspections.core.table import FINDING
from partners.scopes import SCOPES
from standards import rag
from tests.architecture.source import APPS, ROOT
from web.language import own_models

LANGUAGE = "cy"
CATALOGUE = ROOT / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "lazy_text": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
# A catalogue of fixed dates is the same whenever it is written.
WRITTEN_AT = datetime(2020, 6, 19, tzinfo=UTC)
# Where names of fields are that libraries mark.
INHERITED = "partners/clients/models.py"
# What no page shows.
UNSEEN = {"audit", "web"}
INDENT = re.compile(r"^[ \t]+", re.MULTILINE)


def sources() -> Iterator[Path]:
    """Every file whose texts people see."""
    for app in APPS:
        yield from sorted(path for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts)
    yield from sorted(path for path in (ROOT / "templates").rglob("*") if path.suffix in {".html", ".txt"})


def extracted() -> Catalog:
    """Return an empty catalogue of every message in the source."""
    catalog = Catalog(
        locale=LANGUAGE,
        domain="django",
        header_comment="# Messages of Prevent Tracker. Written by make messages; see docs/operations.md.",
        project="Prevent Tracker",
        creation_date=WRITTEN_AT,
        revision_date=WRITTEN_AT,
        version="1",
        msgid_bugs_address="see CONTRIBUTING.md",
        last_translator="none yet",
        language_team="none yet",
        fuzzy=False,
    )
    for path in sources():
        text = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            # Indented text between calls would be a syntax error in Python.
            text = INDENT.sub("", templatize(text))
        name = path.relative_to(ROOT).as_posix()
        for _, message, comments, context in extract("python", BytesIO(text.encode()), KEYWORDS):
            catalog.add(message, locations=[(name, 0)], auto_comments=comments, context=context)
    for path, words in words_elsewhere():
        if words not in catalog or path != INHERITED:
            catalog.add(words, locations=[(path, 0)])
    return catalog


def words_elsewhere() -> Iterator[tuple[str, str]]:
    """Yield the messages that no call marks, each with the file that has it."""
    # The rules of the public record know no Django: their words are translated where they are shown.
    for words in rag.KEY.values():
        yield "standards/rag.py", words
    # The description of the API says them in English.
    for words in SCOPES.values():
        yield "partners/scopes.py", words
    for app, words in derived_names():
        yield f"{app}/models.py", words
    for field in (*ACTION, *FINDING):
        yield "web/resources.py", field.text
        if field.headings:
            yield "web/resources.py", field.column_text
    for words in inherited_names():
        yield INHERITED, words


def derived_names() -> Iterator[tuple[str, str]]:
    """Yield the names of models and fields that Django derives, each with its app; those that were marked are in the source."""
    for model in own_models():
        options = model._meta
        if options.app_label not in UNSEEN:
            for column in options.concrete_fields:
                if not column._verbose_name and not column.primary_key:
                    yield options.app_label, column.name.replace("_", " ")
            if "verbose_name" not in options.original_attrs:
                yield options.app_label, camel_case_to_spaces(options.object_name)
                yield options.app_label, f"{camel_case_to_spaces(options.object_name)}s"


def inherited_names() -> Iterator[str]:
    """Yield the names of fields that are marked, those of libraries too: not every library has a catalogue."""
    for model in own_models():
        options = model._meta
        if options.app_label not in UNSEEN:
            for column in options.concrete_fields:
                if isinstance(column._verbose_name, Promise):
                    yield str(column._verbose_name)


def written() -> bytes:
    """Return the catalogue as it should be: today's messages, with the translations that it has."""
    catalog = extracted()
    if CATALOGUE.exists():
        with CATALOGUE.open("rb") as file:
            present = read_po(file, locale=LANGUAGE)
        for message in catalog:
            translated = present.get(message.id, message.context) if message.id else None
            if translated is not None:
                message.string = translated.string
    output = BytesIO()
    write_po(output, catalog, width=120, sort_output=True, include_lineno=False)
    # The number of Babel's release would change the file with each update.
    return re.sub(rb'^"Generated-By: .*\n', b"", output.getvalue(), flags=re.MULTILINE)


if __name__ == "__main__":
    os.environ |= {"MODE": "test", "SECRET_KEY": "x", "DATABASE_URL": "sqlite://:memory:"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "prevent_tracker.settings"
    django.setup()
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    CATALOGUE.write_bytes(written())
