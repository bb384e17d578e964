"""DOCX files with real headings, their language, and marking and page number on each page."""

from datetime import UTC, datetime, time
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from web.documents.paper import LANGUAGE, Block, Kind, Paper, printable

FONT = "Arial"
STYLES = {Kind.TEXT: "Normal", Kind.QUOTE: "Quote", Kind.SIGNATURE: "Normal"}
HEADINGS = {1: 16, 2: 14, 3: 12, 4: 12}
A4 = (Cm(21), Cm(29.7))
MARGIN = Cm(2.5)


def docx(paper: Paper) -> bytes:
    """Return the paper as a DOCX file."""
    document = Document()
    _set_properties(document, paper)
    _set_styles(document)
    _set_page(document, paper)
    for block in paper.blocks:
        _add(document, block)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


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


def _set_font(style: Any, size: int) -> None:
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


def _add(document: Any, block: Block) -> None:
    if block.kind == Kind.HEADING:
        if block.paragraphs:
            document.add_heading("\n".join(block.paragraphs), block.level)
        return
    for words in block.paragraphs:
        paragraph = document.add_paragraph(words, style=STYLES[block.kind])
        if block.kind == Kind.SIGNATURE:
            paragraph.paragraph_format.keep_with_next = paragraph.paragraph_format.keep_together = True
