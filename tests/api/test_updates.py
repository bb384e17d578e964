"""A partner's system says where an action stands."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from actions.models import Action, ProgressUpdate
from audit.models import Entry
from tests.api.clients import API, System, system_of
from tests.cast import AT, Cast
from tests.factories import ActionFactory

GREEN = {"narrative": "Thirty council staff were trained.", "rag": "green", "percent": 60}
AMBER = GREEN | {"rag": "amber", "reason": "Two sessions fell out.", "path_to_green": "Booked again."}


@pytest.fixture
def action(cast: Cast) -> Action:
    return ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])


def path(action: Action) -> str:
    return f"/actions/{action.pk}/updates/"


def wrong(response: Any, status: int = 400) -> dict[str, str]:
    """The places a problem names, each with what is wrong there."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    return {error["pointer"]: error["detail"] for error in response.json()["errors"]}


# Saying ------------------------------------------------------------------------------------------------------


def test_an_update_is_recorded_as_the_clients(cast: Cast, council: System, action: Action) -> None:
    response = council.post(
        path(action), AMBER | {"next_steps": "Train fifteen more.", "period": "2020-06-01"}
    )
    assert response.status_code == 201, response.content
    row = response.json()
    assert response["Location"] == row["links"]["self"]
    assert council.http.get(response["Location"], headers=council.headers()).json() == row
    assert (row["state"], row["rag"], row["percent"], row["period"]) == (
        "in_progress",
        "amber",
        60,
        "2020-06-01",
    )
    assert row["author"]["name"] == "Case system (API client)"
    assert row["submitted_at"] == "2020-06-19T10:00:00+01:00"
    assert row["action"] == {"id": action.pk, "ref": "WY20-01", "version": action.version + 1}
    action.refresh_from_db()
    assert (action.rag, action.percent, str(action.last_reported_on)) == ("amber", 60, "2020-06-19")
    entries = Entry.objects.filter(verb__in=["progress.submitted", "action.reported"], actor_type="client")
    assert {(entry.verb, entry.target_id) for entry in entries} == {
        ("progress.submitted", str(row["id"])),
        ("action.reported", str(action.pk)),
    }
    assert {entry.request_id for entry in entries} == {response["X-Request-ID"]}


def test_text_is_stored_without_what_no_file_can_hold(council: System, action: Action) -> None:
    row = council.post(
        path(action), GREEN | {"narrative": "first\x0bsecond\ufffe\x1f", "next_steps": "a\x0cb"}
    ).json()
    assert (row["narrative"], row["next_steps"]) == ("first\nsecond", "a\nb")


def test_omitted_fields_stay_unchanged(council: System, action: Action) -> None:
    row = council.post(path(action), {"narrative": "Nothing new.", "rag": "green"}).json()
    assert (row["percent"], row["period"], row["next_steps"]) == (40, "2020-06-01", "")


def test_an_action_can_go_back_to_not_started(council: System, action: Action) -> None:
    row = council.post(path(action), {"narrative": "Never began.", "state": "not_started"}).json()
    assert (row["state"], row["rag"], row["percent"]) == ("not_started", None, 0)


def test_updates_are_listed_the_latest_first(council: System, action: Action) -> None:
    body = council.post(path(action), GREEN).json()
    rows = council.get(path(action)).json()["results"]
    assert [row["narrative"] for row in rows] == [GREEN["narrative"], "Two of five teams are briefed."]
    assert rows[0] == body
    assert council.get(f"{path(action)}{body['id']}/").json() == body


def test_a_mistake_is_put_right_by_another(council: System, action: Action) -> None:
    first = council.post(path(action), GREEN).json()
    second = council.post(path(action), GREEN | {"percent": 55, "corrects": first["id"]}).json()
    assert second["corrects"] == first["id"]
    assert council.get(f"{path(action)}{first['id']}/").json()["corrected_by"] == second["id"]
    again = council.post(path(action), GREEN | {"corrects": first["id"]})
    assert wrong(again) == {"#/corrects": "That update has already been corrected."}


def test_a_version_that_is_still_the_present_one_is_accepted(council: System, action: Action) -> None:
    version = council.get(f"/actions/{action.pk}/").json()["version"]
    assert council.post(path(action), GREEN | {"version": version}).status_code == 201


