"""Papers as files: what stands in them is what was written, and machines and screen readers find their way."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml.ns import qn
from odfdo import Document as OpenDocument
from pypdf import PdfReader

from web.documents import (
    Block,
    Items,
    Kind,
    Paper,
    Picture,
    Table,
    Unprintable,
    control_table,
    docx,
    odt,
    pdf,
    printable,
)

MARKUP = (
    '# $ * _ @ < > \\ " #import "x" $a$ *b* _c_ @d <e> `f` // g /* h */ [i] ~ -- ... =x {{ j }} {% k %} &amp;'
)
PAPER = Paper(
    title=f"Report on {MARKUP}",
    author="Office of the Commissioner",
    dated=date(2020, 6, 19),
    marking="OFFICIAL",
    blocks=(
        Block(Kind.TEXT, "19 June 2020"),
        Block(Kind.HEADING, f"Report on {MARKUP}", 1),
        Block(Kind.TEXT, f"{MARKUP}\n= No heading\n\n- no list\n+ no number"),
        Block(Kind.HEADING, "Recommendation 1", 2),
        Block(Kind.QUOTE, MARKUP),
        Block(Kind.HEADING, "Action taken", 3),
        Block(Kind.TEXT, "Żółć, Łódź, Siân and naïve café, “quoted” …"),
        Block(Kind.TEXT, "Done. " * 900),
        Block(Kind.SIGNATURE, "Yours sincerely\n\nThe Commissioner"),
    ),
)


def read_pdf(paper: Paper) -> PdfReader:
    return PdfReader(BytesIO(pdf(paper)))


def plain(text: str) -> str:
    return "".join(text.split())


def words_of(reader: PdfReader) -> str:
    return plain("".join(page.extract_text() for page in reader.pages))


def kinds(node: Any) -> list[str]:
    """The structure types of a tagged PDF, in reading order."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        return [kind for each in node for kind in kinds(each)]
    if not isinstance(node, dict):
        return []
    own = [str(node["/S"])] if "/S" in node else []
    return own + kinds(node.get("/K", []))


def test_a_pdf_is_tagged_titled_and_in_its_language() -> None:
    reader = read_pdf(PAPER)
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "en-GB"
    assert bool(root["/MarkInfo"]["/Marked"].value)
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    meta = reader.metadata
    assert meta is not None
    assert (meta.title, meta.author) == (PAPER.title, PAPER.author)
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()
    tags = kinds(root["/StructTreeRoot"]["/K"])
    assert [tag for tag in tags if tag.startswith("/H")] == ["/H1", "/H2", "/H3"]
    assert "/BlockQuote" in tags
    assert "/P" in tags


def test_a_pdf_holds_the_words_as_they_were_typed() -> None:
    words = words_of(read_pdf(PAPER))
    for block in PAPER.blocks[:-2]:
        assert plain(block.text) in words


def test_each_page_of_a_pdf_has_marking_notice_and_number() -> None:
    paper = replace(PAPER, marking="OFFICIAL-SENSITIVE", handling="Silver group only", notice="DRAFT")
    pages = read_pdf(paper).pages
    assert len(pages) > 1
    for number, page in enumerate(pages, start=1):
        text = page.extract_text()
        assert text.count("OFFICIAL-SENSITIVE - DRAFT") == 2
        assert text.count("Silver group only") == 2
        assert f"Page {number} of {len(pages)}" in text


def test_the_same_paper_gives_the_same_pdf() -> None:
    assert pdf(PAPER) == pdf(PAPER)


@pytest.mark.parametrize("write", [docx, odt])
def test_the_same_paper_gives_the_same_archive(write: Callable[[Paper], bytes]) -> None:
    with ZipFile(BytesIO(write(MINUTES))) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
    assert write(MINUTES) == write(MINUTES)


def test_a_character_without_a_font_is_named() -> None:
    with pytest.raises(Unprintable, match="\U0010fffd"):
        pdf(replace(PAPER, title="\U0010fffd", blocks=(Block(Kind.TEXT, "a \U0010fffd"),)))


def test_an_empty_block_leaves_nothing() -> None:
    paper = replace(
        PAPER, blocks=(Block(Kind.HEADING, "", 1), Block(Kind.TEXT, " \n\n "), Block(Kind.TEXT, "x"))
    )
    root: Any = read_pdf(paper).trailer["/Root"]
    assert "/H1" not in kinds(root["/StructTreeRoot"]["/K"])
    assert [paragraph.text for paragraph in Document(BytesIO(docx(paper))).paragraphs] == ["x"]


