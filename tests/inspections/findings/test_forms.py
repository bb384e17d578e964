"""The forms of inspections and findings: one story through all of them, and what each refuses and keeps."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from inspections.core.states import State
from inspections.findings.services.recommendations import save_recommendation
from inspections.models import ActionLink, Inspection, Recommendation, RegisterStatus
from tests.cast import AT, TODAY, Cast
from tests.factories import ActionFactory
from tests.inspections.factories import InspectionFactory, RecommendationFactory
from tests.inspections.findings import stage
from tests.inspections.findings.test_pages import text_of, to


def test_from_a_new_inspection_to_a_closed_finding(cast: Cast, signed_in: Any) -> None:
    manager, auditor = signed_in("manager"), signed_in("auditor")
    facts = {
        "title": "PEEL 2019",
        "body": "HMICFRS",
        "body_kind": "inspectorate",
        "kind": "force",
        "priorities": "High\r\n\r\nLow\r\n",
        "marking": "OFFICIAL",
    }
    assert manager.post(to("inspection-create"), facts).status_code == 302
    inspection = Inspection.objects.get()
    assert inspection.priorities == ["High", "Low"]
    finding = {"kind": "recommendation", "number": "7", "text": "Train them.", "priority": "High"}
    finding["deadline_phrase"] = "By 30 November 2020, chief constables should"
    assert manager.post(to("recommendation-create", inspection.pk), finding).status_code == 302
    row = Recommendation.objects.get()
    assert (row.due, row.priority) == (date(2020, 11, 30), "High")
    stage.complete(cast)

    def send(client: Client, route: str, *arguments: int, **data: Any) -> None:
        data["version"] = Recommendation.objects.get().version
        response = client.post(to(route, row.pk, *arguments), data)
        assert response.status_code == 302, text_of(response)

    send(manager, "recommendation-edit", **finding | {"addressee": "All forces"})
    send(manager, "link-add", action="wy20-01", answers="All of it")
    send(manager, "recommendation-state", state="partly_accepted", reason="Not the last part.")
    send(manager, "recommendation-state", state="in_progress")
    send(manager, "recommendation-state", state="proposed", reason="All are trained.")
    send(auditor, "recommendation-judge", outcome="in_progress", reason="Which ones?")
    send(manager, "recommendation-state", state="proposed", reason="All, by name.")
    send(auditor, "recommendation-judge", outcome="implemented", reason="Seen.")
    as_at = {"as_at_day": "19", "as_at_month": "6", "as_at_year": "2020"}
    send(auditor, "recommendation-register", state="awaiting_review", comment="On the portal.", **as_at)
    assert RegisterStatus.objects.get().on == TODAY
    send(auditor, "recommendation-judge", reason="Not in Leeds.")
    send(manager, "link-remove", ActionLink.objects.get().pk, reason="It was another one.")
    row.refresh_from_db()
    assert (row.state, row.links.count()) == (State.REOPENED, 0)


@pytest.mark.parametrize(
    ("route", "data", "words"),
    [
        ("recommendation-state", {"state": "not_accepted"}, "Enter why it is not accepted"),
        ("recommendation-state", {}, "Select the force status"),
        ("recommendation-register", {"state": "open", "as_at": "2020-06-20"}, "19 June 2020 or earlier"),
        ("link-add", {"action": "WY20-99"}, "Enter the reference of an action in this partnership"),
        ("recommendation-edit", {"kind": "afi", "text": " "}, "Enter the text"),
    ],
)
def test_each_error_is_at_its_field_and_the_form_keeps_its_text(
    cast: Cast, signed_in: Any, route: str, data: dict[str, str], words: str
) -> None:
    row = RecommendationFactory(cast=cast)
    page = signed_in("manager").post(
        to(route, row.pk), {"version": row.version, "comment": "Kept.", "answers": "Kept.", **data}
    )
    assert page.status_code == 422
    assert words in text_of(page)
    assert Recommendation.objects.get().version == row.version


def test_a_publication_date_in_the_future_keeps_the_form(cast: Cast, signed_in: Any) -> None:
    inspection = InspectionFactory(cast=cast)
    facts = {"title": "A new title", "body": "HMICFRS", "body_kind": "inspectorate", "kind": "national"}
    facts |= {"published_on": "2020-06-20", "marking": "OFFICIAL", "version": str(inspection.version)}
    page = signed_in("manager").post(to("inspection-edit", inspection.pk), facts)
    assert page.status_code == 422
    assert "Enter a publication date that is today or in the past." in text_of(page)
    assert 'value="A new title"' in page.content.decode()


def test_a_form_of_yesterday_is_shown_what_changed_and_applies_when_sent_again(
    cast: Cast, signed_in: Any
) -> None:
    row = RecommendationFactory(cast=cast)
    client = signed_in("manager")
    old = row.version
    save_recommendation(actor=cast.manager, recommendation=row, addressee="All forces", at=AT)
    typed = {"version": old, "state": "not_accepted", "reason": "The region does it."}
    page = client.post(to("recommendation-state", row.pk), typed)
    assert page.status_code == 409
    assert "Addressee set to “All forces”" in text_of(page)
    assert "The region does it." in page.content.decode()
    typed["version"] = page.context["form"]["version"].value()
    assert client.post(to("recommendation-state", row.pk), typed).status_code == 302
    assert Recommendation.objects.get().state == State.NOT_ACCEPTED


def test_an_assurance_note_never_reopens_a_recommendation(cast: Cast, signed_in: Any) -> None:
    """Another auditor was quicker: the finding is closed now, and this form says so instead of opening it again."""
    row = stage.closed(cast)
    typed = {"version": row.version, "outcome": "implemented", "reason": "Seen."}
    page = signed_in("auditor").post(to("recommendation-judge", row.pk), typed)
    assert page.status_code == 409
    assert Recommendation.objects.get().state == State.IMPLEMENTED


def test_a_link_is_removed_from_its_own_finding_only(cast: Cast, signed_in: Any) -> None:
    link = stage.linked(cast, RecommendationFactory(cast=cast), ActionFactory(cast=cast, in_progress=True))
    other = RecommendationFactory(cast=cast, inspection=link.recommendation.inspection, number="2")
    assert signed_in("manager").get(to("link-remove", other.pk, link.pk)).status_code == 404


def test_an_auditor_who_cannot_assure_is_shown_the_reason(cast: Cast, signed_in: Any) -> None:
    row = stage.proposed(cast)
    save_recommendation(actor=cast.manager, recommendation=row, lead=cast.opcc, at=AT)
    client = signed_in("auditor")
    page = client.get(to("recommendation", row.pk))
    assert "Your organisation leads this recommendation" in text_of(page)
    assert client.get(to("recommendation-judge", row.pk)).status_code == 403
