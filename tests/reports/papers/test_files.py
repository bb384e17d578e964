"""Files of a paper: they say what its page says, and hold nothing that it does not."""

import csv
import json
import re
from datetime import date
from io import BytesIO, StringIO
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from docx import Document
from pypdf import PdfReader

from actions.models import Action
from reports.figures.cells import text_of
from reports.models import Paper
from reports.papers.files import FORMS
from reports.papers.outline import control_of, cover_of
from reports.papers.queries import content_of, full
from tests.cast import Cast
from tests.factories import ActionFactory
from tests.reports.factories import PaperFactory, issued_paper

DOCX_PARTS = {
    *("[Content_Types].xml", "_rels/.rels", "docProps/core.xml", "word/document.xml"),
    *("word/_rels/document.xml.rels", "word/styles.xml", "word/settings.xml", "word/webSettings.xml"),
    *("word/fontTable.xml", "word/theme/theme1.xml", "word/numbering.xml", "word/header1.xml"),
    *("word/footer1.xml", "word/media/image1.png", "word/media/image2.png"),
}


ODF_PARTS = {"mimetype", "content.xml", "meta.xml", "settings.xml", "styles.xml", "META-INF/manifest.xml"}
# A date, a version of the library or a count of edits.
PLAIN_PROPERTY = re.compile(r"\d{4}-\d\d-\d\dT12:00:00|odfdo.*|P[0-9DTSMH]+|[0-9]+").fullmatch


@pytest.fixture
def paper(cast: Cast) -> Paper:
    """An issued paper about an action in progress, and one whose title looks like a formula."""
    ActionFactory(cast=cast, ref="WY20-01", in_progress=True)
    ActionFactory(cast=cast, ref="WY20-02", title="=1+1", in_progress=True)
    return full(issued_paper(cast, title="Silver: “May” & June").pk)


def download(client: Client, paper: Paper, kind: str) -> Any:
    return client.get(reverse("reports:paper-file", args=[paper.pk, FORMS[kind].name(paper)]))


def data_of(client: Client, paper: Paper, kind: str) -> bytes:
    response = download(client, paper, kind)
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def plain(text: str) -> str:
    return "".join(text.split())


def texts_of(paper: Paper) -> list[str]:
    """Everything that a paper says: its headings, its tables and its control."""
    content = paper.content or content_of(paper)
    tables = [table for section in content["sections"] for table in section["tables"] if table["rows"]]
    return [
        content["paper"]["title"],
        *(section["heading"] for section in content["sections"] if section["kind"] != "cover"),
        *(text for table in tables for text in [table["caption"], *table["columns"], table.get("note", "")]),
        *(row["label"] for table in tables for row in table["rows"]),
        *(text_of(cell) for table in tables for row in table["rows"] for cell in row["cells"]),
        *(words for line in [*cover_of(content), *control_of(paper, content)] for words in line),
        *(words for line in content["definitions"]["words"] for words in line),
    ]


