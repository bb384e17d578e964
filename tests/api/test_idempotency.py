"""A request with an idempotency key is carried out once, whatever becomes of the connection."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory, force_authenticate

from actions.models import Action, ProgressUpdate
from actions.progress.api import UpdateList
from audit.actors import SYSTEM
from audit.models import Entry
from audit.services import verify
from desk.worker import WORK
from partners.models import User
from tests.actions.core.test_races import at_once
from tests.api.clients import API, System, system_of
from tests.api.test_updates import AMBER, GREEN, path
from tests.cast import AT, Cast
from tests.factories import ActionFactory
from web.endpoints import Endpoint
from web.idempotency import LONGEST_KEY
from web.middleware import RequestIdMiddleware
from web.models import StoredResponse
from web.services import STORED_FOR, delete_old_responses

SAME = ("Content-Type", "Location")


@pytest.fixture
def action(cast: Cast) -> Action:
    return ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])


def updates_added() -> int:
    """How many updates there are beside the one the action begins with."""
    return ProgressUpdate.objects.count() - 1


def is_replay_of(second: Any, first: Any) -> bool:
    assert "Idempotency-Replayed" not in first
    assert second["Idempotency-Replayed"] == "true"
    assert [second.get(name) for name in SAME] == [first.get(name) for name in SAME]
    return (second.status_code, second.content) == (first.status_code, first.content)


# The same again ----------------------------------------------------------------------------------------------


def test_a_repeated_request_is_answered_again_and_not_carried_out_again(
    council: System, action: Action
) -> None:
    first = council.once(path(action), GREEN)
    entries = Entry.objects.count()
    assert is_replay_of(council.once(path(action), GREEN), first)
    assert first.status_code == 201
    assert (updates_added(), Entry.objects.count()) == (1, entries)


def test_a_body_is_known_by_what_it_says(council: System, action: Action) -> None:
    first = council.once(path(action), GREEN)
    otherwise = json.dumps(dict(reversed(GREEN.items())), indent=3)
    assert is_replay_of(council.once(path(action), otherwise), first)


def test_without_a_key_every_request_is_a_new_one(council: System, action: Action) -> None:
    assert [council.post(path(action), GREEN).status_code for _ in range(2)] == [201, 201]
    assert updates_added() == 2
    assert not StoredResponse.objects.exists()


def test_a_new_key_is_a_new_request(council: System, action: Action) -> None:
    assert [council.once(path(action), GREEN, key).status_code for key in ("a", "b")] == [201, 201]
    assert updates_added() == 2


def test_a_key_belongs_to_its_caller(cast: Cast, council: System, action: Action) -> None:
    other = system_of(cast, cast.bradford_district, "District system")
    assert [system.once(path(action), GREEN).status_code for system in (council, other)] == [201, 201]
    assert updates_added() == 2


@pytest.mark.parametrize("body", [AMBER, GREEN | {"percent": 61}, {**GREEN, "version": 5}, [], {}])
def test_a_key_with_another_body_is_refused(council: System, action: Action, body: Any) -> None:
    first = council.once(path(action), GREEN)
    response = council.once(path(action), body)
    assert (response.status_code, response.json()["type"]) == (422, "/problems/idempotency-key")
    assert updates_added() == 1
    assert is_replay_of(council.once(path(action), GREEN), first)


def test_a_key_with_another_address_is_refused(cast: Cast, council: System, action: Action) -> None:
    other = ActionFactory(cast=cast, in_progress=True, ref="WY20-02", supporting=[cast.wakefield_council])
    council.once(path(action), GREEN)
    response = council.once(path(other), GREEN)
    assert (response.status_code, response.json()["type"]) == (422, "/problems/idempotency-key")


# Refusals ----------------------------------------------------------------------------------------------------


def test_a_refusal_is_recorded_and_its_changes_roll_back(cast: Cast, council: System, action: Action) -> None:
    waiting = ActionFactory(
        cast=cast, awaiting_assurance=True, ref="WY20-02", supporting=[cast.wakefield_council]
    )
    updates, entries = ProgressUpdate.objects.count(), Entry.objects.count()
    for address, body, status in (
        (path(waiting), GREEN, 422),
        (path(action), {"rag": "green"}, 400),
        ("/actions/0/updates/", GREEN, 404),
        (path(action), GREEN | {"version": 1}, 412),
    ):
        first = council.once(address, body, f"key-{status}")
        assert first.status_code == status
        assert first["Content-Type"] == "application/problem+json"
        assert is_replay_of(council.once(address, body, f"key-{status}"), first)
    assert (ProgressUpdate.objects.count(), Entry.objects.count()) == (updates, entries)
    assert StoredResponse.objects.count() == 4


class Halfhearted(UpdateList):
    """Says where an action stands, and then refuses."""

    def post(self, request: Request, pk: int) -> Response:
        super().post(request, pk)
        return Response({}, 422)


def test_changes_before_a_refusal_roll_back(cast: Cast, action: Action) -> None:
    request = APIRequestFactory().post("/", GREEN, format="json", headers={"idempotency-key": "key-1"})
    force_authenticate(request, cast.wakefield_contact)
    assert Halfhearted.as_view()(request, pk=action.pk).status_code == 422
    assert (updates_added(), StoredResponse.objects.count()) == (0, 1)


@pytest.mark.parametrize("key", ["", "  ", "two words", "x" * (LONGEST_KEY + 1), "schlüssel"])
def test_a_key_that_is_none_is_refused_by_name(council: System, action: Action, key: str) -> None:
    response = council.once(path(action), GREEN, key)
    assert response.status_code == 400
    (error,) = response.json()["errors"]
    assert error["header"] == "Idempotency-Key"
    assert updates_added() == 0


def test_the_longest_key_is_accepted(council: System, action: Action) -> None:
    assert council.once(path(action), GREEN, "x" * LONGEST_KEY).status_code == 201


def test_a_caller_without_rights_stores_no_key(cast: Cast, action: Action) -> None:
    reader = system_of(cast, cast.wakefield_council, "Reader", scopes=["actions:read"])
    assert reader.once(path(action), GREEN).status_code == 403
    headers = {"idempotency-key": "key-1"}
    stranger = Client().post(f"{API}{path(action)}", GREEN, content_type="application/json", headers=headers)
    assert stranger.status_code == 401
    assert not StoredResponse.objects.exists()


def test_a_body_that_cannot_be_read_leaves_no_key_behind(council: System, action: Action) -> None:
    assert council.once(path(action), b"{").status_code == 400
    assert council.once(path(action), GREEN).status_code == 201


def test_a_server_error_is_not_stored(
    council: System, action: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**arguments: Any) -> None:
        raise ZeroDivisionError

    council.headers()
    council.http.raise_request_exception = False
    with monkeypatch.context() as patch:
        patch.setattr("actions.progress.api.report_progress", fail)
        assert council.once(path(action), GREEN).status_code == 500
    assert not StoredResponse.objects.exists()
    assert council.once(path(action), GREEN).status_code == 201


# Uploads -----------------------------------------------------------------------------------------------------


class Counting(Endpoint):
    """Takes a file and answers how many it took."""

    permission_classes = [IsAuthenticated]
    parser_classes = [MultiPartParser]
    uploads: list[bytes] = []

    def post(self, request: Request) -> Response:
        self.uploads.append(request.data["file"].read())
        return Response({"taken": len(self.uploads)}, 201)


def test_a_form_is_known_by_its_fields_and_the_content_of_its_files(cast: Cast) -> None:
    def send(content: bytes, title: str = "List", name: str = "list.csv") -> Any:
        form = {"title": title, "file": SimpleUploadedFile(name, content)}
        request = APIRequestFactory().post(
            "/api/v1/files/", form, format="multipart", headers={"idempotency-key": "key-1"}
        )
        force_authenticate(request, cast.wakefield_contact)
        return Counting.as_view()(request)

    Counting.uploads.clear()
    first = send(b"a,b\n1,2\n")
    assert is_replay_of(send(b"a,b\n1,2\n"), first)
    for other in (send(b"a,b\n1,3\n"), send(b"a,b\n1,2\n", "Other"), send(b"a,b\n1,2\n", name="other.csv")):
        assert other.status_code == 422
    assert Counting.uploads == [b"a,b\n1,2\n"]


class Emptying(Endpoint):
    """Does something and has nothing to say of it."""

    permission_classes = [IsAuthenticated]

    def post(self, request: Request) -> Response:
        return Response(status=204)


def test_an_answer_without_a_body_is_repeated_without_one(cast: Cast) -> None:
    def send() -> Any:
        request = APIRequestFactory().post("/", {}, format="json", headers={"idempotency-key": "key-1"})
        force_authenticate(request, cast.wakefield_contact)
        return Emptying.as_view()(request)

    first = send()
    second = send()
    assert is_replay_of(second, first)
    assert (second.status_code, second.content, "Content-Type" in second) == (204, b"", False)


# Death and races ---------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_request_that_dies_after_its_commit_is_answered_when_it_is_repeated(
    council: System, action: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer is ready and the change is committed: there the process ends, and nothing reaches the caller."""
    council.headers()
    responses: list[Any] = []

    def die(middleware: RequestIdMiddleware, request: Any) -> Any:
        response = middleware.get_response(request)
        assert not connection.in_atomic_block
        responses.append(response)
        raise ConnectionResetError

    with monkeypatch.context() as patch, pytest.raises(ConnectionResetError):
        patch.setattr(RequestIdMiddleware, "__call__", die)
        council.once(path(action), GREEN)
    assert updates_added() == 1
    assert is_replay_of(council.once(path(action), GREEN), responses[0])
    assert updates_added() == 1


