"""What was read is not sent twice, and what was not read is not overwritten."""

import time
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.http import HttpResponseBase
from django.test import Client
from django.urls import include, path
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from actions.actions.services import edit_action
from actions.models import Action
from audit import clock
from audit.models import Entry
from audit.services import verify
from tests.actions.core.test_races import at_once
from tests.api.clients import API, System
from tests.cast import Cast
from tests.factories import ActionFactory
from web.api import StrictSerializer, StrictText
from web.endpoints import Endpoint
from web.uploads import attachment_response

TITLE = "/api/v1/titles/{}/"
STALE = f'"{"0" * 64}"'


class TitleSerializer(StrictSerializer):
    title = StrictText(max_length=200)


class Title(Endpoint):
    """The title of an action, as the smallest thing that can be changed."""

    permission_classes = [IsAuthenticated]
    serializer_class = TitleSerializer

    def action(self) -> Action:
        self.queryset = Action.objects.visible_to(self.request.user, self.on)
        row: Action = self.get_object()
        return row

    def ledger_id(self) -> int:
        return self.action().partnership.ledger_id

    def get(self, request: Request, pk: int) -> Response:
        return Response({"title": self.action().title})

    def patch(self, request: Request, pk: int) -> Response:
        serializer = TitleSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        edit_action(actor=request.user, action=self.action(), at=clock.now(), **serializer.validated_data)
        if serializer.validated_data["title"] == "Refused afterwards":
            return Response({}, 422)
        return self.get(request, pk)


class File(Endpoint):
    permission_classes = [IsAuthenticated]
    takes_fields = False

    def get(self, request: Request) -> HttpResponseBase:
        response = attachment_response(ContentFile(b"a,b\n"), "list.csv", "text/csv")
        response["ETag"] = '"checksum"'
        return response


class Site:
    urlpatterns = [
        path("api/v1/titles/<int:pk>/", Title.as_view()),
        path("api/v1/file/", File.as_view()),
        path("", include("prevent_tracker.urls")),
    ]
    handler404 = "web.views.not_found"


@pytest.fixture
def action(cast: Cast) -> Action:
    return ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])


@pytest.fixture
def manager(signed_in: Any, settings: Any) -> Client:
    settings.ROOT_URLCONF = Site
    client: Client = signed_in("manager")
    return client


def patch(client: Client, action: Action, title: Any, **headers: str) -> Any:
    address, named = TITLE.format(action.pk), {name.replace("_", "-"): each for name, each in headers.items()}
    return client.patch(address, {"title": title}, content_type="application/json", headers=named)


# Reading -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/actions/", "/actions/{pk}/", "/plans/", "/actions/{pk}/updates/"])
def test_an_unchanged_row_answers_not_modified(council: System, action: Action, address: str) -> None:
    place = API + address.format(pk=action.pk)
    first = council.http.get(place, headers=council.headers())
    assert first["ETag"].startswith('"')
    for known in (first["ETag"], f'"x", W/{first["ETag"]}', "*"):
        again = council.http.get(place, headers=council.headers(**{"if-none-match": known}))
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
        assert again["Cache-Control"] == "no-store"
        assert "Content-Type" not in again
    for unknown in (STALE, "", "no quotes"):
        fresh = council.http.get(place, headers=council.headers(**{"if-none-match": unknown}))
        assert (fresh.status_code, fresh.content) == (200, first.content)


def test_a_head_tells_the_etag_of_the_get(council: System, action: Action) -> None:
    place = f"{API}/actions/{action.pk}/"
    head = council.http.head(place, headers=council.headers())
    assert head["ETag"] == council.http.get(place, headers=council.headers())["ETag"]


def test_the_etag_changes_only_with_the_response(cast: Cast, council: System, action: Action) -> None:
    def tag(**query: Any) -> str:
        etags: str = council.get(f"/actions/{action.pk}/", **query)["ETag"]
        return etags

    first = tag()
    pretty = council.http.get(
        f"{API}/actions/{action.pk}/", headers=council.headers(accept="application/json; indent=4")
    )
    assert tag() == pretty["ETag"] == first
    edit_action(actor=cast.manager, action=action, title="Another title", at=clock.now())
    assert tag() != first