# DOCX ----------------------------------------------------------------------------------------------------------


def test_a_docx_has_headings_language_title_and_author() -> None:
    document = Document(BytesIO(docx(PAPER)))
    properties = document.core_properties
    assert (properties.title, properties.author) == (PAPER.title, PAPER.author)
    assert (properties.language, properties.comments) == ("en-GB", "")
    headings = [paragraph for paragraph in document.paragraphs if paragraph.style.name.startswith("Heading")]
    assert [(heading.style.name, heading.text) for heading in headings] == [
        ("Heading 1", PAPER.title),
        ("Heading 2", "Recommendation 1"),
        ("Heading 3", "Action taken"),
    ]
    defaults = document.styles.element.find(qn("w:docDefaults"))
    assert {lang.get(qn("w:val")) for lang in defaults.iter(qn("w:lang"))} == {"en-GB"}


def test_every_heading_of_a_docx_is_black_and_upright() -> None:
    document = Document(BytesIO(docx(PAPER)))
    for level in range(1, 5):
        font = document.styles[f"Heading {level}"].font
        assert (str(font.color.rgb), font.italic, font.name) == ("000000", False, "Arial")


def test_a_docx_holds_the_words_as_they_were_typed() -> None:
    document = Document(BytesIO(docx(PAPER)))
    texts = [paragraph.text for paragraph in document.paragraphs]
    for block in PAPER.blocks:
        for words in block.paragraphs:
            assert words in texts


def test_each_page_of_a_docx_has_marking_and_number() -> None:
    paper = replace(PAPER, marking="OFFICIAL-SENSITIVE", handling="Silver group only", notice="DRAFT")
    section = Document(BytesIO(docx(paper))).sections[0]
    top = "\n".join(paragraph.text for paragraph in section.header.paragraphs)
    foot = "\n".join(paragraph.text for paragraph in section.footer.paragraphs)
    for edge in (top, foot):
        assert "OFFICIAL-SENSITIVE - DRAFT" in edge
        assert "Silver group only" in edge
    with ZipFile(BytesIO(docx(paper))) as archive:
        footer = b"".join(archive.read(name) for name in archive.namelist() if "footer" in name)
    assert b'w:instr="PAGE"' in footer
    assert b'w:instr="NUMPAGES"' in footer


def test_characters_no_document_can_hold_are_left_out() -> None:
    assert printable("a\x00b\x07c\ud800d\ufffee\x85f\tg\r\nh\u2028i") == "abcdef\tg\nh\ni"
    paper = replace(PAPER, title="T\x07", blocks=(Block(Kind.TEXT, "a\x0bb"),))
    assert Document(BytesIO(docx(paper))).paragraphs[0].text == "a\nb"
    assert plain("ab") in words_of(read_pdf(paper))


# Lists, tables, pictures and numbers -----------------------------------------------------------------------------

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 30"><rect width="50" height="20"/></svg>'
MINUTES = replace(
    PAPER,
    blocks=(
        Block(Kind.HEADING, "Minutes", 1),
        control_table(("Board", "Gold"), ("Venue", "")),
        Block(Kind.TEXT, "Noted.\n\nAgreed.", number="4.2"),
        Items(("#first", "second")),
        Items(("one", "two"), is_numbered=True),
        Table(f"Open {MARKUP}", ("District", "Open"), (("Leeds", "3"), ("", "$1$")), right=frozenset({1})),
        Picture(SVG, "One bar", "Actions by district"),
    ),
    other_formats="Ask the board's secretary for another format.",
)


def test_a_pdf_has_tagged_tables_lists_and_pictures() -> None:
    reader = read_pdf(MINUTES)
    root: Any = reader.trailer["/Root"]
    tags = kinds(root["/StructTreeRoot"]["/K"])
    assert (tags.count("/Table"), tags.count("/TH"), tags.count("/LI")) == (2, 4, 4)
    assert "/Figure" in tags
    words = words_of(reader)
    for text in ("4.2", "Noted.", "Agreed.", "#first", f"Open {MARKUP}", "$1$", MINUTES.other_formats):
        assert plain(text) in words
    assert "Venue" not in words