def test_a_stale_version_is_refused_as_a_stale_etag_is_and_writes_nothing(
    council: System, action: Action
) -> None:
    version = council.get(f"/actions/{action.pk}/").json()["version"]
    council.post(path(action), GREEN)
    response = council.post(path(action), GREEN | {"version": version})
    assert (response.status_code, response.json()["type"]) == (412, "/problems/precondition-failed")
    assert ProgressUpdate.objects.count() == 2


# What is refused ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"rag": "green"}, "#/narrative"),
        (GREEN | {"narrative": ""}, "#/narrative"),
        (GREEN | {"narrative": "  \n "}, "#/narrative"),
        (GREEN | {"narrative": None}, "#/narrative"),
        (GREEN | {"narrative": 5}, "#/narrative"),
        (GREEN | {"narrative": ["x"]}, "#/narrative"),
        (GREEN | {"narrative": "x" * 4001}, "#/narrative"),
        (GREEN | {"narrative": "a\x00b"}, "#/narrative"),
        (GREEN | {"next_steps": "x" * 2001}, "#/next_steps"),
        (AMBER | {"reason": "x" * 2001}, "#/reason"),
        (AMBER | {"reason": ""}, "#/reason"),
        (AMBER | {"path_to_green": " "}, "#/path_to_green"),
        ({"narrative": "Going on."}, "#/rag"),
        (GREEN | {"rag": "blue"}, "#/rag"),
        (GREEN | {"rag": ""}, "#/rag"),
        (GREEN | {"rag": 1}, "#/rag"),
        (GREEN | {"state": "not_started", "percent": 0}, "#/rag"),
        ({"narrative": "x", "state": "not_started", "percent": 5}, "#/percent"),
        (GREEN | {"state": "complete"}, "#/state"),
        (GREEN | {"state": None}, "#/state"),
        (GREEN | {"state": True}, "#/state"),
        (GREEN | {"percent": 101}, "#/percent"),
        (GREEN | {"percent": -1}, "#/percent"),
        (GREEN | {"percent": "60"}, "#/percent"),
        (GREEN | {"percent": 60.5}, "#/percent"),
        (GREEN | {"percent": True}, "#/percent"),
        (GREEN | {"percent": 10**40}, "#/percent"),
        (GREEN | {"period": "2020-06-02"}, "#/period"),
        (GREEN | {"period": "June"}, "#/period"),
        (GREEN | {"period": 20200601}, "#/period"),
        (GREEN | {"period": "2020-07-01"}, "#/period"),
        (GREEN | {"period": "9999-12-01"}, "#/period"),
        (GREEN | {"period": "0001-01-01"}, "#/period"),
        (GREEN | {"corrects": 999999}, "#/corrects"),
        (GREEN | {"corrects": "1"}, "#/corrects"),
        (GREEN | {"corrects": 2**70}, "#/corrects"),
        (GREEN | {"version": "1"}, "#/version"),
        (GREEN | {"version": 0}, "#/version"),
        (GREEN | {"colour": "red"}, "#/colour"),
        (GREEN | {"author": 1}, "#/author"),
        (GREEN | {"submitted_at": "2020-01-01"}, "#/submitted_at"),
    ],
)
def test_a_wrong_field_is_refused_by_name(
    council: System, action: Action, body: dict[str, Any], place: str
) -> None:
    assert list(wrong(council.post(path(action), body))) == [place]
    assert ProgressUpdate.objects.count() == 1


def test_every_wrong_field_is_named_at_once(council: System, action: Action) -> None:
    response = council.post(path(action), {"rag": "blue", "percent": "x", "colour": 1})
    assert set(wrong(response)) == {"#/rag", "#/percent", "#/colour", "#/narrative"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"text"',
        b"5",
        b"{'narrative': 'x'}",
        b'{"narrative": NaN}',
        b'{"narrative": "a", "narrative": "b", "rag": "green"}',
        b'{"narrative": "\xff"}',
        b"[" * 200_000,
        json.dumps(GREEN).encode("utf-16"),
        b'{"narrative": "x", "rag": "green", "percent": ' + b"9" * 5000 + b"}",
        b'{"narrative": "\\ud800", "rag": "green"}',
    ],
)
def test_a_body_that_is_no_json_object_is_refused(council: System, action: Action, body: bytes) -> None:
    response = council.post(path(action), body)
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert ProgressUpdate.objects.count() == 1


