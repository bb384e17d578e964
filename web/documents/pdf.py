"""A paper as PDF/UA-1: tagged, titled, in its language."""

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
    """No font on this machine has a character of the paper; it stands in `text`."""

    def __init__(self, text: str) -> None:
        super().__init__(f"No font here has the character “{text}”, so it cannot be printed.")
        self.text = text


def pdf(paper: Paper) -> bytes:
    """Return the paper as a PDF that meets PDF/UA-1. The same paper gives the same bytes where the fonts are the same.

    Raises:
        Unprintable: when it holds a character that no font has.
    """
    moment = datetime.combine(paper.dated, time(12), UTC)
    try:
        made = typst.compile(
            TEMPLATE,
            root=TEMPLATE.parent,
            format="pdf",
            sys_inputs={"paper": json.dumps(_as_data(paper))},
            pdf_standards=["ua-1"],
            timestamp=moment,
        )
    except typst.TypstError as error:
        if found := NO_FONT.search(str(error)):
            raise Unprintable(ESCAPE.sub(lambda code: chr(int(code[1], 16)), found["text"])) from error
        raise
    assert isinstance(made, bytes)  # several files are what pictures give, one for each page
    return made


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
