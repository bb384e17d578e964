"""ODT files with real styles, header rows, their language, and marking and page number on each page."""

from datetime import datetime, time
from io import BytesIO
from pathlib import Path
from typing import Any

from odfdo import Document, Element, Frame, Header, List, Paragraph, Style

from web.documents.archive import undated
from web.documents.odf_tables import add_paragraph, add_row, add_table
from web.documents.paper import LANGUAGE, Block, Items, Kind, Paper, Part, Picture, Table, printable
from web.documents.picture import TEXT_WIDTH, png

STYLES = Path(__file__).with_name("paper.styles.xml")
PARTS = frozenset(
    {"mimetype", "content.xml", "meta.xml", "settings.xml", "styles.xml", "META-INF/manifest.xml"}
)
TEXT = {
    Kind.TEXT: "Standard",
    Kind.BYLINE: "Byline",
    Kind.QUOTE: "Quotations",
    Kind.SIGNATURE: "Signature",
}
NUMBERED, CAPTION = "Numbered_20_paragraph", "Caption"
SIDEWAYS_WIDTH = 24.7  # of text on a page turned on its side, in cm
UPRIGHT, SIDEWAYS = "Standard", "Sideways"  # kinds of page
CELLS = {
    # is the header row, is a column of numbers
    (True, False): "Table_20_Heading",
    (True, True): "Table_20_Heading_20_Figures",
    (False, False): "Table_20_Contents",
    (False, True): "Table_20_Figures",
}


def odt(paper: Paper) -> bytes:
    """Return the paper as an ODT file. The same paper gives the same bytes."""
    document = _blank()
    _set_properties(document, paper)
    _mark_pages(document, paper)
    _add_automatic_styles(document, paper)
    place = 0
    for number, (is_sideways, parts) in enumerate(paper.runs):
        if number or is_sideways:
            document.body.append(Paragraph(style=_turn(is_sideways=is_sideways)))
        for part in parts:
            _add(document, part, place)
            place += 1
    file = BytesIO()
    document.save(file)
    return undated(file.getvalue())


def _blank() -> Document:
    """Return an empty document with the styles of a paper, without anything else of the library's template."""
    document = Document("text")
    for path in set(document.container.parts) - PARTS:
        document.container.del_part(path)
    for path in set(document.manifest.get_paths()) - PARTS - {"/"}:
        document.manifest.del_full_path(path)
    document.container.set_part("styles.xml", STYLES.read_bytes())
    document.body.clear()
    for element in (
        *document.content.get_elements("//style:font-face"),
        *document.meta.get_elements("//meta:document-statistic"),
    ):
        element.delete()
    return document


def _set_properties(document: Document, paper: Paper) -> None:
    meta = document.meta
    moment = datetime.combine(paper.dated, time(12))
    meta.title, meta.language, meta.keyword = printable(paper.title), LANGUAGE, paper.banner
    meta.initial_creator = meta.creator = printable(paper.author)
    meta.creation_date = meta.date = moment


def _turn(*, is_sideways: bool) -> str:
    """Return the style of the empty paragraph that begins a page of this kind."""
    return f"To {SIDEWAYS if is_sideways else UPRIGHT}"


def _mark_pages(document: Document, paper: Paper) -> None:
    for foot in document.styles.get_elements("//style:footer"):
        for line in paper.foot:
            foot.append(Paragraph(printable(line), style="Foot"))
    for edge in document.styles.get_elements("//style:header|//style:footer"):
        edge.append(Paragraph(paper.banner, style="Marking"))
        if paper.handling:
            edge.append(Paragraph(printable(paper.handling), style="Handling"))


