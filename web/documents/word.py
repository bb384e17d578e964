"""DOCX files with real styles, header rows, their language, and marking and page number on each page."""

from copy import deepcopy
from datetime import UTC, datetime, time
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from web.documents.archive import undated
from web.documents.paper import LANGUAGE, Block, Items, Kind, Paper, Part, Picture, Table, printable
from web.documents.picture import TEXT_WIDTH, png

FONT = "Arial"
NUMBERED, CAPTION, GRID = "Numbered paragraph", "Caption", "Table Grid"
CELL, SMALL_CELL, FOOT = "Table text", "Small table text", "Foot"
STYLES = {Kind.TEXT: "Normal", Kind.BYLINE: "Normal", Kind.QUOTE: "Quote", Kind.SIGNATURE: "Normal"}
HEADINGS = {1: 16, 2: 14, 3: 12, 4: 12}
A4 = (Cm(21), Cm(29.7))
MARGIN = Cm(2.5)
NUMBER_WIDTH = Cm(1.4)
SIDEWAYS_WIDTH = 24.7  # of text on a page turned on its side, in cm
# What the template of python-docx brings along and no reader sees: a picture of its first page, and settings of its own.
HIDDEN = ("thumbnail", "customXml", "stylesWithEffects", "extended-properties")


def docx(paper: Paper) -> bytes:
    """Return the paper as a DOCX file. The same paper gives the same bytes."""
    document = Document()
    _drop_hidden(document)
    _set_properties(document, paper)
    _set_styles(document)
    _set_page(document, paper)
    for number, (is_sideways, parts) in enumerate(paper.runs):
        if number or is_sideways:
            _turn_page(document, is_sideways=is_sideways)
        for part in parts:
            _add(document, part)
    file = BytesIO()
    document.save(file)
    return undated(file.getvalue())


def _drop_hidden(document: Any) -> None:
    for relations in (document.part.package.rels, document.part.rels):
        for key, relation in list(relations.items()):
            if relation.reltype.endswith(HIDDEN):
                relations.pop(key)


def _set_properties(document: Any, paper: Paper) -> None:
    properties = document.core_properties
    moment = datetime.combine(paper.dated, time(12), UTC)
    properties.title, properties.author = printable(paper.title), printable(paper.author)
    properties.last_modified_by = properties.author
    properties.created = properties.modified = moment
    properties.language, properties.keywords = LANGUAGE, paper.banner
    properties.comments = ""


def _set_styles(document: Any) -> None:
    defaults = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    language = defaults.find(qn("w:lang"))
    if language is None:
        language = OxmlElement("w:lang")
        defaults.append(language)
    language.set(qn("w:val"), LANGUAGE)
    _set_font(document.styles["Normal"], 12)
    document.styles["Normal"].paragraph_format.space_after = Pt(10)
    for level, size in HEADINGS.items():
        style = document.styles[f"Heading {level}"]
        _set_font(style, size)
        style.font.bold, style.font.italic = True, False
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(18), Pt(8)
    quote = document.styles["Quote"]
    _set_font(quote, 12)
    quote.font.italic = False
    quote.paragraph_format.left_indent = Cm(1)
    caption = document.styles[CAPTION]
    _set_font(caption, 10)
    caption.paragraph_format.keep_with_next = True
    numbered = document.styles.add_style(NUMBERED, WD_STYLE_TYPE.PARAGRAPH).paragraph_format
    numbered.left_indent, numbered.first_line_indent = NUMBER_WIDTH, -NUMBER_WIDTH
    numbered.tab_stops.add_tab_stop(NUMBER_WIDTH)
    for name, size, after in ((CELL, 10, 2), (SMALL_CELL, 8, 2), (FOOT, 6.5, 0)):
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        _set_font(style, size)
        style.paragraph_format.space_after = Pt(after)
    for name in (NUMBERED, CELL, SMALL_CELL, FOOT):
        document.styles[name].base_style = document.styles["Normal"]


def _set_font(style: Any, size: float) -> None:
    """Set the font for every script, because the template's themes would override it."""
    style.font.name, style.font.size, style.font.color.rgb = FONT, Pt(size), RGBColor(0, 0, 0)
    fonts = style.element.rPr.rFonts
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), FONT)
        fonts.attrib.pop(qn(f"w:{script}Theme"), None)
    fonts.attrib.pop(qn("w:cstheme"), None)