@pytest.mark.django_db(transaction=True)
def test_a_request_that_dies_before_its_commit_is_carried_out_when_it_is_repeated(
    council: System, action: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(**arguments: Any) -> None:
        raise ConnectionResetError

    council.headers()
    with monkeypatch.context() as patch, pytest.raises(ConnectionResetError):
        patch.setattr("web.idempotency.store_response", die)
        council.once(path(action), GREEN)
    assert updates_added() == 0
    assert council.once(path(action), GREEN).status_code == 201
    assert updates_added() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_equal_requests_at_once_one_is_carried_out_and_both_are_answered(
    cast: Cast, council: System, action: Action
) -> None:
    def send() -> Callable[[], Any]:
        headers = council.headers(**{"idempotency-key": "key-1"})
        address = f"{API}{path(action)}"
        return lambda: Client().post(address, GREEN, content_type="application/json", headers=headers)

    answers = at_once(send(), send(), send())
    assert [answer.status_code for answer in answers] == [201, 201, 201]
    assert len({answer.content for answer in answers}) == 1
    assert sorted(answer.get("Idempotency-Replayed", "") for answer in answers) == ["", "true", "true"]
    assert updates_added() == 1
    assert verify(ledger=cast.yorkshire.ledger).ok


@pytest.mark.django_db(transaction=True)
def test_of_two_requests_with_one_key_at_once_the_later_is_refused(council: System, action: Action) -> None:
    def send(body: Any) -> Callable[[], Any]:
        headers = council.headers(**{"idempotency-key": "key-1"})
        address = f"{API}{path(action)}"
        return lambda: Client().post(address, body, content_type="application/json", headers=headers)

    answers = at_once(send(GREEN), send(AMBER))
    assert sorted(answer.status_code for answer in answers) == [201, 422]
    assert updates_added() == 1


# Keeping -----------------------------------------------------------------------------------------------------


def test_responses_are_stored_for_two_days(council: System, action: Action) -> None:
    council.once(path(action), GREEN)
    assert delete_old_responses(actor=SYSTEM, at=AT + STORED_FOR) == 0
    assert delete_old_responses(actor=SYSTEM, at=AT + STORED_FOR + timedelta(seconds=1)) == 1
    assert (STORED_FOR.days, STORED_FOR.seconds) == (2, 0)


def test_the_housekeeping_of_every_day_forgets_them(
    council: System, action: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    council.once(path(action), GREEN)
    monkeypatch.setattr("desk.worker.call_command", lambda command, **options: None)
    later = AT + STORED_FOR + timedelta(hours=1)
    result, is_done = WORK["housekeeping"](later)
    assert (is_done, "1 answers" in result) == (True, True)
    assert not StoredResponse.objects.exists()


def test_nothing_else_about_a_caller_is_stored(cast: Cast, council: System, action: Action) -> None:
    council.once(path(action), GREEN)
    stored = StoredResponse.objects.get()
    assert stored.caller == str(User.objects.get(pk=council.client.user_id).pk)
    assert set(stored.headers) == {"Content-Type", "Location"}