def _add_automatic_styles(document: Document, paper: Paper) -> None:
    """Add the styles of tables and pictures, which ODF knows in the content only."""
    for name, whole in (("Table", TEXT_WIDTH), ("Sideways table", SIDEWAYS_WIDTH)):
        document.insert_style(
            Style("table", name=name, width=f"{whole}cm", align="margins", margin_bottom="0.5cm"),
            automatic=True,
        )
    for is_sideways, page in ((True, SIDEWAYS), (False, UPRIGHT)):
        turn = Style("paragraph", name=_turn(is_sideways=is_sideways), parent_style="Foot", master_page=page)
        document.insert_style(turn, automatic=True)
    document.insert_style(Style("table-row", name="Row", keep_together="always"), automatic=True)
    document.insert_style(
        Style("table-cell", name="Cell", border="0.5pt solid #646464", padding="0.1cm"), automatic=True
    )
    document.insert_style(Style("graphic", name="Picture", wrap="none"), automatic=True)
    for place, part in enumerate(paper.parts):
        if isinstance(part, Table):
            for column, share in enumerate(part.shares):
                whole = SIDEWAYS_WIDTH if part.is_sideways else TEXT_WIDTH
                width = f"{whole * share / sum(part.shares):.3f}cm"
                document.insert_style(
                    Style("table-column", name=_column_style(place, column), width=width), automatic=True
                )


def _column_style(place: int, column: int) -> str:
    return f"Table{place}.{column}"


def _add(document: Document, part: Part, place: int) -> None:
    body = document.body
    match part:
        case Block(kind=Kind.HEADING):
            style = f"Heading_20_{part.level}"
            heading = Header(part.level, "\n".join(part.paragraphs))
            heading.set_attribute("text:style-name", style)  # the library leaves out the style it is given
            body.append(heading)
        case Block():
            for paragraph in _text(part):
                body.append(paragraph)
        case Items():
            style = "List_20_Number" if part.is_numbered else "List_20_Bullet"
            body.append(List([Paragraph(printable(item), style="List") for item in part.items], style=style))
        case Table():
            body.append(Paragraph(printable(part.caption), style=CAPTION))
            _add_table(body, part, place)
        case Picture():
            if part.caption:
                body.append(Paragraph(printable(part.caption), style=CAPTION))
            body.append(_picture(document, part, place))


def _text(block: Block) -> list[Paragraph]:
    if not block.number:
        return [Paragraph(words, style=TEXT[block.kind]) for words in block.paragraphs]
    numbers = [printable(block.number), *[""] * (len(block.paragraphs) - 1)]
    return [
        Paragraph(f"{number}\t{words}", style=NUMBERED)
        for number, words in zip(numbers, block.paragraphs, strict=True)
    ]


def _add_table(body: Element, part: Table, place: int) -> None:
    header, rows = add_table(
        body,
        name=f"Table {place}",
        style="Sideways table" if part.is_sideways else "Table",
        caption=printable(part.caption),
        columns=(_column_style(place, column) for column in range(len(part.header))),
    )
    _add_row(header, part, part.header, is_header=True)
    for texts in part.rows:
        _add_row(rows, part, texts, is_header=False)


def _add_row(rows: Any, part: Table, texts: tuple[str, ...], *, is_header: bool) -> None:
    row = add_row(rows, "Row")
    for column, text in enumerate(texts):
        style = CELLS[is_header, column in part.right]
        style = f"Small_20_{style}" if part.is_small else style
        add_paragraph(row, printable(text), cell_style="Cell", style=style)


def _picture(document: Document, part: Picture, place: int) -> Paragraph:
    content = png(part)
    path = f"Pictures/{place}.png"
    document.container.set_part(path, content)
    document.manifest.add_full_path(path, "image/png")
    frame = Frame.image_frame(
        path, name=f"Picture {place}", style="Picture", size=_size(content), anchor_type="as-char"
    )
    description = Element.from_tag("svg:desc")
    description.text = printable(part.alternative)
    frame.append(description)
    paragraph = Paragraph(style="Standard")
    paragraph.append(frame)
    return paragraph


def _size(content: bytes) -> tuple[str, str]:
    """Return the size of a PNG as wide as the text; its header gives width and height in dots."""
    width, height = (int.from_bytes(content[start : start + 4]) for start in (16, 20))
    return f"{TEXT_WIDTH}cm", f"{TEXT_WIDTH * height / width:.3f}cm"