def _set_page(document: Any, paper: Paper) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = A4
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = MARGIN
    _mark(section.header.paragraphs[0], paper)
    number = section.footer.paragraphs[0]
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    number.add_run("Page ")
    _add_field(number, "PAGE")
    number.add_run(" of ")
    _add_field(number, "NUMPAGES")
    for line in paper.foot:
        foot = section.footer.add_paragraph(printable(line), style=FOOT)
        foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _mark(section.footer.add_paragraph(), paper)


def _mark(paragraph: Any, paper: Paper) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run(paper.banner).bold = True
    if paper.handling:
        paragraph.add_run("\n" + printable(paper.handling)).font.size = Pt(9)


def _add_field(paragraph: Any, name: str) -> None:
    """Insert a field that the word processor counts; python-docx has no API for fields."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)


def _add(document: Any, part: Part) -> None:
    match part:
        case Block(kind=Kind.HEADING):
            document.add_heading("\n".join(part.paragraphs), part.level)
        case Block():
            _add_text(document, part)
        case Items():
            style = "List Number" if part.is_numbered else "List Bullet"
            for item in part.items:
                document.add_paragraph(printable(item), style=style)
        case Table():
            _add_table(document, part)
        case Picture():
            _add_picture(document, part)


def _add_text(document: Any, block: Block) -> None:
    for place, words in enumerate(block.paragraphs):
        style = NUMBERED if block.number else STYLES[block.kind]
        number = f"{'' if place else printable(block.number)}\t" if block.number else ""
        paragraph = document.add_paragraph(number + words, style=style)
        if block.kind in (Kind.SIGNATURE, Kind.BYLINE):
            paragraph.paragraph_format.keep_with_next = paragraph.paragraph_format.keep_together = True


def _turn_page(document: Any, *, is_sideways: bool) -> None:
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE if is_sideways else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = A4[::-1] if is_sideways else A4


def _add_table(document: Any, part: Table) -> None:
    width = SIDEWAYS_WIDTH if part.is_sideways else TEXT_WIDTH
    document.add_paragraph(printable(part.caption), style=CAPTION)
    style = document.styles[SMALL_CELL if part.is_small else CELL].style_id
    table = document.add_table(rows=0, cols=len(part.header), style=GRID)
    table.autofit = False
    _set_alternative(table._tbl.tblPr, part.caption)
    _set_margins(table._tbl.tblPr)
    # The first row of data is the model of the others: python-docx is slow to make a cell, and lxml quick to copy a row.
    for number, texts in enumerate((part.header, *part.rows[:1])):
        row = table.add_row()
        _set_row(row, is_header=number == 0)
        for column, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            cell.width = Cm(width * part.shares[column] / sum(part.shares))
            paragraph = cell.paragraphs[0]
            # Looked up once: python-docx reads every style of the document for each name it is given.
            paragraph._p.style = style
            paragraph.add_run(printable(text)).bold = number == 0
            if column in part.right:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for texts in part.rows[1:]:
        copy = deepcopy(row._tr)
        for run, text in zip(copy.iter(qn("w:r")), texts, strict=True):
            run.text = printable(text)
        table._tbl.append(copy)
    for column, share in zip(table.columns, part.shares, strict=True):
        column.width = Cm(width * share / sum(part.shares))
    document.add_paragraph()


def _set_row(row: Any, *, is_header: bool) -> None:
    """Keep a row on one page, and repeat a header row on each; python-docx has no API for either."""
    properties = row._tr.get_or_add_trPr()
    for name in ("w:cantSplit", *(["w:tblHeader"] if is_header else [])):
        properties.append(OxmlElement(name))


def _set_alternative(properties: Any, caption: str) -> None:
    title = OxmlElement("w:tblCaption")
    title.set(qn("w:val"), printable(caption))
    properties.append(title)


def _set_margins(properties: Any) -> None:
    """Leave little room beside the text of a cell, so that long words fit narrow columns."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("w:left", "w:right"):
        margin = OxmlElement(side)
        margin.set(qn("w:w"), "50")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    properties.find(qn("w:tblLook")).addprevious(margins)


def _add_picture(document: Any, part: Picture) -> None:
    if part.caption:
        document.add_paragraph(printable(part.caption), style=CAPTION)
    shape = document.add_picture(BytesIO(png(part)), width=Cm(TEXT_WIDTH))
    shape._inline.docPr.set("descr", printable(part.alternative))