def test_a_docx_has_styles_header_rows_and_alternative_text() -> None:
    document = Document(BytesIO(docx(MINUTES)))
    styles = {paragraph.text: paragraph.style.name for paragraph in document.paragraphs}
    assert styles["4.2\tNoted."] == styles["\tAgreed."] == "Numbered paragraph"
    assert (styles["#first"], styles["one"]) == ("List Bullet", "List Number")
    assert styles[f"Open {MARKUP}"] == styles["Actions by district"] == "Caption"
    control, table = document.tables
    assert [cell.text for cell in control.rows[1].cells] == ["Board", "Gold"]
    assert [cell.text for row in table.rows for cell in row.cells] == [
        *("District", "Open", "Leeds", "3", "", "$1$"),
    ]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert table.rows[1]._tr.trPr.find(qn("w:tblHeader")) is None
    assert document.inline_shapes[0]._inline.docPr.get("descr") == "One bar"


# ODT -----------------------------------------------------------------------------------------------------------


def read_odt(paper: Paper) -> Any:
    return OpenDocument(BytesIO(odt(paper)))


def texts(document: Any, query: str) -> list[str]:
    return [element.inner_text for element in document.get_elements(query)]


def test_an_odt_has_headings_language_title_and_author() -> None:
    document = read_odt(PAPER)
    meta = document.meta
    assert (meta.title, meta.initial_creator, meta.creator) == (PAPER.title, PAPER.author, PAPER.author)
    assert (meta.language, meta.creation_date.date(), meta.date.date()) == ("en-GB", PAPER.dated, PAPER.dated)
    assert meta.get_elements("//meta:document-statistic") == []  # would count the library's template
    headings = document.body.get_elements("//text:h")
    assert [(int(heading.level), heading.style, heading.inner_text) for heading in headings] == [
        (1, "Heading_20_1", PAPER.title),
        (2, "Heading_20_2", "Recommendation 1"),
        (3, "Heading_20_3", "Action taken"),
    ]
    fonts = document.styles.get_elements("//style:default-style/style:text-properties")
    assert {(font.get_attribute("fo:language"), font.get_attribute("fo:country")) for font in fonts} == {
        ("en", "GB")
    }


def test_an_odt_holds_the_words_as_they_were_typed() -> None:
    words = {plain(text) for text in texts(read_odt(PAPER).body, "//text:h|//text:p")}
    for block in PAPER.blocks:
        assert {plain(paragraph) for paragraph in block.paragraphs} <= words


def test_the_tables_of_an_odt_keep_lines_tabs_and_spaces() -> None:
    rows = (("Two  spaces, one at the end ", "A line\nand a\ttab"), ("Plain & <simple>", ""))
    paper = replace(PAPER, blocks=(Table("Words", ("Left", "Right"), rows),))
    cells = read_odt(paper).body.get_elements("//table:table/table:table-row//text:p")
    assert [cell.inner_text for cell in cells] == [word for row in rows for word in row]
    assert [len(cell.children) for cell in cells] == [2, 2, 0, 0]


def test_each_page_of_an_odt_has_marking_and_number() -> None:
    paper = replace(PAPER, marking="OFFICIAL-SENSITIVE", handling="Silver group only", notice="DRAFT")
    styles = read_odt(paper).styles
    kinds_of_page = styles.get_elements("//style:master-page")
    assert [page.get_attribute("style:name") for page in kinds_of_page] == ["Standard", "Sideways"]
    for kind in kinds_of_page:
        assert texts(kind, "style:header/text:p") == ["OFFICIAL-SENSITIVE - DRAFT", "Silver group only"]
        page, *marks = texts(kind, "style:footer/text:p")
        assert marks == ["OFFICIAL-SENSITIVE - DRAFT", "Silver group only"]
        assert page == "Page 1 of 1"
        assert len(kind.get_elements("style:footer//text:page-number|style:footer//text:page-count")) == 2


def test_a_wide_table_is_on_a_page_turned_on_its_side_with_its_heading() -> None:
    wide = Table("Wide", ("A",) * 12, (("b",) * 12,))
    paper = replace(
        PAPER,
        foot=("SHA-256 of nothing",),
        blocks=(Block(Kind.TEXT, "x"), Block(Kind.HEADING, "Appendix", 1), wide, Block(Kind.TEXT, "y")),
    )
    pages = read_pdf(paper).pages
    assert [page.mediabox.width > page.mediabox.height for page in pages] == [False, True, False]
    assert "Appendix" in pages[1].extract_text()
    assert all("SHA-256 of nothing" in page.extract_text() for page in pages)
    sections = Document(BytesIO(docx(paper))).sections
    assert [section.page_width > section.page_height for section in sections] == [False, True, False]
    assert "SHA-256 of nothing" in [line.text for line in sections[0].footer.paragraphs]
    body, styles = read_odt(paper).body, read_odt(paper)
    turned = [style.name for style in styles.get_styles() if style.get_attribute("style:master-page-name")]
    order = [each.style for each in body.get_elements("//text:p|//text:h") if each.style in turned]
    assert order == ["To Sideways", "To Standard"]


