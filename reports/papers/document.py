"""A paper as a document for any file format, from its content alone."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.template.loader import render_to_string

from reports.charts.drawing import Bars, Lines
from reports.figures.cells import text_of
from reports.papers.models import Paper as PaperRow
from reports.papers.outline import (
    NOTHING,
    UNCHANGED,
    control_of,
    cover_of,
    foot_of,
    in_words,
    left_out_of,
    notice_of,
    opening_of,
)
from reports.templates.models import Template
from web.documents import Block, Items, Kind, Paper, Part, Picture, Table, control_table
from web.language import in_english

CONTACT = "the programme manager"
# Widths in characters: of a line of each size of type, of a column of long text, and between two columns.
ROOM, SMALL_ROOM, SIDEWAYS_ROOM = 80, 100, 155
LONG, PADDING = 60, 2


@in_english
def document_of(paper: PaperRow, content: dict[str, Any], pictures: dict[str, Bars | Lines]) -> Paper:
    """Return what a paper's files print, in the order of its page.

    Args:
        pictures: by the key of the table that each stands beside.
    """
    cover = content["paper"]
    contact = cover["contact"] or CONTACT
    return Paper(
        title=cover["title"],
        author=cover["partnership"],
        dated=date.fromisoformat(content["on"]),
        marking=content["marking"],
        handling=cover["handling_instruction"],
        notice=notice_of(paper),
        foot=foot_of(paper, content),
        blocks=tuple(_parts(paper, content, pictures)),
        other_formats=f"To ask for this paper in another format, such as large print or audio, contact {contact}.",
    )


def _parts(paper: PaperRow, content: dict[str, Any], pictures: dict[str, Bars | Lines]) -> list[Part]:
    cover = content["paper"]
    board = ", ".join(words for words in (cover["board"], cover["meeting"]) if words)
    parts: list[Part] = [
        Block(Kind.TEXT, board),
        Block(Kind.HEADING, cover["title"], 1),
    ]
    if cover["correction"]:
        parts.append(Block(Kind.TEXT, f"This is version {cover['number']}. {cover['correction']}"))
    parts += [
        _pairs("Cover", ("Item", "Detail"), cover_of(content)),
        Block(Kind.TEXT, opening_of(content)),
        Block(Kind.TEXT, left_out_of(content)),
    ]
    for section in content["sections"]:
        if section["kind"] != "cover":
            parts += _section(section, content, pictures, names_voice=paper.template.two_voices)
    if content["appendices"]:
        parts.append(Block(Kind.HEADING, "Appendices", 2))
        parts.append(Items(tuple(_appendix(row) for row in content["appendices"])))
    parts += [
        Block(Kind.HEADING, "Definitions", 2),
        _pairs(
            "Definitions",
            ("Term", "Meaning"),
            [(term, words) for term, words in content["definitions"]["words"]],
        ),
        Block(Kind.HEADING, "Document control", 2),
        control_table(*control_of(paper, content)),
    ]
    return parts


def _section(
    section: dict[str, Any], content: dict[str, Any], pictures: dict[str, Bars | Lines], *, names_voice: bool
) -> list[Part]:
    parts: list[Part] = [Block(Kind.HEADING, section["heading"], 2)]
    if names_voice:
        parts.append(Block(Kind.BYLINE, str(Template.Voice(section["voice"]).label)))
    parts += [
        Block(Kind.TEXT, paragraph["text"], number=f"{paragraph['number']}.")
        for paragraph in section["paragraphs"]
    ]
    if section["facts_on"]:
        day = in_words(date.fromisoformat(section["facts_on"]))
        parts.append(Block(Kind.TEXT, f"This text is right as at {day}."))
    if section["unchanged"]:
        parts.append(Block(Kind.TEXT, UNCHANGED))
    for table in section["tables"]:
        parts += table_parts(table, pictures.get(table["key"]))
    parts += [Block(Kind.TEXT, _passage(passage)) for passage in section["passages"]]
    if section["kind"] == "implications":
        rows = [(row["heading"], _implication(row)) for row in content["implications"]]
        parts.append(_pairs("Implications", ("Matter", "Implication"), rows))
    elif not section["text"] and not section["tables"] and not section["passages"]:
        parts.append(Block(Kind.TEXT, NOTHING))
    return parts


def table_parts(table: Mapping[str, Any], picture: Bars | Lines | None) -> list[Part]:
    """Return a table with its picture before it and its note after it."""
    if not table["rows"]:
        return [Block(Kind.TEXT, f"{table['caption']}: nothing in the record.")]
    rows = tuple((row["label"], *(text_of(cell) for cell in row["cells"])) for row in table["rows"])
    numbers = frozenset(column + 1 for column, cell in enumerate(table["rows"][0]["cells"]) if "n" in cell)
    parts: list[Part] = []
    if picture is not None:
        parts.append(Picture(svg_of(picture), picture.description, picture.title))
    header = tuple(table["columns"])
    drawn = Table(table["caption"], header, rows, right=numbers)
    parts.append(replace(drawn, widths=_widths(drawn)))
    if table.get("note"):
        parts.append(Block(Kind.TEXT, table["note"]))
    return parts


def svg_of(picture: Bars | Lines) -> str:
    """Return a picture as an SVG file of its own."""
    return render_to_string("reports/charts/_svg.html", {"picture": picture}).strip()


def _widths(table: Table) -> tuple[int, ...]:
    """Share the width of the page: every column holds its longest word, and long texts have what is left."""
    words, extra = [], []
    for texts in zip(table.header, *table.rows, strict=True):
        word = max(len(word) for text in texts for word in text.split() or [""]) + PADDING
        words.append(word)
        extra.append(max(0, min(max(map(len, texts)), LONG) - word))
    room = (SIDEWAYS_ROOM if table.is_sideways else SMALL_ROOM if table.is_small else ROOM) - sum(words)
    wanted = sum(extra)
    shares = [more * min(room, wanted) // wanted if wanted and room > 0 else 0 for more in extra]
    rest = max(0, room - sum(shares)) // len(words)
    return tuple(word + share + rest for word, share in zip(words, shares, strict=True))


def _pairs(caption: str, header: tuple[str, str], rows: list[tuple[str, str]]) -> Table:
    return Table(caption, header, tuple(rows), widths=(1, 2))


def _passage(passage: dict[str, Any]) -> str:
    if passage["treatment"] == "left_out":
        return f"{passage['source']}: left out. {passage['reason']}"
    shortened = " (shortened)" if passage["treatment"] == "shortened" else ""
    disposition = f" {passage['disposition']}." if passage["disposition"] else ""
    return f"{passage['source']}{shortened}: {passage['text']}{disposition}"


def _implication(row: dict[str, Any]) -> str:
    by = f" ({row['assessed_by']})" if row["assessed_by"] else ""
    return f"{row['text'] or 'Not entered yet'}{by}"


def _appendix(row: dict[str, Any]) -> str:
    words = f"Appendix {row['letter']}: {row['title']}. {row['words']}."
    return f"{words} {row['reason']}" if row["reason"] else words
