"""What somebody types of a person is asked about on the form, and kept only with a reason."""

from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from actions.models import Action, ProgressUpdate
from audit.models import Entry
from tests.cast import Cast
from tests.factories import ActionFactory
from tests.inspections.factories import RecommendationFactory
from web.screening import KEEP

NUMBER = "07700 900123"
WORDS = f"Parents ring {NUMBER} for a place."
WHY = "The public number of the course."
ANSWER = {"state": "in_progress", "rag": "green", "percent": "60", "narrative": WORDS, "next_steps": ""}


def report(client: Client, action: Action, **changes: Any) -> Any:
    page = reverse("actions:progress-create", args=[action.pk])
    return client.post(page, ANSWER | {"version": str(action.version)} | changes)


def test_detected_personal_data_is_named_and_the_text_stays(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    response = report(signed_in("bradford_spoc"), action)
    assert response.status_code == 422
    page = unescape(response.content.decode())
    assert f'<a href="#id_narrative">“What was done” contains a telephone number: {NUMBER}</a>' in page
    assert WORDS in page
    assert page.count(f'name="{KEEP}"') == 1
    assert ProgressUpdate.objects.filter(action=action).count() == 1


def test_a_removed_identifier_is_saved_without_a_note(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    response = report(signed_in("bradford_spoc"), action, narrative="Parents ring for a place.", **{KEEP: ""})
    assert response.status_code == 302
    assert not Entry.objects.filter(note__contains="Kept").exists()


def test_the_ledger_records_kind_and_reason_but_not_the_number(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    response = report(signed_in("bradford_spoc"), action, **{KEEP: WHY})
    assert response.status_code == 302
    update = ProgressUpdate.objects.latest("pk")
    assert update.narrative == WORDS
    entry = Entry.objects.get(verb="progress.submitted", target_id=str(update.pk))
    assert entry.note == f"Kept a telephone number (12 characters) in what was done: {WHY}"


def test_the_next_update_may_repeat_what_was_kept(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    client = signed_in("bradford_spoc")
    report(client, action, **{KEEP: WHY})
    action.refresh_from_db()
    assert report(client, action, next_steps=f"Answer {NUMBER} at weekends.").status_code == 302
    action.refresh_from_db()
    assert report(client, action, next_steps="Answer 07700 900456 too.").status_code == 422


@pytest.mark.parametrize(
    ("reason", "bad_reason"),
    [
        (f"It is {NUMBER}", "The reason itself contains a telephone number."),
        ("Because " * 80, "The reason must be 500 characters or fewer"),
    ],
)
def test_the_reason_itself_holds_nothing_of_the_kind(
    cast: Cast, signed_in: Any, reason: str, bad_reason: str
) -> None:
    response = report(
        signed_in("bradford_spoc"), ActionFactory(cast=cast, in_progress=True), **{KEEP: reason}
    )
    assert response.status_code == 422
    page = unescape(response.content.decode())
    assert f'<a href="#id_{KEEP}">{bad_reason}' in page


def test_a_reason_stays_in_its_box_when_something_else_is_wrong(cast: Cast, signed_in: Any) -> None:
    response = report(
        signed_in("bradford_spoc"), ActionFactory(cast=cast, in_progress=True), percent="x", **{KEEP: WHY}
    )
    assert response.status_code == 422
    assert WHY in response.content.decode()


def test_words_that_live_in_the_ledger_alone_are_masked_there(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    client = signed_in("bradford_spoc")
    page = reverse("actions:action-submit", args=[action.pk])
    words = {"version": str(action.version), "note": f"All briefed; ring {NUMBER}."}
    response = client.post(page, words)
    assert response.status_code == 422
    assert f"contains a telephone number: {NUMBER}" in response.content.decode()
    assert client.post(page, words | {KEEP: WHY}).status_code == 302
    entry = Entry.objects.get(verb="action.submitted", target_id=str(action.pk))
    assert entry.note.splitlines() == [
        "All briefed; ring [a telephone number (12 characters)].",
        f"Kept a telephone number (12 characters) in note: {WHY}",
    ]


def test_evidence_is_asked_about_by_its_title_and_its_link(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    client = signed_in("bradford_spoc")
    page = reverse("actions:evidence-add", args=[action.pk])
    link = {
        "version": str(action.version),
        "title": "Letter to AB49 CDE",
        "url": "https://example.org/jo.bloggs@gmail.com",
    }
    response = client.post(page, link)
    assert response.status_code == 422
    html = unescape(response.content.decode())
    assert "contains a vehicle registration: AB49 CDE" in html
    assert client.post(page, link | {KEEP: WHY}).status_code == 302


def test_findings_are_asked_about_in_inspections_too(cast: Cast, signed_in: Any) -> None:
    recommendation = RecommendationFactory(cast=cast)
    page = reverse("inspections:recommendation-edit", args=[recommendation.pk])
    client = signed_in("manager")
    form = client.get(page).context["form"]
    form_data = {name: form[name].value() or "" for name in form.fields} | {
        "text": "See the flat in WF99 9ZZ."
    }
    response = client.post(page, form_data)
    assert response.status_code == 422
    assert "contains a full postcode: WF99 9ZZ" in response.content.decode()
    assert client.post(page, form_data | {KEEP: WHY}).status_code == 302
    recommendation.refresh_from_db()
    assert recommendation.text == "See the flat in WF99 9ZZ."
    entry = Entry.objects.filter(note__contains="a full postcode (8 characters)").get()
    assert "WF99" not in entry.note


def test_ordinary_words_pass(cast: Cast, signed_in: Any) -> None:
    words = (
        "WY20-SG-03 and CT4-2 cost £12,500.00 in 2019/20; 30 officers met on 8 October 2019 in BD1, see R12."
    )
    assert (
        report(
            signed_in("bradford_spoc"), ActionFactory(cast=cast, in_progress=True), narrative=words
        ).status_code
        == 302
    )
