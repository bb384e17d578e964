"""A partner's system is asked about personal data as a person is, and keeps it by the same reason."""

import logging
from typing import Any

import pytest

from actions.models import ProgressUpdate
from audit.models import Entry
from tests.api.clients import System
from tests.cast import Cast
from tests.factories import ActionFactory

NUMBER = "07700 900123"
SENT = {
    "narrative": f"Parents ring {NUMBER}.",
    "next_steps": "Write to WF99 9ZZ.",
    "rag": "green",
    "percent": 60,
}
WHY = "Both are the college's own."


@pytest.fixture
def path(cast: Cast) -> str:
    return f"/actions/{ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council]).pk}/updates/"


def test_findings_are_answered_by_their_place_and_never_by_their_words(
    council: System, path: str, caplog: Any
) -> None:
    before = ProgressUpdate.objects.count()
    with caplog.at_level(logging.DEBUG):
        response = council.post(path, SENT)
    assert response.status_code == 422, response.content
    problem = response.json()
    assert problem["type"] == "/problems/personal-data"
    assert problem["findings"] == [
        {"pointer": "#/narrative", "kind": "telephone", "start": 13, "end": 25},
        {"pointer": "#/next_steps", "kind": "postcode", "start": 9, "end": 17},
    ]
    assert {error["code"] for error in problem["errors"]} == {"personal_data"}
    for text in (response.content.decode(), caplog.text):
        assert NUMBER not in text
        assert "WF99" not in text
    assert ProgressUpdate.objects.count() == before


def test_kept_personal_data_has_a_reason_in_the_ledger(council: System, path: str) -> None:
    response = council.post(path, SENT | {"keep_personal_data_reason": WHY})
    assert response.status_code == 201, response.content
    assert response.json()["narrative"] == SENT["narrative"]
    entry = Entry.objects.get(verb="progress.submitted", target_id=str(response.json()["id"]))
    assert entry.note == (
        "Kept a telephone number (12 characters) in what was done; "
        f"a full postcode (8 characters) in what happens next: {WHY}"
    )


def test_a_reason_where_nothing_was_found_is_not_recorded(council: System, path: str) -> None:
    response = council.post(
        path, SENT | {"narrative": "Done.", "next_steps": "", "keep_personal_data_reason": WHY}
    )
    assert response.status_code == 201
    assert not Entry.objects.filter(note__contains=WHY).exists()


def test_the_reason_cannot_hold_what_it_explains(council: System, path: str) -> None:
    response = council.post(path, SENT | {"keep_personal_data_reason": f"{NUMBER} is public."})
    assert response.status_code == 400
    assert response.json()["errors"][0]["code"] == "personal_data_reason"
    assert NUMBER not in response.content.decode()