def test_a_body_beyond_all_measure_is_too_large(council: System, action: Action) -> None:
    response = council.post(path(action), GREEN | {"narrative": "x" * (3 * 1024 * 1024)})
    assert (response.status_code, response.json()["type"]) == (413, "/problems/too-large")


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "x"],
)
def test_another_media_type_is_not_read(council: System, action: Action, content_type: str) -> None:
    response = council.post(path(action), json.dumps(GREEN), content_type)
    assert (response.status_code, response["Content-Type"]) == (415, "application/problem+json")


def test_a_caller_without_rights_is_refused_before_the_body_is_read(council: System, action: Action) -> None:
    response = Client().post(f"{API}{path(action)}", b"{", content_type="application/json")
    assert response.status_code == 401


def test_an_update_of_another_action_cannot_be_corrected_here(
    cast: Cast, council: System, action: Action
) -> None:
    other = ActionFactory(cast=cast, in_progress=True, ref="WY20-02", supporting=[cast.wakefield_council])
    response = council.post(path(action), GREEN | {"corrects": other.updates.get().pk})
    assert wrong(response) == {"#/corrects": "This action has no such update."}
    assert council.get(f"{path(action)}{other.updates.get().pk}/").status_code == 404


def test_an_action_of_another_organisation_is_not_found(
    cast: Cast, council: System, leicester: System, action: Action
) -> None:
    other = ActionFactory(cast=cast, in_progress=True, ref="WY20-02")
    assert council.post(path(other), GREEN).status_code == 404
    assert leicester.post(path(action), GREEN).status_code == 404
    assert leicester.get(f"{path(action)}{action.updates.get().pk}/").status_code == 404


def test_an_action_that_waits_for_the_auditor_takes_no_update(cast: Cast, council: System) -> None:
    waiting = ActionFactory(cast=cast, awaiting_assurance=True, supporting=[cast.wakefield_council])
    response = council.post(path(waiting), GREEN)
    assert (response.status_code, response.json()["type"]) == (422, "/problems/unprocessable")
    assert "awaiting assurance" in response.json()["detail"]


def test_an_unallocated_action_takes_no_update(cast: Cast, council: System) -> None:
    loose = ActionFactory(cast=cast, unallocated=True, supporting=[cast.wakefield_council])
    assert council.post(path(loose), GREEN).status_code == 422


# People at the same door -------------------------------------------------------------------------------------


def test_a_person_reports_with_their_own_rights(cast: Cast, signed_in: Any, action: Action) -> None:
    response = signed_in("bradford_spoc").post(f"{API}{path(action)}", GREEN, content_type="application/json")
    assert response.status_code == 201
    assert Entry.objects.filter(verb="progress.submitted").latest("pk").actor_type == "user"


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("leeds_spoc", 403),
        ("auditor", 403),
        ("manager", 403),
        ("gold", 403),
        ("observer", 404),
        ("stranger", 404),
        ("administrator", 404),
        ("leicestershire_manager", 404),
        ("wakefield_contact", 201),
    ],
)
def test_a_reader_who_does_not_report_is_forbidden(
    signed_in: Any, action: Action, name: str, status: int
) -> None:
    response = signed_in(name).post(f"{API}{path(action)}", GREEN, content_type="application/json")
    assert response.status_code == status
    assert ProgressUpdate.objects.count() == (2 if status == 201 else 1)


def test_a_session_needs_the_csrf_token(cast: Cast, action: Action) -> None:
    person = Client(enforce_csrf_checks=True)
    person.force_login(cast.bradford_spoc, backend="allauth.account.auth_backends.AuthenticationBackend")
    address = f"{API}{path(action)}"
    refused = person.post(address, GREEN, content_type="application/json")
    assert (refused.status_code, refused["Content-Type"]) == (403, "application/problem+json")
    assert ProgressUpdate.objects.count() == 1
    person.get(f"{API}/docs/")
    token = person.cookies["csrftoken"].value
    accepted = person.post(address, GREEN, content_type="application/json", headers={"x-csrftoken": token})
    assert accepted.status_code == 201


def test_a_token_needs_no_csrf_token(cast: Cast, action: Action) -> None:
    system = system_of(cast, cast.wakefield_council)
    system.http = Client(enforce_csrf_checks=True)
    assert system.post(path(action), GREEN).status_code == 201


def test_time_is_the_servers(council: System, action: Action) -> None:
    council.post(path(action), GREEN)
    assert ProgressUpdate.objects.latest("pk").submitted_at - AT == timedelta(0)
