"""A POST that says what was read changes nothing that somebody else changed since; a PATCH with a key is carried out once."""

from typing import Any

import pytest
from django.test import Client

from actions.actions.services import edit_action
from actions.models import Action
from audit import clock
from audit.models import Entry
from partners.scopes import SCOPES
from tests.actions.core.test_races import at_once
from tests.actions.dates.dates import ask, milestone
from tests.api.clients import API, System, system_of
from tests.cast import Cast
from tests.factories import ActionFactory

GREEN = {"narrative": "Thirty staff were trained.", "rag": "green", "percent": 60}
STALE = f'"{"0" * 64}"'
NOTE = {"note": "All 45 staff are trained."}


@pytest.fixture
def action(cast: Cast) -> Action:
    return ActionFactory(
        cast=cast, in_progress=True, lead=cast.wakefield_council, owner=cast.wakefield_contact
    )


@pytest.fixture
def system(cast: Cast) -> System:
    return system_of(cast, cast.wakefield_council, "Everything", scopes=list(SCOPES))


def post(system: System, path: str, body: Any, etag: str, **headers: str) -> Any:
    return system.post(path, body, **{"if-match": etag}, **headers)


def etag_of(system: System, path: str) -> str:
    tag: str = system.get(path)["ETag"]
    return tag


def steps(action: Action) -> list[tuple[str, Any, int]]:
    return [
        (f"/actions/{action.pk}/updates/", GREEN, 201),
        (f"/actions/{action.pk}/submit/", NOTE, 200),
        (f"/actions/{action.pk}/milestones/", {"title": "Step", "due": "2020-08-01"}, 201),
        (f"/actions/{action.pk}/date-requests/", {"new_due": "2020-11-30", "reason": "Ill."}, 201),
    ]


@pytest.mark.parametrize("step", range(4))
def test_an_action_is_changed_only_at_the_version_read(
    cast: Cast, system: System, action: Action, step: int
) -> None:
    path, body, status = steps(action)[step]
    read = etag_of(system, f"/actions/{action.pk}/")
    edit_action(actor=cast.manager, action=action, title="Meanwhile", at=clock.now())
    entries = Entry.objects.count()
    response = post(system, path, body, read)
    assert (response.status_code, response.json()["type"]) == (412, "/problems/precondition-failed")
    assert Entry.objects.count() == entries
    now = etag_of(system, f"/actions/{action.pk}/")
    assert post(system, path, body, f'"x", {now}').status_code == status


@pytest.mark.parametrize("step", range(4))
def test_a_version_in_the_body_is_the_same_precondition(system: System, action: Action, step: int) -> None:
    path, body, status = steps(action)[step]
    version = system.get(f"/actions/{action.pk}/").json()["version"]
    by_etag = post(system, path, body, STALE)
    by_version = system.post(path, body | {"version": version + 1})
    assert (by_version.status_code, by_version.json()["type"]) == (412, by_etag.json()["type"])
    assert system.post(path, body | {"version": version}).status_code == status


def test_a_star_means_whatever_it_is_now(system: System, action: Action) -> None:
    for path, body, status in steps(action)[:1]:
        assert post(system, path, body, "*").status_code == status
        assert post(system, path.replace(str(action.pk), "0"), body, "*").status_code == 404


def test_a_step_of_something_an_action_has_is_compared_with_that(
    cast: Cast, system: System, action: Action
) -> None:
    row = milestone(cast, action, actor=cast.wakefield_contact)
    request = ask(actor=cast.wakefield_contact, action=action)
    for above, step, body in (
        (f"/milestones/{row.pk}/", "reach/", {"reached_on": "2020-06-01"}),
        (f"/date-requests/{request.pk}/", "withdraw/", {"reason": "They are well again."}),
    ):
        assert post(system, above + step, body, STALE).status_code == 412
        assert post(system, above + step, body, etag_of(system, f"/actions/{action.pk}/")).status_code == 412
        assert post(system, above + step, body, etag_of(system, above)).status_code == 200


def test_a_weak_etag_is_refused_in_words(system: System, action: Action) -> None:
    tag = etag_of(system, f"/actions/{action.pk}/")
    path = f"/actions/{action.pk}/updates/"
    response = post(system, path, GREEN, f"W/{tag}")
    assert response.status_code == 412
    assert "strong" in response.json()["detail"]
    assert "W/" in response.json()["detail"]
    assert "strong" not in post(system, path, GREEN, STALE).json()["detail"]
    assert post(system, path, GREEN, f"W/{tag}, {tag}").status_code == 201


