"""The list of findings as CSV and XLSX: the rows of the list, in its order, with what the reader may see."""

import csv
import io
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from tests.cast import Cast
from tests.factories import ActionFactory
from tests.inspections.factories import InspectionFactory, RecommendationFactory
from tests.inspections.findings.stage import linked


def table(client: Client, file_type: str = "csv", **query: str) -> list[list[Any]]:
    address = reverse("inspections:recommendation-export", kwargs={"kind": file_type})
    response: Any = client.get(address, query)
    assert response.status_code == 200
    content = b"".join(response.streaming_content)
    if file_type == "csv":
        return [*csv.reader(io.StringIO(content.decode("utf-8-sig")))]
    return [list(row) for row in load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)]


def rows_of(client: Client, file_type: str = "csv", **query: str) -> list[dict[str, Any]]:
    rows = table(client, file_type, **query)
    start = next(number for number, row in enumerate(rows) if row and row[0] == "Inspection")
    return [dict(zip(rows[start], row, strict=True)) for row in rows[start + 1 :]]


@pytest.mark.parametrize("file_type", ["csv", "xlsx"])
def test_a_finding_is_exported_with_its_actions_and_both_statuses(
    cast: Cast, signed_in: Any, file_type: str
) -> None:
    finding = RecommendationFactory(
        cast=cast, number="1", text="=Attend each panel.", lead=cast.bradford_district
    )
    linked(cast, finding, ActionFactory(cast=cast, in_progress=True, ref="WY20-01"))
    client = signed_in("manager")
    (row,) = rows_of(client, file_type)
    assert row["Number"] == "1"
    assert row["Text"] == ("'=Attend each panel." if file_type == "csv" else "=Attend each panel.")
    assert row["Actions"] == "WY20-01"
    assert row["Lead organisation"] == "Bradford District"
    assert row["Force status"] == finding.get_state_display()
    assert "Version" not in row
    above = [str(line[0]) for line in table(client) if line and line[0]]
    assert above[1] == "Findings"
    assert "Filters: Force status: All open" in above
    assert "Number of findings: 1" in above
    page = client.get(reverse("inspections:recommendation-list")).content.decode()
    assert "/recommendations/export.xlsx?default=no&amp;state=open" in page


def test_the_file_has_what_the_reader_may_see_and_asked_for(cast: Cast, signed_in: Any) -> None:
    """The council sees the finding that an action it supports answers, and not the other action on it."""
    finding = RecommendationFactory(cast=cast, number="1")
    RecommendationFactory(cast=cast, inspection=finding.inspection, number="2", lead=cast.bradford_district)
    linked(cast, finding, ActionFactory(cast=cast, in_progress=True, ref="WY20-01"))
    linked(
        cast,
        finding,
        ActionFactory(cast=cast, in_progress=True, ref="WY20-02", supporting=[cast.wakefield_council]),
    )
    assert [(row["Number"], row["Actions"]) for row in rows_of(signed_in("wakefield_contact"))] == [
        ("1", "WY20-02")
    ]
    manager = signed_in("manager")
    assert [row["Number"] for row in rows_of(manager, gap="no_live_action")] == ["2"]
    wrong = manager.get(
        reverse("inspections:recommendation-export", kwargs={"kind": "csv"}), {"kind": "none-such"}
    )
    assert (wrong.status_code, wrong.url) == (302, "/recommendations/?kind=none-such")


def test_more_findings_cost_no_more_queries(cast: Cast, signed_in: Any) -> None:
    client, inspection = signed_in("manager"), InspectionFactory(cast=cast)

    def add(number: int) -> None:
        finding = RecommendationFactory(cast=cast, inspection=inspection, number=str(number))
        linked(cast, finding, ActionFactory(cast=cast, in_progress=True, ref=f"WY20-0{number}"))

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            table(client)
        return len(captured)

    add(1)
    few = queries()
    for number in (2, 3):
        add(number)
    assert queries() == few
