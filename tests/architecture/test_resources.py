"""The tables of the fields of actions and findings: every place that should show a field of it does."""

import csv
import io
from typing import Any

import pytest
from django.db import models
from django.test import Client
from django.urls import reverse

from actions.actions.forms.actions import ActionForm
from actions.core import examples
from actions.core.table import ACTION
from actions.districts.services import Part, split_by_district
from actions.lists.views.exporting import LAST_UPDATE
from actions.models import Action
from desk.search.services.finding import search
from importing.findings.services.rows import FINDINGS
from importing.plans.services.specification import PLAN
from inspections.core.examples import RECOMMENDATION
from inspections.core.table import FINDING
from inspections.findings.services.recommendations import save_recommendation
from inspections.models import Recommendation
from tests.api.clients import API
from tests.cast import AT, TODAY, Cast
from tests.factories import ActionFactory
from tests.importing.plans.tables import preview, workbook
from tests.inspections.factories import InspectionFactory, RecommendationFactory
from web.resources import ResourceField

# Columns that no page, file or program shows of an action itself.
INTERNAL = {"id", "partnership", "superseded_by", "extensions", "under_cause_of_concern"}
TEXTS = [
    field
    for field in ACTION
    if field.edited
    and isinstance(column := Action._meta.get_field(field.name), models.CharField | models.TextField)
    and not column.choices
]


def word(field: ResourceField) -> str:
    return f"Zeppelin{ACTION.index(field)}"


def exported(client: Client) -> list[dict[str, str]]:
    response = client.get(reverse("actions:action-export", kwargs={"kind": "csv"}))
    rows = [*csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig")))]  # type: ignore[attr-defined]
    start = next(number for number, row in enumerate(rows) if row[:1] == [ACTION[0].label])
    return [dict(zip(rows[start], row, strict=True)) for row in rows[start + 1 :]]


def test_the_table_has_every_field_of_an_action_and_names_none_twice() -> None:
    names = [field.name for field in ACTION]
    fields = {field.name for field in (*Action._meta.concrete_fields, *Action._meta.many_to_many)}
    assert fields - INTERNAL <= set(names)
    assert len(set(names)) == len(names)
    assert len({field.label for field in ACTION}) == len(names)


def test_api_and_file_have_the_fields_of_the_table_in_its_order(cast: Cast, signed_in: Any) -> None:
    action, client = ActionFactory(cast=cast, in_progress=True), signed_in("manager")
    in_api = ["id", *(field.name for field in ACTION if field.api), "links"]
    assert list(client.get(f"{API}/actions/{action.pk}/").json()) == in_api
    assert list(examples.ACTION.value) == in_api
    columns = [*(field.label for field in ACTION if field.exported), *LAST_UPDATE.values()]
    assert list(exported(client)[0]) == columns


def test_the_form_has_every_field_that_can_be_edited() -> None:
    assert {field.name for field in ACTION if field.edited} <= set(ActionForm.base_fields)


def test_the_upload_page_names_every_column_that_is_imported(cast: Cast, signed_in: Any) -> None:
    page = signed_in("manager").get(reverse("importing:plan-import", args=[cast.plan.pk])).content.decode()
    for field in ACTION:
        assert (field.name in {column.key for column in PLAN.columns}) == bool(field.headings)
        assert all(f"“{heading}”" in page for heading in field.headings[:3])


@pytest.mark.parametrize("field", TEXTS, ids=[field.name for field in TEXTS])
def test_a_text_is_shown_wherever_the_table_says(field: ResourceField, cast: Cast, signed_in: Any) -> None:
    sensitive = {"marking": "OFFICIAL-SENSITIVE"} if field.name == "handling_instruction" else {}
    action = ActionFactory(cast=cast, unallocated=True, area=None, **sensitive, **{field.name: word(field)})
    client = signed_in("manager")
    page = client.get(reverse("actions:action", args=[action.pk])).content.decode()
    assert word(field) in page
    assert (f"<dt>{field.label}</dt>" in page) or not field.detail
    assert client.get(f"{API}/actions/{action.pk}/").json()[field.name] == word(field)
    assert [row[field.label] for row in exported(client)] == [word(field)]
    results = search(actor=cast.manager, text=word(field), on=TODAY)
    assert len(results) == bool(field.search)
    split_by_district(actor=cast.manager, action=action, parts=[Part(cast.bradford)], at=AT)
    part = Action.objects.get(parent=action)
    assert (getattr(part, field.name) == word(field)) == field.inherited


@pytest.mark.parametrize("field", TEXTS, ids=[field.name for field in TEXTS])
def test_a_text_is_imported_by_any_of_its_headings(field: ResourceField, cast: Cast) -> None:
    for heading in field.headings:
        cells = {"Ref": "1.1", "What we will do": "Brief every team", heading: word(field)}
        if field.name == "title":
            del cells["What we will do"]
            cells[heading] = word(field)
        rows = (tuple(cells), ("Identify",), tuple(cells.values()))
        (row,) = preview(cast, workbook(rows, ())).rows
        assert row.new_value(field.name) == word(field), heading


# Findings ----------------------------------------------------------------------------------------------------


def test_the_table_has_every_field_of_a_finding_and_the_api_those_it_says(cast: Cast, signed_in: Any) -> None:
    fields = {
        field.name for field in (*Recommendation._meta.concrete_fields, *Recommendation._meta.many_to_many)
    }
    assert fields - {"id"} <= {field.name for field in FINDING}
    finding = RecommendationFactory(cast=cast, inspection=InspectionFactory(cast=cast))
    in_api = ["id", *(field.name for field in FINDING if field.api), "links"]
    row = signed_in("manager").get(f"{API}/recommendations/{finding.pk}/").json()
    assert [name for name in row if not name.endswith("_history")] == in_api
    assert list(RECOMMENDATION.value) == in_api


@pytest.mark.parametrize("name", ["number", "text", "addressee", "deadline_phrase"])
def test_a_text_of_a_finding_is_shown_wherever_the_table_says(name: str, cast: Cast, signed_in: Any) -> None:
    field = next(field for field in FINDING if field.name == name)
    assert field.edited
    assert name in {column.key for column in FINDINGS.columns}
    finding = RecommendationFactory(cast=cast, inspection=InspectionFactory(cast=cast))
    save_recommendation(actor=cast.manager, recommendation=finding, at=AT, **{name: "Zeppelin"})
    client = signed_in("manager")
    assert client.get(f"{API}/recommendations/{finding.pk}/").json()[name] == "Zeppelin"
    page = client.get(reverse("inspections:recommendation", args=[finding.pk])).content.decode()
    assert "Zeppelin" in page
    assert len(search(actor=cast.manager, text="Zeppelin", on=TODAY)) == bool(field.search)
