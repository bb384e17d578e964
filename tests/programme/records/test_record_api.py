"""Records in the API: read, added and corrected by the organisation that they are about."""

from typing import Any

import pytest

from programme.models import Attendance, TrainingEvent
from tests.api.asking import places, problem, results
from tests.api.clients import System, system_of
from tests.cast import Cast
from tests.exchange.changes.reading import changes
from tests.programme.factories import (
    AttendanceFactory,
    MeasureFactory,
    TrainingEventFactory,
    TrainingProgrammeFactory,
)

SCOPES = ["programme:read", "programme:write"]


@pytest.fixture
def council(cast: Cast) -> System:
    return system_of(cast, cast.wakefield_council, scopes=SCOPES)


def body(cast: Cast, **fields: Any) -> dict[str, Any]:
    return {
        "event": TrainingEventFactory(cast=cast).pk,
        "organisation": cast.wakefield_council.pk,
        "people": 24,
        "source": "Register of the day",
        "as_at": "2020-06-18",
        **fields,
    }


def test_a_partner_adds_its_attendance_and_reads_it_back(cast: Cast, council: System) -> None:
    response = council.post("/attendances/", body(cast))
    assert response.status_code == 201, response.content
    payload = response.json()
    assert (payload["people"], payload["people_qualifier"], payload["publication"]) == (
        24,
        "exactly",
        "undecided",
    )
    assert payload["organisation"] == {"id": cast.wakefield_council.pk, "name": "Wakefield Council"}
    assert payload["event"]["title"] == "Champions launch"
    assert response["Location"] == payload["links"]["self"]
    assert results(council.get("/attendances/")) == [payload]


@pytest.mark.parametrize(
    ("fields", "place", "message"),
    [
        ({"people": "24"}, "#/people", "A valid integer is required"),
        ({"people": None}, "#/people", "Enter a number, or choose “Unknown”"),
        ({"people_qualifier": "roughly"}, "#/people_qualifier", "Choose one of"),
        ({"event": 9_000_000}, "#/event", "There is no such training event"),
        ({"as_at": "2020-06-20"}, "#/as_at", "today or in the past"),
        ({"publication": "publish"}, "#/publication", "Unknown field"),
        ({"colour": "red"}, "#/colour", "Unknown field"),
    ],
)
def test_each_error_names_its_field(
    cast: Cast, council: System, fields: dict[str, Any], place: str, message: str
) -> None:
    response = council.post("/attendances/", body(cast, **fields))
    assert message in places(response)[place]
    assert not Attendance.objects.exists()


def test_a_partner_records_nothing_for_another_organisation(cast: Cast, council: System) -> None:
    response = council.post("/attendances/", body(cast, organisation=cast.leeds_district.pk))
    problem(response, 403, "forbidden")
    assert not Attendance.objects.exists()


def test_a_correction_is_a_new_record_that_names_the_old_one(cast: Cast, council: System) -> None:
    old = council.post("/attendances/", body(cast)).json()
    response = council.post(f"/attendances/{old['id']}/correct/", {"people": 26})
    assert response.status_code == 201, response.content
    payload = response.json()
    assert (payload["people"], payload["source"], payload["supersedes"]) == (
        26,
        "Register of the day",
        old["id"],
    )
    assert results(council.get("/attendances/")) == [payload]
    assert council.get(f"/attendances/{old['id']}/").json()["people"] == 24
    again = council.post(f"/attendances/{old['id']}/correct/", {"people": 27})
    assert again.status_code == 422


def test_another_partners_record_is_read_and_not_corrected(cast: Cast, council: System) -> None:
    row = AttendanceFactory(cast=cast)
    assert council.get(f"/attendances/{row.pk}/").status_code == 200
    assert council.post(f"/attendances/{row.pk}/correct/", {"people": 1}).status_code == 403


