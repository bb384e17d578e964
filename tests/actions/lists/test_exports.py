"""The action list as CSV and XLSX: the rows of the list, in its order, under document control."""

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from actions.models import Action
from tests.cast import AT, Cast
from tests.factories import ActionFactory, submit_progress

SENSITIVE = {"marking": "OFFICIAL-SENSITIVE", "handling_instruction": "Silver group only"}


def table(client: Client, kind: str, query: dict[str, Any]) -> list[list[Any]]:
    response = client.get(reverse("actions:action-export", kwargs={"kind": kind}), query)
    assert response.status_code == 200
    assert f".{kind}" in response.headers["Content-Disposition"]
    content = b"".join(response.streaming_content)
    if kind == "csv":
        return [*csv.reader(io.StringIO(content.decode("utf-8-sig")))]
    sheet = load_workbook(io.BytesIO(content)).active
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def split(rows: list[list[Any]]) -> tuple[list[str], list[dict[str, Any]]]:
    """Tell what stands above the table from its rows."""
    start = next(number for number, row in enumerate(rows) if row and row[0] == "Reference")
    above = [str(row[0]) for row in rows[:start] if row and row[0]]
    return above, [dict(zip(rows[start], row, strict=True)) for row in rows[start + 1 :]]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize(
    "query",
    [
        {},
        {"sort": "-due"},
        {"state": ["in_progress", "not_started"], "sort": "due"},
        {"overdue": "yes"},
        {"q": "teams", "area": "none"},
        {"state": "complete"},
    ],
)
def test_the_file_holds_the_rows_of_the_list_in_its_order(
    kind: str, query: dict[str, Any], cast: Cast, signed_in: Any
) -> None:
    ActionFactory(cast=cast, unallocated=True, ref="WY20-01", area=None)
    ActionFactory(cast=cast, allocated=True, ref="WY20-02", due=date(2020, 5, 1))
    ActionFactory(cast=cast, in_progress=True, ref="WY20-03", due=date(2020, 8, 1))
    ActionFactory(cast=cast, awaiting_assurance=True, ref="WY20-04")
    client = signed_in("manager")
    refs = [action.ref for action, *_ in client.get(reverse("actions:action-list"), query).context["rows"]]
    above, rows = split(table(client, kind, query))
    assert [row["Reference"] for row in rows] == refs
    assert f"Number of actions: {len(refs)}" in above


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_file_is_a_controlled_document(kind: str, cast: Cast, signed_in: Any) -> None:
    ActionFactory(cast=cast, unallocated=True, ref="WY20-01", **SENSITIVE)
    ActionFactory(cast=cast, unallocated=True, ref="WY20-02")
    above, rows = split(table(signed_in("manager"), kind, {"state": "open", "owner": "none", "sort": "-due"}))
    assert above == [
        "OFFICIAL-SENSITIVE",
        "Actions",
        "As at 19 June 2020 10:00",
        "Filters: Owner: Nobody; Status: All open",
        "Sorted by: due date, last first",
        "Number of actions: 2",
        "Exported by: Manager",
    ]
    assert rows[0]["Handling instruction"] == "Silver group only"
    assert split(table(signed_in("leeds_spoc"), kind, {}))[0][0] == "OFFICIAL"


def test_a_line_says_all_there_is_of_an_action(cast: Cast, signed_in: Any) -> None:
    ActionFactory(cast=cast, in_progress=True, due=date(2020, 6, 10), supporting=[cast.wakefield_council])
    (row,) = split(table(signed_in("manager"), "csv", {}))[1]
    expected = {
        "Pillar": "Identify",
        "District": "Bradford",
        "Supporting organisations": "Wakefield Council",
        "Owner": "Bradford spoc",
        "Status": "In progress",
        "Declared RAG": "Green",
        "RAG from dates": "Red",
        "Rule": "Overdue by 9 days",
        "Percent done": "40",
        "Due date": "2020-06-10",
        "Overdue": "Yes",
    }
    assert {name: row[name] for name in expected} == expected


def test_no_cell_starts_a_formula(cast: Cast, signed_in: Any) -> None:
    ActionFactory(cast=cast, unallocated=True, title="=HYPERLINK(1)", description="@SUM(1)")
    (row,) = split(table(signed_in("manager"), "csv", {}))[1]
    assert (row["Title"], row["Description"]) == ("'=HYPERLINK(1)", "'@SUM(1)")


def test_the_file_holds_only_what_its_reader_sees(cast: Cast, signed_in: Any) -> None:
    ActionFactory(cast=cast, unallocated=True, ref="WY20-01")
    ActionFactory(cast=cast, unallocated=True, ref="WY20-02", supporting=[cast.wakefield_council])
    for who, refs in (("wakefield_contact", ["WY20-02"]), ("leicestershire_manager", []), ("observer", [])):
        rows = split(table(signed_in(who), "csv", {}))[1]
        assert [row["Reference"] for row in rows] == refs


def test_a_wrong_filter_leads_to_the_list_that_says_so(cast: Cast, signed_in: Any) -> None:
    response = signed_in("manager").get(
        reverse("actions:action-export", kwargs={"kind": "csv"}), {"state": "half"}
    )
    assert response.status_code == 302
    assert response.headers["Location"] == f"{reverse('actions:action-list')}?state=half"


