"""Papers in the API: the same figures as the page, and the bytes that the checksum is of."""

import hashlib

from django.test import Client
from django.urls import reverse

from audit.actors import SYSTEM
from partners.models import BoardSeat
from partners.organisations.services import save_reference
from reports.figures.cells import text_of
from reports.models import Paper
from tests.api.clients import API, system_of
from tests.cast import AT, Cast
from tests.factories import ActionFactory
from tests.reports.factories import PaperFactory, issued_paper


def test_an_issued_paper_is_read_whole_figure_by_figure_and_as_its_frozen_bytes(
    cast: Cast, client: Client
) -> None:
    ActionFactory(cast=cast, ref="WY20-01", in_progress=True)
    paper, draft = issued_paper(cast), PaperFactory(cast=cast)
    client.force_login(cast.manager)
    listed = client.get(f"{API}/papers/?state=issued").json()["results"]
    assert [row["id"] for row in listed] == [paper.pk]
    whole = client.get(f"{API}/papers/{paper.pk}/")
    assert (
        client.get(f"{API}/papers/{paper.pk}/", headers={"if-none-match": whole["ETag"]}).status_code == 304
    )
    content = paper.content or {}
    tables = [table for section in content["sections"] for table in section["tables"]]
    sections = whole.json()["sections"]
    assert [section["heading"] for section in sections] == [
        section["heading"] for section in content["sections"]
    ]
    printed = [text_of(cell) for table in tables for row in table["rows"] for cell in row["cells"]]
    figures = client.get(f"{API}/papers/{paper.pk}/figures/").json()["results"]
    assert [figure["text"] for figure in figures] == printed
    assert [
        cell["text"]
        for section in sections
        for table in section["tables"]
        for row in table["rows"]
        for cell in row["cells"]
    ] == printed
    page = client.get(reverse("reports:paper", args=[paper.pk])).text
    assert all(figure["text"] in page for figure in figures if figure["of"])
    frozen = client.get(f"{API}/papers/{paper.pk}/content/")
    assert hashlib.sha256(b"".join(frozen.streaming_content)).hexdigest() == whole.json()["sha256"]

    assert client.get(f"{API}/papers/{draft.pk}/").json()["links"]["content"] is None
    unissued = client.get(f"{API}/papers/{draft.pk}/content/")
    assert (unissued.status_code, unissued.json()["detail"]) == (
        404,
        "This paper was not issued, so its content is not frozen.",
    )
    Paper.objects.filter(pk=paper.pk).update(content={**content, "left_out": 7})
    assert client.get(f"{API}/papers/{paper.pk}/").status_code == 409


def test_a_system_reads_issued_papers_with_the_scope_alone(cast: Cast) -> None:
    paper = issued_paper(cast)
    reader = system_of(cast, cast.wakefield_council, "Reader", scopes=["papers:read"])
    other = system_of(cast, cast.wakefield_council, "Other", scopes=["actions:read"])
    assert other.get("/papers/").status_code == 403
    assert reader.get("/papers/").json()["results"] == []
    seat = BoardSeat(
        board=paper.template.board,
        organisation=cast.wakefield_council,
        post="Chief executive",
        starts_on=paper.on,
    )
    save_reference(actor=SYSTEM, row=seat, at=AT)
    assert [row["id"] for row in reader.get("/papers/").json()["results"]] == [paper.pk]
    assert reader.get(f"/papers/{paper.pk}/figures/").status_code == 200