def test_a_partner_adds_an_event_of_its_own_and_changes_it_in_place(cast: Cast, council: System) -> None:
    fields = {"title": "Prevent forum", "kind": "forum", "starts_on": "2020-02-04", "source": "Calendar"}
    fields |= {"host": cast.wakefield_council.pk, "as_at": "2020-02-05"}
    made = council.once("/training-events/", fields)
    assert made.status_code == 201, made.content
    assert council.once("/training-events/", fields).json() == made.json()
    path = f"/training-events/{made.json()['id']}/"
    held = {"state": "held", "attended": 30, "attended_qualifier": "about"}
    problem(council.patch(path, held), 428, "precondition-required")
    tag = council.get(path)["ETag"]
    changed = council.patch(path, held, tag)
    assert changed.status_code == 200, changed.content
    assert (changed.json()["state"], changed.json()["attended"]) == ("held", 30)
    problem(council.patch(path, held, tag), 412, "precondition-failed")
    wrong = council.patch(path, {"ends_on": "2020-02-03"}, changed["ETag"])
    assert "must not be before the first" in places(wrong)["#/ends_on"]
    moved = {"host": cast.leeds_district.pk}
    problem(council.patch(path, moved, changed["ETag"]), 403, "forbidden")
    row = TrainingEvent.objects.get()
    assert (row.host, row.version) == (cast.wakefield_council, 2)


def test_a_partner_changes_no_event_of_another_host(cast: Cast, council: System) -> None:
    row = TrainingEventFactory(cast=cast)
    path = f"/training-events/{row.pk}/"
    tag = council.get(path)["ETag"]
    problem(council.patch(path, {"title": "Mine"}, tag), 403, "forbidden")


def test_a_correction_compares_the_version_that_was_read(cast: Cast, council: System) -> None:
    row = AttendanceFactory(cast=cast, organisation=cast.wakefield_council)
    path = f"/attendances/{row.pk}/"
    stale, fresh = '"of another day"', council.get(path)["ETag"]
    problem(council.post(f"{path}correct/", {"people": 1}, **{"if-match": stale}), 412, "precondition-failed")
    assert council.post(f"{path}correct/", {"people": 1}, **{"if-match": fresh}).status_code == 201


def test_a_number_that_cannot_be_is_refused_at_its_field(cast: Cast, council: System) -> None:
    sent = {"organisation": cast.wakefield_council.pk, "source": "Register", "as_at": "2020-04-01"}
    sent |= {"period_from": "2020-01-01", "period_to": "2020-03-31"}
    completion = {"programme": TrainingProgrammeFactory(cast=cast).pk, "eligible": 10, "completed": 12}
    reading = {"measure": MeasureFactory(cast=cast).pk, "number": None, "number_qualifier": "exactly"}
    for path, fields, place, message in (
        ("completions", completion, "#/completed", "More people completed this than were eligible"),
        ("readings", reading, "#/number", "Enter a number"),
    ):
        assert message in places(council.post(f"/{path}/", sent | fields))[place]


def test_a_list_is_filtered_and_searched(cast: Cast, council: System) -> None:
    row = AttendanceFactory(cast=cast)
    AttendanceFactory(cast=cast, event=row.event, organisation=cast.leeds_district)
    for query in ({"q": "bradford"}, {"organisation": cast.bradford_district.pk}):
        assert [each["id"] for each in results(council.get("/attendances/", **query))] == [row.pk]


def test_personal_data_is_asked_about(cast: Cast, council: System) -> None:
    form_data = body(cast, note="Call 07700 900123 for the register.")
    response = council.post("/attendances/", form_data)
    assert response.json()["type"] == "/problems/personal-data"
    form_data["keep_personal_data_reason"] = "It is the office's own number."
    assert council.post("/attendances/", form_data).status_code == 201


def test_the_feed_tells_of_it_to_who_may_read_it(cast: Cast) -> None:
    row = AttendanceFactory(cast=cast)
    types_by_scope = {
        scope: {
            (change.subject.type, change.subject.id) for change in changes(cast.leeds_spoc, scopes=[scope])
        }
        for scope in ("programme:read", "actions:read")
    }
    assert ("attendance", str(row.pk)) in types_by_scope["programme:read"]
    assert ("attendance", str(row.pk)) not in types_by_scope["actions:read"]
