"""Evidence in the rows of a return: added with the draft, never lost by an error elsewhere, never added twice."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions.evidence.services import add_evidence
from actions.models import Action, Evidence
from returns.models import Return, ReturnRow
from returns.services.submitting import submit_return
from tests.cast import AT, Cast
from tests.factories import ActionFactory
from tests.permissions.returns import still_open
from tests.returns import returns
from tests.returns.test_return_pages import page_of, row, typed

LIST = b"team,briefed\nEast,yes\n"


@pytest.fixture
def report(cast: Cast) -> Return:
    ActionFactory(cast=cast, in_progress=True, ref="WY20-01")
    ActionFactory(cast=cast, in_progress=True, ref="WY20-02")
    return still_open(cast)


@pytest.fixture
def actions(report: Return) -> list[Action]:
    return list(Action.objects.filter(ref__in=["WY20-01", "WY20-02"]).order_by("ref"))


def prefixed(action: Action, **fields: Any) -> dict[str, Any]:
    return {f"evidence-{action.pk}-{name}": value for name, value in fields.items()}


def attendance(name: str = "attendance.csv", content: bytes = LIST) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/csv")


def test_a_file_and_a_link_are_added_with_the_draft(
    report: Return, actions: list[Action], signed_in: Any
) -> None:
    client = signed_in("bradford_spoc")
    link = {"url": "https://example.org/agenda", "title": "Agenda"}
    data = typed(report, *actions) | prefixed(actions[0], file=attendance()) | prefixed(actions[1], **link)
    assert client.post(page_of(report), data).status_code == 302
    assert ReturnRow.objects.filter(report=report).count() == 2
    file, agenda = Evidence.objects.order_by("action__ref")
    assert (file.action, file.title, file.effective_on) == (actions[0], "attendance.csv", date(2020, 5, 31))
    assert (agenda.action, agenda.title) == (actions[1], "Agenda")
    html = client.get(page_of(report)).content.decode()
    assert "Evidence added to WY20-01: attendance.csv" in html
    assert html.count("Evidence for this period") == 2
    assert "added by Bradford spoc" in html
    read_through = client.get(page_of(report, "return-read")).content.decode()
    assert read_through.count("Evidence for this period") == 2
    assert reverse("actions:evidence-download", args=[file.action_id, file.pk]) in read_through
    assert "https://example.org/agenda" in read_through


def test_an_error_elsewhere_does_not_lose_the_file(
    report: Return, actions: list[Action], signed_in: Any
) -> None:
    client = signed_in("bradford_spoc")
    data = typed(report, *actions) | row(actions[1], percent="200") | prefixed(actions[0], file=attendance())
    answer = client.post(page_of(report), data)
    assert answer.status_code == 422
    assert Evidence.objects.get().action == actions[0]
    assert "attendance.csv" in answer.content.decode()


def test_a_refused_file_is_an_error_at_its_row_and_texts_are_saved(
    report: Return, actions: list[Action], signed_in: Any
) -> None:
    client = signed_in("bradford_spoc")
    wrong = prefixed(actions[0], file=attendance("attendance.pdf")) | prefixed(actions[1], title="Minutes")
    answer = client.post(page_of(report), typed(report, *actions) | wrong)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "WY20-01: The selected file is not a real PDF file. Save it in the right format" in html
    assert "WY20-02: Select a file, or enter a link" in html
    assert html.count('<details class="govuk-details" open>') == 2
    assert ReturnRow.objects.filter(report=report).count() == 2
    assert not Evidence.objects.exists()


def test_personal_data_in_a_title_needs_a_reason(
    report: Return, actions: list[Action], signed_in: Any
) -> None:
    client = signed_in("bradford_spoc")
    mine = prefixed(actions[0], title="Call 07700 900123", file=attendance())
    refused = client.post(page_of(report), typed(report, actions[0]) | mine)
    html = refused.content.decode()
    assert refused.status_code == 422
    assert "07700 900123" in html
    assert "File kept: " in html
    assert "keep_personal_data" in html
    assert not Evidence.objects.exists()


def test_a_page_sent_twice_adds_its_file_once(report: Return, actions: list[Action], signed_in: Any) -> None:
    client = signed_in("bradford_spoc")
    for _ in range(2):
        client.post(page_of(report), typed(report, actions[0]) | prefixed(actions[0], file=attendance()))
    assert Evidence.objects.count() == 1


def test_a_file_is_added_even_if_the_return_was_submitted_meanwhile(
    report: Return, actions: list[Action], cast: Cast, signed_in: Any
) -> None:
    client = signed_in("bradford_spoc")
    old = typed(report, *actions) | prefixed(actions[0], file=attendance())
    returns.save(cast, report, *(returns.row(action) for action in actions), at=AT)
    submit_return(actor=cast.bradford_spoc, report=report, version=None, at=AT)
    assert client.post(page_of(report), old).status_code == 409
    assert Evidence.objects.get().action == actions[0]


def test_more_evidence_costs_no_more_queries(
    report: Return, actions: list[Action], cast: Cast, signed_in: Any
) -> None:
    client = signed_in("bradford_spoc")

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(page_of(report))
        return len(captured)

    def link(action: Action, number: int) -> None:
        where = {"title": f"Paper {number}", "url": f"https://example.org/{number}"}
        add_evidence(actor=cast.bradford_spoc, action=action, effective_on=report.period_end, at=AT, **where)

    cost()
    link(actions[0], 0)
    few = cost()
    for number in range(1, 5):
        for action in actions:
            link(action, number)
    assert cost() == few