def test_the_number_of_queries_does_not_grow_with_the_rows(cast: Cast, signed_in: Any) -> None:
    client = signed_in("manager")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            table(client, "csv", {})
        return len(captured)

    ActionFactory(cast=cast, allocated=True, ref="WY20-01", supporting=[cast.wakefield_council])
    few = queries()
    for number in range(2, 12):
        ActionFactory(cast=cast, allocated=True, ref=f"WY20-{number:02}", supporting=[cast.opcc])
    assert queries() == few


def test_the_file_has_what_the_last_update_says(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, in_progress=True, ref="WY20-01")
    ActionFactory(cast=cast, unallocated=True, ref="WY20-02")
    for number, rag in enumerate(("green", "red"), 1):
        submit_progress(
            actor=cast.bradford_spoc,
            action=action,
            narrative=f"Team {number} is briefed.",
            next_steps="Brief the rest.",
            rag=rag,
            percent=50,
            reason="" if rag == "green" else "Illness.",
            path_to_green="" if rag == "green" else "A relief sergeant.",
            at=AT,
        )
        action.refresh_from_db()
    first, second = split(table(signed_in("manager"), "csv", {"sort": "ref"}))[1]
    names = ("What was done", "Next steps", "Reason for red or amber", "Path to green")
    assert [first[name] for name in names] == [
        *("Team 2 is briefed.", "Brief the rest.", "Illness.", "A relief sergeant.")
    ]
    assert [second[name] for name in names] == ["", "", "", ""]


def test_the_columns_of_the_file_are_chosen(cast: Cast, signed_in: Any) -> None:
    ActionFactory(cast=cast, in_progress=True)
    client = signed_in("manager")
    chosen = {"state": "open", "columns": ["narrative", "rag", "no-such-column"]}
    (row,) = split(table(client, "xlsx", chosen))[1]
    assert list(row) == ["Reference", "Declared RAG", "What was done"]
    page = client.get(reverse("actions:action-export-choose"), {"state": "open"}).content.decode()
    assert '<input type="hidden" name="state" value="open">' in page
    assert page.count('name="columns"') == page.count(" checked")


def test_the_workbook_filters_colours_ratings_and_prints_on_landscape_pages(
    cast: Cast, signed_in: Any
) -> None:
    ActionFactory(cast=cast, in_progress=True)
    address = reverse("actions:action-export", kwargs={"kind": "xlsx"})
    response = signed_in("manager").get(address, {"columns": ["title", "rag"]})
    sheet = load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    (top,) = [row[0].row for row in sheet.iter_rows() if row[0].value == "Reference"]
    assert sheet.auto_filter.ref == f"A{top}:C{top + 1}"
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == f"${top}:${top}"
    assert sheet.oddHeader.center.text == sheet.oddFooter.center.text == "OFFICIAL"
    title, rating = sheet.cell(top + 1, 2), sheet.cell(top + 1, 3)
    assert (rating.value, rating.fill.start_color.rgb) == ("Green", "FFCCE2D8")
    assert title.fill.fill_type is None


# Text that no file can hold -----------------------------------------------------------------------------------

NONCHARACTER = (Path(__file__).parents[2] / "importing/plans/files/noncharacter.txt").read_text(
    encoding="utf-8"
)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_text_from_a_pdf_viewer_is_cleaned_when_saved_and_exported(
    kind: str, cast: Cast, signed_in: Any
) -> None:
    assert "\ufffe" in NONCHARACTER
    action = ActionFactory(cast=cast, unallocated=True, ref="WY20-01")
    client = signed_in("manager")
    data = {
        "version": action.version,
        "title": "First\x0bsecond\uffff",
        "description": f"{NONCHARACTER}\x0bNext\x0cLast",
        "pillar": action.pillar_id,
        "priority": action.priority,
        "marking": action.marking,
    }
    assert client.post(reverse("actions:action-edit", args=[action.pk]), data).status_code == 302
    action.refresh_from_db()
    text = f"{NONCHARACTER.replace(chr(0xFFFE), '')}\nNext\nLast"
    assert (action.title, action.description) == ("First second", text)
    (row,) = split(table(client, kind, {}))[1]
    assert (row["Title"], row["Description"]) == ("First second", text)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_rows_stored_before_text_was_cleaned_are_exported(kind: str, cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, allocated=True, ref="WY20-01")
    words = "first point\x0bsecond\ufffe point\x1f"
    Action.objects.filter(pk=action.pk).update(title=words, description=words)
    type(cast.identify).objects.filter(pk=action.pillar_id).update(name=words)
    type(cast.police).objects.filter(pk=action.lead_id).update(name=words)
    cast.manager.__class__.objects.filter(pk=cast.manager.pk).update(name=words)
    above, (row,) = split(table(signed_in("manager"), kind, {}))
    for name in ("Title", "Description", "Pillar", "Lead organisation"):
        assert row[name] == "first point\nsecond point"
    assert "Exported by: first point\nsecond point" in above