def test_creating_a_row_refuses_a_precondition(system: System, action: Action) -> None:
    body = {"mode": "each", "updates": [GREEN | {"action": action.pk}]}
    for path, new_body in (
        ("/updates/", body),
        ("/webhooks/", {"url": "https://93.184.215.14/hooks"}),
        (f"/actions/{action.pk}/evidence/", {"title": "Minutes", "link": "https://www.example.gov.uk/m"}),
    ):
        for etag in ("*", STALE):
            response = post(system, path, new_body, etag)
            assert (response.status_code, response.json()["errors"][0]["header"]) == (400, "If-Match")
    assert not action.updates.filter(narrative=GREEN["narrative"]).exists()


@pytest.mark.parametrize("etag", ["abc", "", "0"])
def test_a_precondition_that_is_none_is_refused_by_name(system: System, action: Action, etag: str) -> None:
    response = post(system, f"/actions/{action.pk}/updates/", GREEN, etag)
    assert (response.status_code, response.json()["errors"][0]["header"]) == (400, "If-Match")


def test_a_get_still_answers_when_the_disk_is_full(system: System, action: Action) -> None:
    place = f"{API}/actions/{action.pk}/"
    tag = etag_of(system, f"/actions/{action.pk}/")
    for if_match, status in ((tag, 200), ("*", 200), (STALE, 412), (f"W/{tag}", 412), ("abc", 400)):
        response = system.http.get(place, headers=system.headers(**{"if-match": if_match}))
        assert response.status_code == status, if_match
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_read_the_same_one_changes_it(system: System, action: Action) -> None:
    headers = system.headers(**{"if-match": etag_of(system, f"/actions/{action.pk}/")})
    address = f"{API}/actions/{action.pk}/updates/"

    def send() -> int:
        status: int = (
            Client().post(address, GREEN, content_type="application/json", headers=headers).status_code
        )
        return status

    assert sorted(at_once(send, send)) == [201, 412]


# Keys --------------------------------------------------------------------------------------------------------


def patch(system: System, path: str, body: Any, etag: str, key: str = "key-1") -> Any:
    headers = system.headers(**{"if-match": etag, "idempotency-key": key})
    return system.http.patch(f"{API}{path}", body, content_type="application/json", headers=headers)


def test_a_change_whose_answer_was_lost_is_answered_again(cast: Cast, system: System, action: Action) -> None:
    """The ETag that was sent holds no more, because of the change itself: that is no reason to refuse it."""
    path = f"/milestones/{milestone(cast, action, actor=cast.wakefield_contact).pk}/"
    read = etag_of(system, path)
    first = patch(system, path, {"title": "Another"}, read)
    entries = Entry.objects.count()
    again = patch(system, path, {"title": "Another"}, read)
    assert (first.status_code, again.status_code) == (200, 200)
    assert (again.content, again["ETag"]) == (first.content, first["ETag"])
    assert ("Idempotency-Replayed" in first, again["Idempotency-Replayed"]) == (False, "true")
    assert Entry.objects.count() == entries
    assert first["ETag"] == etag_of(system, path)


def test_a_key_with_another_change_or_another_etag_is_refused(
    cast: Cast, system: System, action: Action
) -> None:
    path = f"/milestones/{milestone(cast, action, actor=cast.wakefield_contact).pk}/"
    first = patch(system, path, {"title": "Another"}, etag_of(system, path))
    for body, etag in (({"title": "A third"}, first["ETag"]), ({"title": "Another"}, first["ETag"])):
        response = patch(system, path, body, etag)
        assert (response.status_code, response.json()["type"]) == (422, "/problems/idempotency-key")


def test_a_change_that_lacked_its_etag_is_sent_again_with_the_same_key(
    cast: Cast, system: System, action: Action
) -> None:
    path = f"/milestones/{milestone(cast, action, actor=cast.wakefield_contact).pk}/"
    headers = system.headers(**{"idempotency-key": "key-1"})
    fields = {"data": {"title": "Another"}, "content_type": "application/json", "headers": headers}
    assert system.http.patch(f"{API}{path}", **fields).status_code == 428
    assert patch(system, path, {"title": "Another"}, etag_of(system, path)).status_code == 200


def test_a_step_with_a_key_and_an_etag_runs_once(system: System, action: Action) -> None:
    read, path = etag_of(system, f"/actions/{action.pk}/"), f"/actions/{action.pk}/updates/"
    first, again = (post(system, path, GREEN, read, **{"idempotency-key": "key-1"}) for _ in range(2))
    assert (first.status_code, again.content) == (201, first.content)
    assert again["Idempotency-Replayed"] == "true"
    assert action.updates.filter(narrative=GREEN["narrative"]).count() == 1