def test_an_odt_has_only_its_own_styles_header_rows_and_alternative_text() -> None:
    document = read_odt(MINUTES)
    body = document.body
    declared = {style.name for style in document.get_styles() if style.name}
    used = {
        element.get_attribute("text:style-name")
        for element in body.get_elements("//text:p|//text:h|//text:list")
    }
    assert used <= declared
    styles = {paragraph.inner_text: paragraph.style for paragraph in body.get_elements("//text:p")}
    assert styles["4.2\tNoted."] == styles["\tAgreed."] == "Numbered_20_paragraph"
    assert styles[f"Open {MARKUP}"] == styles["Actions by district"] == "Caption"
    assert (styles["District"], styles["Leeds"]) == ("Table_20_Heading", "Table_20_Contents")
    assert (styles["Open"], styles["3"]) == ("Table_20_Heading_20_Figures", "Table_20_Figures")
    lists = body.get_elements("//text:list")
    assert [(each.style, texts(each, "text:list-item/text:p")) for each in lists] == [
        ("List_20_Bullet", ["#first", "second"]),
        ("List_20_Number", ["one", "two"]),
    ]
    assert texts(body, "//table:table/table:title") == ["Document control", f"Open {MARKUP}"]
    assert texts(body, "//table:table-header-rows//text:p") == ["Item", "Detail", "District", "Open"]
    assert texts(body, "//table:table/table:table-row//text:p") == ["Board", "Gold", "Leeds", "3", "", "$1$"]
    assert texts(body, "//draw:frame/svg:desc") == ["One bar"]


def test_an_odt_lists_its_files_and_nothing_of_the_template() -> None:
    with ZipFile(BytesIO(odt(MINUTES))) as archive:
        names = archive.namelist()
        first = archive.infolist()[0]
        manifest = archive.read("META-INF/manifest.xml").decode()
    assert (first.filename, first.compress_type) == ("mimetype", 0)
    assert set(re.findall(r'full-path="([^"]+)"', manifest)) == (
        set(names) - {"mimetype", "META-INF/manifest.xml"} | {"/"}
    )
    assert [name for name in names if name.startswith("Pictures/")] == ["Pictures/6.png"]
    assert not [name for name in names if name.startswith(("Thumbnails", "Configurations2"))]


def test_a_table_with_rows_of_different_lengths_is_refused() -> None:
    with pytest.raises(ValueError, match="differ in length"):
        Table("Open", ("District", "Open"), (("Leeds",),))


@pytest.mark.parametrize("lines", range(34, 38))
def test_who_wrote_a_section_is_never_alone_at_the_foot_of_a_page(lines: int) -> None:
    before = Block(Kind.TEXT, "\n".join(["A line."] * lines))
    written = (
        Block(Kind.HEADING, "Summary", 1),
        Block(Kind.BYLINE, "Police"),
        Block(Kind.TEXT, "It is new."),
    )
    pages = [page.extract_text() for page in read_pdf(replace(PAPER, blocks=(before, *written))).pages]
    (page,) = (page for page in pages if "Police" in page)
    assert "Summary" in page
    assert "It is new." in page


def test_who_wrote_a_section_stays_with_its_text_in_files_to_change() -> None:
    paper = replace(PAPER, blocks=(Block(Kind.HEADING, "Summary", 1), Block(Kind.BYLINE, "Police")))
    (byline,) = (each for each in Document(BytesIO(docx(paper))).paragraphs if each.text == "Police")
    assert byline.paragraph_format.keep_with_next
    styles = ZipFile(BytesIO(odt(paper))).read("styles.xml").decode()
    assert re.search(r'style:name="Byline".*?fo:keep-with-next="always"', styles, re.DOTALL)
    assert texts(read_odt(paper).body, "//text:p[@text:style-name='Byline']") == ["Police"]
