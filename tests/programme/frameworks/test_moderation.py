"""Moderating a reading: an auditor who did not record it, once, and again after a correction."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from programme.frameworks.services import moderate_reading
from programme.records.services.records import save_record
from tests.api.asking import problem
from tests.cast import AT, TODAY, Cast
from tests.programme.factories import FrameworkFactory, FrameworkItemFactory, MeasureFactory, ReadingFactory
from tests.support.auditors import become_auditor


def test_an_auditor_moderates_a_reading_once(cast: Cast) -> None:
    row = moderate_reading(actor=cast.auditor, reading=ReadingFactory(cast=cast), at=AT, version=1)
    assert (row.moderated_on, row.moderated_by, row.version) == (TODAY, cast.auditor, 2)
    with pytest.raises(ValidationError, match="moderated already"):
        moderate_reading(actor=cast.auditor, reading=row, at=AT)


def test_only_an_auditor_moderates(cast: Cast) -> None:
    row = ReadingFactory(cast=cast)
    for person in (cast.manager, cast.bradford_spoc, cast.gold):
        with pytest.raises(PermissionDenied, match="Only an auditor"):
            moderate_reading(actor=person, reading=row, at=AT)


def test_nobody_moderates_what_they_recorded_nor_its_correction(cast: Cast) -> None:
    row = ReadingFactory(cast=cast)
    become_auditor(cast, cast.manager, cast.opcc)
    with pytest.raises(PermissionDenied, match="You recorded this reading"):
        moderate_reading(actor=cast.manager, reading=row, at=AT)
    corrected = save_record(actor=cast.bradford_spoc, row=row, at=AT, number=13)
    with pytest.raises(PermissionDenied, match="You recorded this reading"):
        moderate_reading(actor=cast.manager, reading=corrected, at=AT)


def test_nobody_moderates_a_reading_of_their_own_organisation(cast: Cast) -> None:
    row = ReadingFactory(cast=cast, organisation=cast.opcc)
    with pytest.raises(PermissionDenied, match="about your organisation"):
        moderate_reading(actor=cast.auditor, reading=row, at=AT)


def test_a_correction_has_to_be_moderated_again(cast: Cast) -> None:
    row = moderate_reading(actor=cast.auditor, reading=ReadingFactory(cast=cast), at=AT)
    corrected = save_record(actor=cast.bradford_spoc, row=row, at=AT, number=13)
    assert (corrected.moderated_on, corrected.moderated_by) == (None, None)
    with pytest.raises(ValidationError, match="Moderate the newest one"):
        moderate_reading(actor=cast.auditor, reading=row, at=AT)


def test_whoever_records_a_reading_cannot_say_that_it_was_moderated(cast: Cast, signed_in: Any) -> None:
    with pytest.raises(TypeError, match="moderated_on"):
        ReadingFactory(cast=cast, moderated_on=TODAY)
    form = reverse("programme:record-create", args=["frameworks", "readings"])
    assert 'name="moderated_on' not in signed_in("manager").get(form).content.decode()


def test_a_reading_is_moderated_on_its_page(cast: Cast, signed_in: Any) -> None:
    row = ReadingFactory(cast=cast, evidence="Register of the course.")
    page, step = (
        reverse("programme:record-page", args=["frameworks", "readings", row.pk]),
        reverse("programme:reading-moderate", args=[row.pk]),
    )
    assert step not in signed_in("bradford_spoc").get(page).content.decode()
    browser = signed_in("auditor")
    assert step in browser.get(page).content.decode()
    assert "Register of the course." in browser.get(step).content.decode()
    done = browser.post(step, {"version": 1}, follow=True).content.decode()
    assert "Reading moderated" in done
    assert step not in done
    assert "19 June 2020" in done
    assert browser.post(step, {"version": 1}).status_code == 409


def test_a_reading_is_moderated_by_api(cast: Cast, signed_in: Any) -> None:
    row = ReadingFactory(cast=cast)
    path, kind = f"/api/v1/readings/{row.pk}/moderate/", "application/json"
    problem(signed_in("manager").post(path, {}, content_type=kind), 403, "forbidden")
    auditor = signed_in("auditor")
    done = auditor.post(path, {"version": 1}, content_type=kind).json()
    assert (done["moderated_on"], done["moderated_by"]["id"]) == ("2020-06-19", cast.auditor.pk)
    problem(auditor.post(path, {"version": 1}, content_type=kind), 412, "precondition-failed")
    assert auditor.post(path, {}, content_type=kind).status_code == 422


def test_lists_files_and_api_keep_the_versions_of_a_framework_apart(cast: Cast, signed_in: Any) -> None:
    old = ReadingFactory(cast=cast)
    second = FrameworkFactory(cast=cast, edition="2")
    item = FrameworkItemFactory(cast=cast, framework=second)
    new = ReadingFactory(cast=cast, measure=MeasureFactory(cast=cast, item=item), number=40)
    browser = signed_in("gold")
    address = reverse("programme:record-list", args=["frameworks", "readings"])
    assert str(old.framework) in browser.get(address).content.decode()
    page = browser.get(address, {"framework": second.pk})
    assert [row for row, _ in page.context["lines"]] == [new]
    file = reverse("programme:record-export", args=["frameworks", "readings", "csv"])
    text = b"".join(browser.get(file).streaming_content).decode()
    assert text.count(str(second)) == text.count(str(old.framework)) == 1
    rows = browser.get("/api/v1/readings/", {"framework": second.pk}).json()["results"]
    assert [(row["id"], row["framework"]["title"]) for row in rows] == [(new.pk, str(second))]