def test_a_page_with_another_behind_it_is_the_same_a_minute_later(
    cast: Cast, council: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The link to the next page holds a signed cursor, and no time."""
    for ref in ("WY20-21", "WY20-22"):
        ActionFactory(cast=cast, in_progress=True, ref=ref, supporting=[cast.wakefield_council])
    first = council.get("/actions/", page_size=1)
    assert first.json()["next"]
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 60)
    assert council.get("/actions/", page_size=1)["ETag"] == first["ETag"]


def test_a_refusal_has_no_etag(council: System) -> None:
    assert "ETag" not in council.get("/actions/0/")


def test_a_file_has_its_own_etag(manager: Client) -> None:
    first = manager.get("/api/v1/file/")
    assert (b"".join(first.streaming_content), first["ETag"]) == (b"a,b\n", '"checksum"')
    assert manager.get("/api/v1/file/", headers={"if-none-match": '"checksum"'}).status_code == 304


# Changing ----------------------------------------------------------------------------------------------------


def test_a_row_is_changed_with_its_etag_and_the_response_has_the_next(
    manager: Client, action: Action
) -> None:
    read = manager.get(TITLE.format(action.pk))
    first = patch(manager, action, "A new title", if_match=read["ETag"])
    assert (first.status_code, first.json()) == (200, {"title": "A new title"})
    assert first["ETag"] == manager.get(TITLE.format(action.pk))["ETag"] != read["ETag"]
    assert patch(manager, action, "A third title", if_match=f'"x", {first["ETag"]}').status_code == 200


def test_without_a_precondition_nothing_is_changed(manager: Client, action: Action) -> None:
    response = patch(manager, action, "A new title")
    assert (response.status_code, response.json()["type"]) == (428, "/problems/precondition-required")
    action.refresh_from_db()
    assert action.title != "A new title"


@pytest.mark.parametrize("weaken", [False, True])
def test_a_row_changed_since_it_was_read_is_not_overwritten(
    cast: Cast, manager: Client, action: Action, weaken: bool
) -> None:
    tag = manager.get(TITLE.format(action.pk))["ETag"]
    if not weaken:
        edit_action(actor=cast.manager, action=action, title="Meanwhile", at=clock.now())
    entries = Entry.objects.count()
    response = patch(manager, action, "A new title", if_match=f"W/{tag}" if weaken else tag)
    assert (response.status_code, response.json()["type"]) == (412, "/problems/precondition-failed")
    assert Entry.objects.count() == entries


def test_a_star_means_whatever_it_is_now(manager: Client, action: Action) -> None:
    assert patch(manager, action, "A new title", if_match="*").status_code == 200


def test_a_precondition_that_is_none_is_refused_by_name(manager: Client, action: Action) -> None:
    response = patch(manager, action, "A new title", if_match="abc")
    assert (response.status_code, response.json()["errors"][0]["header"]) == (400, "If-Match")


def test_a_row_of_another_partnership_is_not_found_whatever_the_precondition(
    signed_in: Any, manager: Client, action: Action
) -> None:
    stranger = signed_in("leicestershire_manager")
    for headers in ({}, {"if_match": "*"}, {"if_match": STALE}):
        assert patch(stranger, action, "A new title", **headers).status_code == 404


@pytest.mark.parametrize(
    ("name", "title", "status"),
    [("manager", 5, 400), ("auditor", "A new title", 403), ("manager", "Refused afterwards", 422)],
)
@pytest.mark.usefixtures("manager")
def test_a_refusal_changes_nothing_and_has_no_etag(
    signed_in: Any, action: Action, name: str, title: Any, status: int
) -> None:
    entries = Entry.objects.count()
    response = patch(signed_in(name), action, title, if_match="*")
    assert (response.status_code, "ETag" in response) == (status, False)
    assert Entry.objects.count() == entries


@pytest.mark.django_db(transaction=True)
def test_of_two_who_read_the_same_one_changes_it(
    cast: Cast, signed_in: Any, manager: Client, action: Action
) -> None:
    tag = manager.get(TITLE.format(action.pk))["ETag"]
    clients = [(signed_in("manager"), title) for title in ("One", "The other")]
    statuses = at_once(
        *(lambda pair=pair: patch(pair[0], action, pair[1], if_match=tag).status_code for pair in clients)
    )
    assert sorted(statuses) == [200, 412]
    assert verify(ledger=cast.yorkshire.ledger).ok
