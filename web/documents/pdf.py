"""PDF/UA-1 files: tagged, with title and language."""

import json
import re
from datetime import UTC, datetime, time
from pathlib import Path

import typst

from web.documents.paper import Paper, printable

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
        "blocks": [
            {"kind": block.kind.value, "level": block.level, "paragraphs": block.paragraphs}
            for block in paper.blocks
            if block.paragraphs
        ],
    }
