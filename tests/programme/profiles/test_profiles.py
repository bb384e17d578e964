"""The register of local profiles: one current profile of a district, its age, and nothing of its content."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse

from programme.models import LocalProfile, ProfileBriefing
from programme.profiles.queries import districts
from programme.records.services.records import save_record
from tests.cast import AT, TODAY, Cast
from tests.programme.factories import LocalProfileFactory, PlanAlignmentFactory, ProfileBriefingFactory


def test_each_district_has_one_current_profile_or_none(cast: Cast) -> None:
    profile = LocalProfileFactory(cast=cast)
    bradford, leeds = districts(user=cast.manager, on=TODAY)
    assert (bradford.profile, bradford.age) == (profile, "12 months")
    assert (leeds.profile, leeds.age) == (None, "")


def test_a_second_current_profile_is_refused_until_the_first_is_superseded(cast: Cast) -> None:
    old = LocalProfileFactory(cast=cast)
    with pytest.raises(ValidationError) as refused:
        LocalProfileFactory(cast=cast, title="Another", version_date=TODAY)
    assert "Mark that one as superseded first" in str(refused.value)
    save_record(actor=cast.manager, row=old, at=AT, state="superseded")
    new = LocalProfileFactory(cast=cast, title="Another", version_date=TODAY, replaces=old)
    assert districts(user=cast.manager, on=TODAY)[0].profile == new


def test_a_version_is_replaced_by_one_other_only(cast: Cast) -> None:
    old = LocalProfileFactory(cast=cast, state="superseded")
    LocalProfileFactory(cast=cast, title="Second", replaces=old)
    with pytest.raises(ValidationError) as refused:
        LocalProfileFactory(cast=cast, title="Third", state="commissioned", replaces=old)
    assert "replaces" in refused.value.error_dict


def test_versions_are_a_chain_without_an_end_that_meets_its_beginning(cast: Cast) -> None:
    first = LocalProfileFactory(cast=cast, state="superseded")
    second = LocalProfileFactory(cast=cast, title="Second", state="superseded", replaces=first)
    third = LocalProfileFactory(cast=cast, title="Third", replaces=second)
    for version in (first, third):
        with pytest.raises(ValidationError) as refused:
            save_record(actor=cast.manager, row=first, at=AT, replaces=version)
        assert "version that came after it" in str(refused.value)


def test_a_title_with_personal_data_is_asked_about(cast: Cast) -> None:
    with pytest.raises(ValidationError) as refused:
        LocalProfileFactory(cast=cast, title="Profile, ring 07700 900123")
    assert list(refused.value.error_dict) == ["title"]


@pytest.mark.parametrize(
    "fields",
    [
        {"document_marking": "SECRET"},
        {"document_marking": "Top secret"},
        {"title": "Local profile (SECRET)"},
        {"note": "The annex is TOP-SECRET."},
        {"source": "UK TOPSECRET register"},
        {"title": "profile_SECRET_2020"},
        {"handling_instruction": "SECRET annex", "marking": "OFFICIAL-SENSITIVE"},
    ],
    ids=lambda fields: next(iter(fields.values())),
)
def test_a_secret_profile_is_refused_even_as_a_title(cast: Cast, fields: dict[str, str]) -> None:
    with pytest.raises(ValidationError) as refused:
        LocalProfileFactory(cast=cast, **fields)
    assert "marked SECRET or above must not be entered" in str(refused.value)
    assert not LocalProfile.objects.exists()


@pytest.mark.parametrize("factory", [ProfileBriefingFactory, PlanAlignmentFactory])
def test_what_was_done_with_a_profile_says_nothing_of_a_secret_one(cast: Cast, factory: Any) -> None:
    profile = LocalProfileFactory(cast=cast)
    with pytest.raises(ValidationError, match="marked SECRET or above"):
        factory(cast=cast, profile=profile, note="Its annex is SECRET.")
    assert factory(cast=cast, profile=profile, note="The secretary of the secretariat was briefed.").pk


def test_the_register_has_no_place_for_content() -> None:
    for model in (LocalProfile, ProfileBriefing):
        for field in model._meta.concrete_fields:
            assert not isinstance(field, models.FileField | models.URLField)
            # The frame's own note and reason to withhold are the only long texts.
            assert not isinstance(field, models.TextField) or field.name in {
                "note",
                "withheld_reason",
                "public_interest",
            }


def test_the_page_says_what_a_plan_was_aligned_to_and_what_is_due_for_review(
    cast: Cast, signed_in: Any
) -> None:
    profile = LocalProfileFactory(cast=cast, review_due=date(2020, 6, 1))
    PlanAlignmentFactory(cast=cast, actor=cast.bradford_spoc, profile=profile)
    page = signed_in("leeds_spoc").get(reverse("programme:room", args=["profiles"])).content.decode()
    assert "Overdue" in page
    assert "Prevent Business Plan 2020/21, Local profile, Bradford, 1 March 2020" in page
    assert "None" in page


@pytest.mark.parametrize(
    ("on", "months"), [(date(2020, 5, 31), 11), (date(2020, 6, 1), 12), (date(2019, 6, 1), 0)]
)
def test_the_age_of_a_profile_is_in_whole_months(cast: Cast, on: date, months: int) -> None:
    assert LocalProfileFactory(cast=cast).age_in_months(on) == months
