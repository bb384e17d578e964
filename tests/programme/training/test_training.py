"""Training as counts: what they add up to, and what is refused."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from programme.models import Attendance, TrainingEvent
from programme.records.services.records import save_record
from programme.training.queries import champions, progress, training_figures
from tests.cast import AT, TODAY, Cast
from tests.programme.factories import (
    AttendanceFactory,
    ChampionsCountFactory,
    CompletionFactory,
    TrainingEventFactory,
    TrainingProgrammeFactory,
)


def series(cast: Cast, **fields: Any) -> TrainingEvent:
    event: TrainingEvent = TrainingEventFactory(
        cast=cast,
        title="Regional Champions conferences",
        starts_on=date(2019, 1, 1),
        precision="year",
        number_held=2,
        attended=None,
        attended_qualifier="unknown",
        **fields,
    )
    return event


def test_an_event_that_may_be_one_of_a_series_is_not_added_to_it(cast: Cast) -> None:
    both = series(cast)
    launch = TrainingEventFactory(cast=cast, may_include=both)
    figures = training_figures(user=cast.manager, on=TODAY)
    assert str(figures.held) == "2"
    assert str(figures.people) == "at least 130"
    assert figures.uncertain == [launch]


def test_one_lower_bound_makes_the_total_a_lower_bound(cast: Cast) -> None:
    TrainingEventFactory(cast=cast)
    TrainingEventFactory(cast=cast, title="Workshop", attended=20, attended_qualifier="exactly")
    assert str(training_figures(user=cast.gold, on=TODAY).people) == "at least 150"


def test_a_cancelled_event_counts_nowhere(cast: Cast) -> None:
    TrainingEventFactory(cast=cast, state="cancelled")
    figures = training_figures(user=cast.manager, on=TODAY)
    assert (str(figures.held), str(figures.people), figures.cancelled) == ("0", "0", 1)


@pytest.mark.parametrize(
    ("starts_on", "precision", "is_due"),
    [
        (date(2020, 6, 18), "day", True),
        (date(2020, 6, 19), "day", False),
        (date(2020, 6, 1), "month", False),
        (date(2020, 1, 1), "year", False),
        (date(2019, 1, 1), "year", True),
        (None, "unknown", False),
    ],
)
def test_a_planned_event_in_the_past_is_not_recorded(
    cast: Cast, starts_on: date | None, precision: str, is_due: bool
) -> None:
    TrainingEventFactory(
        cast=cast,
        state="planned",
        starts_on=starts_on,
        precision=precision,
        attended=None,
        attended_qualifier="unknown",
    )
    assert bool(training_figures(user=cast.manager, on=TODAY).not_recorded) == is_due


def test_a_total_is_the_sum_by_organisation_or_not_broken_down(cast: Cast, signed_in: Any) -> None:
    first = AttendanceFactory(cast=cast)
    AttendanceFactory(cast=cast, event=first.event, organisation=cast.leeds_district, people=8)
    bare = TrainingEventFactory(cast=cast, title="Forum")
    for event, words in ((first.event, "Total: 20"), (bare, "Not broken down by organisation.")):
        page = signed_in("manager").get(
            reverse("programme:record-page", args=["training", "events", event.pk])
        )
        assert words in page.content.decode()


def test_more_people_of_organisations_than_attended_are_refused(cast: Cast) -> None:
    event = TrainingEventFactory(cast=cast, attended=20, attended_qualifier="exactly")
    row = AttendanceFactory(cast=cast, event=event)
    other = {"event": event, "organisation": cast.leeds_district}
    with pytest.raises(ValidationError, match="had 20 people in all, and its organisations would have 21"):
        AttendanceFactory(cast=cast, **other, people=9)
    AttendanceFactory(cast=cast, **other, people=9, people_qualifier="about")
    assert save_record(actor=cast.manager, row=row, at=AT, people=11).is_current


def test_the_total_of_an_event_is_not_lowered_below_its_attendance(cast: Cast) -> None:
    event = TrainingEventFactory(cast=cast)
    for organisation in (cast.bradford_district, cast.leeds_district):
        AttendanceFactory(cast=cast, event=event, organisation=organisation)
    with pytest.raises(ValidationError) as refused:
        save_record(actor=cast.manager, row=event, at=AT, attended=23, attended_qualifier="exactly")
    assert refused.value.message_dict == {
        "attended": [
            "Its organisations have 24 people, and the event would have 23 in all. Correct one of the numbers."
        ]
    }
    event.refresh_from_db()
    assert str(event.quantity("attended")) == "at least 130"
    about = save_record(actor=cast.manager, row=event, at=AT, attended=23, attended_qualifier="about")
    assert save_record(
        actor=cast.manager, row=about, at=AT, attended=24, attended_qualifier="exactly"
    ).attended


def test_a_programme_without_records_counts_nobody_of_an_unknown_number(cast: Cast) -> None:
    TrainingProgrammeFactory(cast=cast)
    (line,) = progress(user=cast.manager, on=TODAY)
    assert (line.words, line.percent) == ("0 of unknown", None)


def test_completions_add_up_over_organisations_and_only_their_newest_counts(cast: Cast) -> None:
    first = CompletionFactory(cast=cast)
    CompletionFactory(
        cast=cast,
        programme=first.programme,
        period_from=date(2019, 10, 1),
        period_to=date(2019, 12, 31),
        completed=10,
    )
    CompletionFactory(
        cast=cast, programme=first.programme, organisation=cast.leeds_district, eligible=20, completed=11
    )
    (line,) = progress(user=cast.manager, on=TODAY)
    assert (line.words, line.percent) == ("51 of 100", 51)


def test_no_percentage_of_a_number_that_is_not_exact(cast: Cast) -> None:
    CompletionFactory(cast=cast, eligible_qualifier="about")
    (line,) = progress(user=cast.manager, on=TODAY)
    assert (line.words, line.percent) == ("40 of about 80", None)


@pytest.mark.parametrize("completed", ["exactly", "at_least", "about", "up_to"])
@pytest.mark.parametrize("eligible", ["exactly", "at_least", "about", "up_to"])
def test_more_completed_than_eligible_is_refused_where_it_is_certain(
    cast: Cast, completed: str, eligible: str
) -> None:
    fields = {
        "eligible": 10,
        "eligible_qualifier": eligible,
        "completed": 11,
        "completed_qualifier": completed,
    }
    if completed in ("exactly", "at_least") and eligible in ("exactly", "up_to"):
        with pytest.raises(ValidationError, match="More people completed this than were eligible"):
            CompletionFactory(cast=cast, **fields)
    else:
        assert CompletionFactory(cast=cast, **fields).completed == 11


def test_champions_count_once_for_each_organisation_and_level(cast: Cast) -> None:
    ChampionsCountFactory(cast=cast, people=5, as_at=date(2019, 3, 1))
    ChampionsCountFactory(cast=cast)
    ChampionsCountFactory(cast=cast, organisation=cast.leeds_district, people_qualifier="at_least")
    assert {level: str(number) for level, number in champions(user=cast.manager, on=TODAY).items()} == {
        "Delivery": "at least 18"
    }


def test_an_organisation_records_its_own_attendance_and_no_other(cast: Cast) -> None:
    event = TrainingEventFactory(cast=cast)
    row = AttendanceFactory(cast=cast, actor=cast.bradford_spoc, event=event)
    assert row.people == 12
    with pytest.raises(PermissionDenied):
        AttendanceFactory(cast=cast, actor=cast.bradford_spoc, event=event, organisation=cast.leeds_district)
    with pytest.raises(PermissionDenied):
        AttendanceFactory(cast=cast, actor=cast.gold, event=event)


def test_the_host_records_attendance_of_any_organisation(cast: Cast) -> None:
    event = TrainingEventFactory(cast=cast, host=cast.leeds_district)
    row = AttendanceFactory(cast=cast, actor=cast.leeds_spoc, event=event)
    assert row.organisation == cast.bradford_district


def test_a_correction_is_a_new_record_and_the_old_one_stays(cast: Cast) -> None:
    old = AttendanceFactory(cast=cast)
    new = save_record(actor=cast.manager, row=old, at=AT, people=14, source="Register of the day")
    old.refresh_from_db()
    assert (old.people, old.is_current, new.people, new.supersedes) == (12, False, 14, old)
    assert list(Attendance.objects.visible_to(cast.manager, TODAY).current()) == [new]
    with pytest.raises(ValidationError) as refused:
        save_record(actor=cast.manager, row=old, at=AT, people=15)
    assert refused.value.code == "state"


def test_a_second_record_of_the_same_attendance_is_refused(cast: Cast) -> None:
    first = AttendanceFactory(cast=cast)
    with pytest.raises(ValidationError) as refused:
        AttendanceFactory(cast=cast, event=first.event)
    assert "recorded already" in str(refused.value)


def test_the_page_shows_the_figures_with_their_records(cast: Cast, signed_in: Any) -> None:
    both = series(cast)
    TrainingEventFactory(cast=cast, may_include=both)
    CompletionFactory(cast=cast)
    page = signed_in("leeds_spoc").get(reverse("programme:room", args=["training"])).content.decode()
    assert "at least 130" in page
    assert "40 of 80" in page
    assert "may be part of Regional Champions conferences" in page