def words_of_docx(data: bytes) -> str:
    document = Document(BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return " ".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def words_of_odf(data: bytes, part: str = "content.xml") -> str:
    with ZipFile(BytesIO(data)) as file:
        root = ElementTree.fromstring(file.read(part))
    paragraphs = root.iter("{urn:oasis:names:tc:opendocument:xmlns:text:1.0}p")
    headings = root.iter("{urn:oasis:names:tc:opendocument:xmlns:text:1.0}h")
    return " ".join("".join(each.itertext()) for each in (*headings, *paragraphs))


def test_pdf_docx_and_odt_say_what_the_paper_says_with_its_pictures(
    cast: Cast, client: Client, paper: Paper
) -> None:
    client.force_login(cast.manager)
    reader = PdfReader(BytesIO(data_of(client, paper, "pdf")))
    pages = [page.extract_text() for page in reader.pages]
    word = data_of(client, paper, "docx")
    page = plain(client.get(reverse("reports:paper", args=[paper.pk])).text)
    open_text = data_of(client, paper, "odt")
    written = plain("".join(pages)), plain(words_of_docx(word)), plain(words_of_odf(open_text))
    for texts in written:
        assert [text for text in texts_of(paper) if plain(text) not in texts] == []
    for number, text in enumerate(pages, start=1):
        assert text.count(paper.marking) == 2
        assert f"Page {number} of {len(pages)}" in text
        assert paper.sha256 in text
        assert paper.ledger_digest in text
        assert "DRAFT" not in text
    assert "another format" in pages[-1]
    assert len(Document(BytesIO(word)).inline_shapes) == 2 == page.count("<figure")
    edges = words_of_odf(open_text, "styles.xml")
    assert edges.count(paper.sha256) == edges.count(paper.ledger_digest) == 2  # on its two kinds of page
    assert edges.count(paper.marking) == 4
    assert all(shape._inline.docPr.get("descr") for shape in Document(BytesIO(word)).inline_shapes)


def test_files_hold_no_part_and_no_property_that_a_reader_does_not_see(
    cast: Cast, client: Client, paper: Paper
) -> None:
    client.force_login(cast.manager)
    organisation = cast.yorkshire.name
    reader = PdfReader(BytesIO(data_of(client, paper, "pdf")))
    meta: Any = reader.metadata
    assert {meta.title, meta.author, meta["/Keywords"]} == {paper.title, organisation, paper.marking}
    assert "/EmbeddedFiles" not in reader.trailer["/Root"].get("/Names", {})
    with ZipFile(BytesIO(data_of(client, paper, "docx"))) as word:
        assert set(word.namelist()) == DOCX_PARTS
        parts = [word.read(name).decode(errors="ignore") for name in word.namelist()]
    properties = Document(BytesIO(data_of(client, paper, "docx"))).core_properties
    assert (properties.title, properties.author, properties.keywords) == (
        *(paper.title, organisation),
        paper.marking,
    )
    assert properties.last_modified_by == organisation
    for kind in ("odt", "ods"):
        with ZipFile(BytesIO(data_of(client, paper, kind))) as file:
            assert {name for name in file.namelist() if not name.startswith("Pictures/")} == ODF_PARTS
            names = {paper.title, organisation, paper.marking}
            meta_ = ElementTree.fromstring(file.read("meta.xml"))
            texts = [text for text in meta_.itertext() if text.strip()]
            assert [
                text for text in texts if text not in names | {"en-GB"} and not PLAIN_PROPERTY(text)
            ] == []
            parts += [file.read(name).decode(errors="ignore") for name in file.namelist()]
    with ZipFile(BytesIO(data_of(client, paper, "xlsx"))) as book:
        assert not [name for name in book.namelist() if "external" in name or "custom" in name]
        parts += [book.read(name).decode() for name in book.namelist()]
    pdf = "".join(page.extract_text() for page in reader.pages) + str(meta)
    csv_, content = (data_of(client, paper, kind).decode() for kind in ("csv", "json"))
    owner = Action.objects.get(ref="WY20-01").owner
    assert owner is not None
    for text in (*parts, pdf, csv_, content):
        assert owner.email not in text
        assert owner.name not in text


def test_a_workbook_has_one_table_a_sheet_and_runs_nothing(cast: Cast, client: Client, paper: Paper) -> None:
    client.force_login(cast.manager)
    book = openpyxl.load_workbook(BytesIO(data_of(client, paper, "xlsx")))
    rows = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}
    assert ("Marking", paper.marking) in rows["Cover"]
    assert rows["Actions"][0][:3] == ("Action", "Title", "Pillar")
    assert [row[0] for row in rows["Actions"][1:]] == ["WY20-01", "WY20-02"]
    tables = words_of_odf(data_of(client, paper, "ods"))
    cells = [str(cell) for sheet in rows.values() for row in sheet for cell in row if cell is not None]
    assert [cell for cell in cells if plain(cell) not in plain(tables)] == []
    title = book["Actions"]["B3"]
    assert (title.value, title.data_type, title.quotePrefix) == ("=1+1", "s", True)
    assert rows["Actions by pillar and status"][-1][-1] == 2  # a number, not its text
    assert all(sheet.oddHeader.center.text == sheet.oddFooter.center.text == paper.marking for sheet in book)


def test_figures_as_csv_are_those_of_the_paper_and_are_described(
    cast: Cast, client: Client, paper: Paper
) -> None:
    client.force_login(cast.manager)
    response = download(client, paper, "csv")
    rows = list(csv.DictReader(StringIO(b"".join(response.streaming_content).decode())))
    described = response["Link"].split(">")[0].strip("<")
    description = json.loads(b"".join(client.get(described).streaming_content))
    assert description["@context"][0] == "http://www.w3.org/ns/csvw"
    assert described == f"{response.request['PATH_INFO']}-metadata.json"
    assert description["url"] == response.request["PATH_INFO"].rsplit("/", 1)[1]
    columns = description["tableSchema"]["columns"]
    assert [column["titles"] for column in columns] == list(rows[0])
    titles = {column["name"]: column["titles"] for column in columns}
    keys = {tuple(row[titles[name]] for name in description["tableSchema"]["primaryKey"]) for row in rows}
    assert len(keys) == len(rows)
    read = {"integer": int, "date": date.fromisoformat, "string": str}
    for column in columns:
        cells = [row[column["titles"]] for row in rows]
        assert not column["required"] or all(cells)
        assert all(read[column["datatype"]](cell) is not None for cell in cells if cell)
    in_all = next(row for row in rows if row["Table"] == "districts" and row["Row"] == "All")
    assert (in_all["Value"], in_all["References"]) == ("2", "WY20-01; WY20-02")
    assert [row["Text"] for row in rows if row["Column"] == "Title"][1] == "'=1+1"


def test_an_issued_paper_is_made_from_its_frozen_content_alone(
    cast: Cast, client: Client, paper: Paper
) -> None:
    client.force_login(cast.manager)
    before = {kind: data_of(client, paper, kind) for kind in ("pdf", "csv", "json")}
    ActionFactory(cast=cast, ref="WY20-03", in_progress=True)
    assert {kind: data_of(client, paper, kind) for kind in before} == before
    content = dict(paper.content or {}, left_out=7)
    Paper.objects.filter(pk=paper.pk).update(content=content)
    for kind in FORMS:
        refused = download(client, paper, kind)
        assert refused.status_code == 409
        assert "altered after it was issued" in refused.text


def test_files_of_a_draft_say_so(cast: Cast, client: Client) -> None:
    paper = PaperFactory(cast=cast)
    client.force_login(cast.manager)
    for page in PdfReader(BytesIO(data_of(client, paper, "pdf"))).pages:
        assert page.extract_text().count("OFFICIAL - DRAFT") == 2
    assert "-draft" in download(client, paper, "docx")["Content-Disposition"]
    assert download(client, full(paper.pk), "pdf").status_code == 200
    unknown = client.get(reverse("reports:paper-file", args=[paper.pk, "anything.pdf"]))
    assert unknown.status_code == 404
