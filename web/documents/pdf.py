"""PDF/UA-1 files: tagged, with title and language."""

import json
import re
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import typst

from web.documents.paper import Block, Items, Paper, Part, Picture, Table, printable

TEMPLATE = Path(__file__).with_name("paper.typ")
NO_FONT = re.compile(r'the text `"(?P<text>.+)"` could not be displayed')
ESCAPE = re.compile(r"\\u\{([0-9a-f]+)\}")


class Unprintable(ValueError):
    """No font on this server has the character `text`."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"The paper cannot be printed because no font has the character “{text}”. Remove it and try again."
        )
        self.text = text


def pdf(paper: Paper) -> bytes:
    """Return the paper as a PDF that meets PDF/UA-1. With the same fonts, the same paper gives the same bytes.

    Raises:
        Unprintable: no font has one of its characters.
    """
    moment = datetime.combine(paper.dated, time(12), UTC)
    try:
        document = typst.compile(
            TEMPLATE,
            root=TEMPLATE.parent,
            format="pdf",
            sys_inputs={"paper": json.dumps(_as_data(paper))},
            pdf_standards=["ua-1"],
            timestamp=moment,
        )
    except typst.TypstError as error:
        if match := NO_FONT.search(str(error)):
            raise Unprintable(ESCAPE.sub(lambda code: chr(int(code[1], 16)), match["text"])) from error
        raise
    assert isinstance(document, bytes)  # only image formats give a list, one for each page
    return document


def _as_data(paper: Paper) -> dict[str, object]:
    return {
        "title": printable(paper.title),
        "author": printable(paper.author),
        "dated": [paper.dated.year, paper.dated.month, paper.dated.day],
        "banner": paper.banner,
        "handling": printable(paper.handling),
        "foot": _texts(paper.foot),
        "runs": [
            {"sideways": is_sideways, "blocks": [{"kind": part.kind.value, **_part(part)} for part in parts]}
            for is_sideways, parts in paper.runs
        ],
    }


def _part(part: Part) -> dict[str, Any]:
    match part:
        case Block():
            return {"level": part.level, "number": printable(part.number), "paragraphs": part.paragraphs}
        case Items():
            return {"items": _texts(part.items), "numbered": part.is_numbered}
        case Table():
            return {
                "caption": printable(part.caption),
                "header": _texts(part.header),
                "cells": [cell for row in part.rows for cell in _texts(row)],
                "widths": part.shares,
                "right": sorted(part.right),
                "small": part.is_small,
            }
        case Picture():
            return {
                "svg": part.svg,
                "alternative": printable(part.alternative),
                "caption": printable(part.caption),
            }


def _texts(texts: tuple[str, ...]) -> list[str]:
    return [printable(text) for text in texts]
