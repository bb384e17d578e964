"""A public edition in every form: made from its frozen content alone, so a preview and what is published are the same bytes."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

import rfc8785
from django.conf import settings
from django.template.loader import render_to_string

from actions.core.states import State
from reports.charts.drawing import Bars, Lines, pictures_of
from reports.figures.cells import text_of
from reports.papers.document import table_parts
from reports.papers.figures import csv_of
from reports.papers.outline import not_like_for_like
from web.documents import Block, Kind, Paper, Part, Table, docx, odt, pdf
from web.language import in_english

Content = Mapping[str, Any]
EMPTY = "Nothing is published in this section."
OTHER_FORMATS = "Ask the publisher for this publication in another format."
ROWS_HEADER = ("Action", "Title", "District", "Due date", "Status")


@in_english
def page(content: Content, *, pk: int, sha256: str, banner: Mapping[str, Any] | None = None) -> bytes:
    """Return the page of an edition. It knows no reader.

    Args:
        banner: for a corrected edition, the id and number of the one that corrects it.
    """
    pictures = _pictures(content)
    context = {
        "banner": banner,
        "numbers": numbers_in_words(content),
        "small": small_in_words(content),
        "content": content,
        "on": date.fromisoformat(content["on"]),
        "sections": [section | {"tables": _tables(section, pictures)} for section in content["sections"]],
        "rows": None if _has_appendix(content) else _rows(content),
        "rows_header": ROWS_HEADER,
        "empty": EMPTY,
        "pk": pk,
        "sha256": sha256,
        "file_types": list(FILES),
        "demo_date": settings.DEMO_DATE,
    }
    return render_to_string("reports/publications/public_edition.html", context).encode()


@in_english
def document(content: Content, *, sha256: str) -> Paper:
    """Return an edition as a document of web/documents."""
    return Paper(
        title=content["title"],
        author=content["partnership"],
        dated=date.fromisoformat(content["on"]),
        marking=content["marking"],
        blocks=tuple(_blocks(content, sha256)),
        other_formats=OTHER_FORMATS,
    )


def _csv(content: Content, sha256: str) -> bytes:
    """Return every cell of every table, with the actions behind each count, as the paper's own file has them."""
    cover = {"title": content["title"], "number": content["number"]}
    return csv_of({**content, "paper": cover}).encode()


def _json(content: Content, sha256: str) -> bytes:
    return rfc8785.dumps(dict(content))


def _document(write: Callable[[Paper], bytes]) -> Callable[[Content, str], bytes]:
    return lambda content, sha256: write(document(content, sha256=sha256))


# The forms of an edition besides its page, by the ending of the file.
FILES: dict[str, Callable[[Content, str], bytes]] = {
    "pdf": _document(pdf),
    "odt": _document(odt),
    "docx": _document(docx),
    "csv": _csv,
    "json": _json,
}


def numbers_in_words(content: Content) -> str:
    """Say how many of the paper's actions and findings are here, why the others are not, and what is not comparable."""
    words = _in_words(content["numbers"], "actions")
    if content.get("numbers_of_findings"):
        words += f" {_in_words(content['numbers_of_findings'], 'recommendations and areas for improvement')}"
    before = content["previous_definitions"]
    if before not in (None, content["definitions"]["version"]):
        words += f" {not_like_for_like('publication', before)}"
    return words


def _in_words(numbers: Mapping[str, Any], rows: str) -> str:
    parts = [f"{number} withheld under {name}" for name, number in numbers["withheld"]]
    if numbers["undecided"]:
        parts.append(f"{numbers['undecided']} not decided")
    verb = "is" if numbers["published"] == 1 else "are"
    words = f"{numbers['published']} of the paper's {numbers['all']} {rows} {verb} published here."
    return f"{words} Not published: {', '.join(parts)}." if parts else words


def small_in_words(content: Content) -> str:
    """Explain the gaps."""
    return (
        f"Left out, because counts of 1 to {content['largest_small']} people could tell who they are, or because "
        "another count could be worked out from it."
    )


def _blocks(content: Content, sha256: str) -> Iterator[Part]:
    pictures = _pictures(content)
    yield Block(Kind.HEADING, content["title"], level=1)
    yield Block(Kind.TEXT, _cover(content))
    if content["correction"]:
        yield Block(Kind.TEXT, f"This is version {content['number']}. What changed: {content['correction']}")
    yield Block(Kind.TEXT, numbers_in_words(content))
    for section in content["sections"]:
        yield Block(Kind.HEADING, section["heading"], level=2)
        for paragraph in section["paragraphs"]:
            yield Block(Kind.TEXT, paragraph["text"], number=str(paragraph["number"]))
        for table in section["tables"]:
            yield from table_parts(table, pictures.get(table["key"]))
        if not section["paragraphs"] and not section["tables"]:
            yield Block(Kind.TEXT, EMPTY)
    if not _has_appendix(content):
        yield Block(Kind.HEADING, "Published actions", level=2)
        if content["rows"]:
            yield Table("Published actions", ROWS_HEADER, _rows(content))
        else:
            yield Block(Kind.TEXT, "None.")
    yield Block(Kind.HEADING, "Definitions", level=2)
    for term, words in content["definitions"]["words"]:
        yield Block(Kind.TEXT, f"{term}: {words}")
    yield Block(Kind.TEXT, f"[c]: {small_in_words(content)}")
    yield Block(Kind.HEADING, "Document control", level=2)
    yield Block(Kind.TEXT, f"Version {content['number']}. SHA-256 of the content: {sha256}")


def _cover(content: Content) -> str:
    on = date.fromisoformat(content["on"])
    parts = (
        content["partnership"],
        ", ".join(part for part in (content["board"], content["meeting"]) if part),
        f"Report of the {content['report_of']}" if content["report_of"] else "",
        content["plan"],
        f"Figures as at {on:%-d %B %Y}",
    )
    return "\n".join(part for part in parts if part)


def _has_appendix(content: Content) -> bool:
    return any(section["kind"] == "appendix" for section in content["sections"])


def _rows(content: Content) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (
            line["ref"],
            line["title"],
            line["district"],
            f"{date.fromisoformat(line['due']):%-d %B %Y}" if line["due"] else "None",
            str(State(line["state"]).label),
        )
        for line in content["rows"]
    )


def _pictures(content: Content) -> dict[str, Bars | Lines]:
    """Draw the tables of an edition, which have no count that is left out."""
    return pictures_of(content, content["earlier"])


def _tables(section: Mapping[str, Any], pictures: Mapping[str, Bars | Lines]) -> list[dict[str, Any]]:
    return [
        table
        | {
            "rows": [line | {"cells": [text_of(cell) for cell in line["cells"]]} for line in table["rows"]],
            "picture": pictures.get(table["key"]),
        }
        for table in section["tables"]
    ]
