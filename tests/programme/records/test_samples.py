"""Sample files of each kind of record: downloaded from its import page, and accepted by its import."""

from typing import Any

import pytest
from django.urls import reverse

from importing.engine.services.flow import preview_import
from programme.overview.catalogue import RESOURCES
from programme.records.services.importing import RecordsImporter
from tests.cast import AT, Cast
from tests.programme.factories import TrainingEventFactory, stock


@pytest.fixture
def stocked(cast: Cast) -> Cast:
    """A partnership with a record of every kind to name."""
    stock(cast)
    return cast


def test_each_import_has_a_sample_that_it_accepts(stocked: Cast, signed_in: Any) -> None:
    browser, problems = signed_in("manager"), {}
    for resource in RESOURCES:
        page = reverse("programme:record-import", args=[resource.room, resource.slug])
        file = browser.get(page, {"example": "sample.csv"})
        preview = preview_import(
            actor=stocked.manager,
            importer=RecordsImporter(resource=resource, partnership=stocked.yorkshire),
            filename="sample.csv",
            data=file.content,
            at=AT,
        )
        assert [row.number for row in preview.rows] == [2], resource.slug
        if preview.problems or preview.personal or preview.warnings:
            problems[resource.slug] = [str(each) for each in (*preview.problems, *preview.personal)]
    assert problems == {}


def test_the_page_offers_the_sample_and_it_names_no_sensitive_row(cast: Cast, signed_in: Any) -> None:
    browser = signed_in("manager")
    TrainingEventFactory(
        cast=cast, title="Exercise Kestrel", marking="OFFICIAL-SENSITIVE", handling_instruction="Police only"
    )
    page = reverse("programme:record-import", args=["training", "attendance"])
    assert "example=sample.xlsx" in browser.get(page).content.decode()
    file = browser.get(page, {"example": "sample.csv"}).content.decode()
    assert "Name of the event" in file
    assert "Exercise Kestrel" not in file
    assert "Illustrative" in file
