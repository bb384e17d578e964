"""Corrections of the letter: a new version with its reason, while the old one stays as it was sent."""

from datetime import datetime

import pytest
from django.core.exceptions import ValidationError

from inspections.core.states import LetterState
from inspections.letters.content import is_intact
from inspections.letters.services import edit_letter
from inspections.responses.queries import with_answer
from tests.cast import AT, LONDON, TODAY, Cast
from tests.inspections.letters.letters import approved, corrected, despatched, findings, published, respond


def test_a_correction_is_a_new_version_and_the_old_one_stays(cast: Cast) -> None:
    first = despatched(cast)
    frozen = first.sha256
    respond(cast, findings(first.inspection)[0], "Put right.")
    second = corrected(cast, first)
    assert (second.number, second.corrects, second.state) == (2, first, LetterState.DRAFT)
    assert (second.introduction, second.published_on, second.sha256) == (first.introduction, None, "")
    second = published(cast, approved(cast, second), publication_url="https://example.org/letter-2")
    content = second.content or {}
    assert content["correction_reason"] == "The date of the training was wrong."
    assert (content["version"], content["recommendations"][0]["response"]) == (2, "Put right.")
    first.refresh_from_db()
    assert (first.sha256, is_intact(letter=first)) == (frozen, True)
    third = corrected(cast, second)
    assert third.number == 3


def test_the_first_published_letter_stops_the_clock(cast: Cast) -> None:
    first = published(cast)
    later = datetime(2020, 7, 1, 9, tzinfo=LONDON)
    second = approved(cast, corrected(cast, first), at=later)
    published(cast, second, published_on=later.date(), at=later)
    row = with_answer(type(first.inspection).objects.all()).get()
    assert row.answered_on == TODAY


def test_a_correction_says_what_it_corrects(cast: Cast) -> None:
    letter = approved(cast)
    with pytest.raises(ValidationError) as raised:
        corrected(cast, letter, reason=" ")
    assert set(raised.value.message_dict) == {"reason"}
    second = corrected(cast, letter)
    with pytest.raises(ValidationError, match="Say what the new version corrects"):
        edit_letter(actor=cast.opcc_officer, letter=second, correction_reason="", at=AT)
