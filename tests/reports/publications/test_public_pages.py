"""Public pages without sign-in: what is served, from what, to whom, and what the preview promised."""

import io
import re
import zipfile
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from reports.models import PublicEdition
from reports.publications.rendering import FILES
from reports.publications.services.publishing import approve_edition, publish_edition, withdraw_edition
from tests.cast import AT, Cast
from tests.reports.factories import drafted_edition, issued_paper
from tests.reports.publications.test_editions import three_actions

LIST, FEED = "reports:publication-list", "reports:publication-feed"


def address(edition: PublicEdition, file_type: str = "") -> str:
    if file_type:
        return reverse("reports:publication-file", args=[edition.pk, file_type])
    return reverse("reports:publication", args=[edition.pk])


@pytest.fixture
def approved(cast: Cast, settings: Any) -> PublicEdition:
    """An approved edition of a paper with a published, a withheld and an undecided action."""
    settings.PUBLICATIONS = True
    three_actions(cast)
    edition = drafted_edition(cast, issued_paper(cast))
    return approve_edition(actor=cast.opcc_officer, edition=edition, at=AT)


@pytest.fixture
def published(cast: Cast, approved: PublicEdition) -> PublicEdition:
    return publish_edition(actor=cast.opcc_director, edition=approved, at=AT)


def test_what_is_published_is_the_preview_byte_for_byte(
    cast: Cast, approved: PublicEdition, signed_in: Any
) -> None:
    office, public = signed_in("opcc_director"), Client()
    before = {"": office.get(reverse("reports:edition-preview", args=[approved.pk])).content}
    assert b"<figure" in before[""]
    assert b"Nothing is published in this section." in before[""]
    before |= {
        name: office.get(reverse("reports:edition-preview-file", args=[approved.pk, name])).content
        for name in FILES
    }
    assert public.get(address(approved)).status_code == 404
    publish_edition(actor=cast.opcc_director, edition=approved, at=AT)
    assert public.get(address(approved)).content == before[""]
    for name in FILES:
        assert public.get(address(approved, name)).content == before[name], name


def test_no_form_of_an_edition_holds_an_owner_or_what_is_not_published(
    cast: Cast, published: PublicEdition
) -> None:
    """Every part of every file is read, its properties and hidden parts too."""
    public, people = Client(), [cast.bradford_spoc, cast.manager, cast.gold, cast.opcc_officer]
    hidden = ["WY20-02", "WY20-03", "Title 2", "Title 3", "SENSITIVE"]
    hidden += [cast.bradford_spoc.name, *(person.email for person in people)]
    texts = [public.get(address(published)).content.decode()]
    for name in FILES:
        data = public.get(address(published, name)).content
        if name in ("docx", "odt"):
            archive = zipfile.ZipFile(io.BytesIO(data))
            texts += [archive.read(part).decode("utf-8", "ignore") for part in archive.namelist()]
        elif name == "pdf":
            reader = PdfReader(io.BytesIO(data))
            texts += [str(reader.metadata), *(page.extract_text() for page in reader.pages)]
            texts.append(data.decode("latin-1"))
        else:
            texts.append(data.decode())
    assert any("WY20-01" in text for text in texts)
    for text in texts:
        plain = re.sub(r"<[^>]+>", "", text)
        assert [value for value in hidden if value in text or value in plain] == []


def test_public_pages_read_editions_and_nothing_else(published: PublicEdition, signed_in: Any) -> None:
    client = Client()
    for path in (reverse(LIST), reverse(FEED), address(published), address(published, "csv")):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = client.get(path)
        assert response.status_code == 200
        tables = {name for query in queries for name in re.findall(r'(?:FROM|JOIN) "(\w+)"', query["sql"])}
        assert tables == {"reports_publicedition"}
        assert not any('"counts"' in query["sql"] for query in queries)
        assert not response.cookies
        assert response["Cache-Control"] == "public, max-age=300"
        assert signed_in("manager").get(path).content == response.content
        assert response["RateLimit"]
        again = client.get(path, headers={"If-None-Match": response["ETag"]})
        assert again.status_code == 304


def test_public_pages_are_off_unless_the_setting_is_on(published: PublicEdition, settings: Any) -> None:
    settings.PUBLICATIONS = False
    for path in (reverse(LIST), reverse(FEED), address(published), address(published, "pdf")):
        assert Client().get(path).status_code == 404


def test_a_draft_is_not_public_and_a_withdrawn_edition_says_why(cast: Cast, published: PublicEdition) -> None:
    client = Client()
    assert published.public_title in client.get(reverse(LIST)).content.decode()
    withdraw_edition(actor=cast.manager, edition=published, reason="A figure was wrong.", at=AT)
    for path in (address(published), address(published, "csv")):
        gone = client.get(path)
        assert gone.status_code == 410
        assert "A figure was wrong." in gone.content.decode()
        assert "WY20-01" not in gone.content.decode()
        assert gone["Cache-Control"] == "private, no-store"
    assert published.public_title not in client.get(reverse(LIST)).content.decode()
    assert "withdrawn" in client.get(reverse(FEED)).content.decode()


def test_the_feed_is_atom_and_leads_to_the_page(published: PublicEdition) -> None:
    response = Client().get(reverse(FEED))
    assert response["Content-Type"].startswith("application/atom+xml")
    assert f'href="http://testserver{address(published)}"' in response.content.decode()
