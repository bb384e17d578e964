"""The pages of records: what is shown, filtered, added, corrected and downloaded."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from programme.models import Attendance, TrainingEvent
from programme.overview.catalogue import ROOMS
from programme.records.services.records import save_record
from tests.cast import AT, TODAY, Cast
from tests.programme.factories import (
    AttendanceFactory,
    FrameworkItemFactory,
    GrantLimitFactory,
    TrainingEventFactory,
)

SENSITIVE = {"marking": "OFFICIAL-SENSITIVE", "handling_instruction": "District only"}


def at(page: str, kind: str, *ids: Any) -> str:
    return reverse(f"programme:record-{page}", args=["training", kind, *ids])


def filled_in(event: TrainingEvent, organisation: Any, **fields: Any) -> dict[str, Any]:
    """What the form of an attendance is sent with."""
    return {
        "event": event.pk,
        "organisation": organisation.pk,
        "people": "12",
        "people_qualifier": "exactly",
        "source": "Register of the day",
        "basis": "recorded",
        "as_at": "2019-02-04",
        "publication": "undecided",
        "marking": "OFFICIAL",
        **fields,
    }


def test_a_record_is_added_on_the_page_and_says_where_it_comes_from(cast: Cast, signed_in: Any) -> None:
    event = TrainingEventFactory(cast=cast)
    browser = signed_in("bradford_spoc")
    response = browser.post(at("create", "attendance"), filled_in(event, cast.bradford_district), follow=True)
    page = response.content.decode()
    assert "Attendance added" in page
    row = Attendance.objects.get()
    assert (row.people, row.source, row.as_at) == (12, "Register of the day", date(2019, 2, 4))
    assert "Register of the day" in page


def test_a_reporting_partner_sees_no_publication_fields(cast: Cast, signed_in: Any) -> None:
    TrainingEventFactory(cast=cast)
    for person, is_asked in (("bradford_spoc", False), ("manager", True)):
        page = signed_in(person).get(at("create", "attendance")).content.decode()
        assert ('name="publication"' in page) == is_asked


def test_another_organisation_is_refused_in_words_and_what_was_typed_stays(
    cast: Cast, signed_in: Any
) -> None:
    event = TrainingEventFactory(cast=cast)
    response = signed_in("bradford_spoc").post(
        at("create", "attendance"), filled_in(event, cast.leeds_district)
    )
    assert response.status_code == 403
    assert "only record this for your own organisation" in response.content.decode()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"people": "", "people_qualifier": "at_least"}, "Enter a number, or choose “Unknown”"),
        ({"people": "4", "people_qualifier": "unknown"}, "Leave this empty, or say how exact the number is"),
        ({"publication": "withhold"}, "Choose an exemption to withhold the record"),
        ({"publication": "withhold", "exemption": "s31"}, "Say what harm publication would do"),
        ({"exemption": "s31"}, "Only a withheld record has an exemption"),
        ({"marking": "OFFICIAL-SENSITIVE"}, "OFFICIAL-SENSITIVE needs a handling instruction"),
        (
            {
                "marking": "OFFICIAL-SENSITIVE",
                "handling_instruction": "Police only",
                "publication": "publish",
            },
            "You cannot publish an OFFICIAL-SENSITIVE record",
        ),
        ({"as_at": "2021-02-04"}, "Enter a date that is today or in the past"),
        ({"source": ""}, "Enter source"),
        ({"as_at": ""}, "Enter the day on which this was so"),
    ],
)
def test_each_error_is_at_its_field(cast: Cast, signed_in: Any, fields: dict[str, str], message: str) -> None:
    event = TrainingEventFactory(cast=cast)
    form_data = filled_in(event, cast.bradford_district, **fields)
    response = signed_in("manager").post(at("create", "attendance"), form_data)
    assert response.status_code == 422
    assert message in response.content.decode()
    assert not Attendance.objects.exists()


def test_the_same_error_of_two_kinds_is_at_the_field_of_each(cast: Cast, signed_in: Any) -> None:
    event, limit = TrainingEventFactory(cast=cast), GrantLimitFactory(cast=cast)
    browser = signed_in("manager")
    for row, slug, name in ((event, "events", "ends_on"), (limit, "limits", "valid_to")):
        room = "training" if row is event else "funding"
        address = reverse("programme:record-edit", args=[room, slug, row.pk])
        initial = browser.get(address).context["form"].initial
        days = {"starts_on": "2019-02-04", "valid_from": "2019-02-04", name: "2019-02-03"}
        form_data = {key: value for key, value in initial.items() if value not in (None, False)} | days
        response = browser.post(address, form_data)
        assert response.context["form"].errors == {name: ["The last day must not be before the first."]}


def test_a_correction_leads_to_the_new_record_and_the_old_one_names_it(cast: Cast, signed_in: Any) -> None:
    old = AttendanceFactory(cast=cast)
    browser = signed_in("manager")
    form_data = filled_in(old.event, old.organisation, people="14", version=1)
    page = browser.post(at("edit", "attendance", old.pk), form_data, follow=True).content.decode()
    assert "Attendance corrected" in page
    new = Attendance.objects.get(is_current=True)
    assert new.people == 14
    assert at("page", "attendance", new.pk) in browser.get(at("page", "attendance", old.pk)).content.decode()
    listed = browser.get(at("list", "attendance")).content.decode()
    assert at("page", "attendance", new.pk) in listed
    assert at("page", "attendance", old.pk) not in listed


def test_a_form_that_is_out_of_date_shows_what_changed(cast: Cast, signed_in: Any) -> None:
    event = TrainingEventFactory(cast=cast)
    browser = signed_in("manager")
    page = browser.get(at("edit", "events", event.pk))
    save_record(actor=cast.manager, row=event, at=AT, title="Launch of Champions")
    form = {name: value for name, value in page.context["form"].initial.items() if value not in (None, False)}
    response = browser.post(at("edit", "events", event.pk), form | {"title": "Another title"})
    assert response.status_code == 409
    assert "Launch of Champions" in response.content.decode()


def test_a_sensitive_record_is_for_its_organisation_and_those_who_see_everything(
    cast: Cast, signed_in: Any
) -> None:
    event = TrainingEventFactory(cast=cast)
    row = AttendanceFactory(cast=cast, event=event, **SENSITIVE)
    statuses = {
        person: signed_in(person).get(at("page", "attendance", row.pk)).status_code
        for person in ("bradford_spoc", "leeds_spoc", "wakefield_contact", "manager", "gold", "auditor")
    }
    assert statuses == {
        "bradford_spoc": 200,
        "leeds_spoc": 404,
        "wakefield_contact": 404,
        "manager": 200,
        "gold": 200,
        "auditor": 200,
    }
    assert "OFFICIAL-SENSITIVE" in signed_in("manager").get(at("list", "attendance")).content.decode()


def test_a_record_about_a_hidden_record_is_hidden(cast: Cast, signed_in: Any) -> None:
    event = TrainingEventFactory(
        cast=cast, marking="OFFICIAL-SENSITIVE", handling_instruction="Police only", title="Exercise Kestrel"
    )
    row = AttendanceFactory(cast=cast, event=event)
    assert signed_in("bradford_spoc").get(at("page", "attendance", row.pk)).status_code == 404
    assert b"Kestrel" not in signed_in("bradford_spoc").get(at("list", "attendance")).content


def test_nothing_crosses_partnerships(cast: Cast, signed_in: Any) -> None:
    row = AttendanceFactory(cast=cast)
    browser = signed_in("leicestershire_manager")
    assert browser.get(at("page", "attendance", row.pk)).status_code == 404
    assert b"Champions launch" not in browser.get(at("list", "attendance")).content
    assert b"Champions launch" not in browser.get(at("create", "attendance")).content
    file = b"".join(browser.get(at("export", "attendance", "csv")).streaming_content)
    assert b"Champions launch" not in file


def test_the_list_is_searched_and_filtered_and_the_file_holds_the_same_rows(
    cast: Cast, signed_in: Any
) -> None:
    first = AttendanceFactory(cast=cast)
    AttendanceFactory(cast=cast, event=first.event, organisation=cast.leeds_district, people=8)
    browser = signed_in("gold")
    for query in ({"q": "bradford"}, {"organisation": cast.bradford_district.pk}):
        page = browser.get(at("list", "attendance"), query)
        assert [row for row, _ in page.context["lines"]] == [first]
        file = b"".join(browser.get(at("export", "attendance", "csv"), query).streaming_content).decode()
        assert "Bradford District" in file
        assert "Leeds District" not in file
    assert browser.get(at("list", "attendance"), {"basis": "guessed"}).status_code == 422


@pytest.mark.parametrize("marking", [{}, SENSITIVE])
def test_a_list_costs_the_same_for_few_rows_and_many(
    cast: Cast, signed_in: Any, marking: dict[str, str]
) -> None:
    browser = signed_in("manager")
    event = TrainingEventFactory(cast=cast)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(at("list", "attendance")).status_code == 200
        return len(queries)

    AttendanceFactory(cast=cast, event=event, **marking)
    few = cost()
    for number in range(6):
        AttendanceFactory(cast=cast, event=event, audience=f"Team {number}", **marking)
    assert cost() == few


def test_the_page_of_an_event_shows_its_attendance_and_adds_to_it(cast: Cast, signed_in: Any) -> None:
    row = AttendanceFactory(cast=cast)
    page = signed_in("leeds_spoc").get(at("page", "events", row.event.pk)).content.decode()
    assert "Bradford District" in page
    address = f"{at('create', 'attendance')}?event={row.event.pk}"
    assert address in page
    form = signed_in("leeds_spoc").get(address).content.decode()
    assert f'<option value="{row.event.pk}" selected>' in form


@pytest.mark.parametrize("address", ["/programme/kitchen/", "/programme/training/spoons/"])
def test_an_unknown_room_or_kind_is_not_found(cast: Cast, signed_in: Any, address: str) -> None:
    assert signed_in("manager").get(address).status_code == 404


def test_an_illustrative_record_says_so(cast: Cast, signed_in: Any) -> None:
    row = AttendanceFactory(cast=cast, basis="illustrative")
    for address in (at("page", "attendance", row.pk), at("list", "attendance")):
        assert "Illustrative" in signed_in("manager").get(address).content.decode()
    assert row.as_at <= TODAY


def test_every_choice_begins_with_words(signed_in: Any) -> None:
    client = signed_in("manager")
    kinds = [(room.slug, resource.slug) for room in ROOMS for resource in room.resources]
    pages = {
        kind: client.get(reverse("programme:record-create", args=kind)).content.decode() for kind in kinds
    }
    assert [kind for kind, page in pages.items() if "---------" in page] == []
    assert "Choose a level" in pages["profiles", "register"]


def test_a_tier_is_chosen_among_tiers_and_an_item_among_the_rest(cast: Cast, signed_in: Any) -> None:
    objective = FrameworkItemFactory(cast=cast, kind="objective")
    tier = FrameworkItemFactory(cast=cast, framework=objective.framework, code="T1", kind="tier")
    form = (
        signed_in("manager")
        .get(reverse("programme:record-create", args=["frameworks", "actions"]))
        .context["form"]
    )
    offered = {name: list(form.fields[name].queryset) for name in ("item", "tier")}
    assert offered == {"item": [objective], "tier": [tier]}
