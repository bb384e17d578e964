"""GET /changes/ as a partner's system meets it."""

from typing import Any

import pytest
from django.urls import resolve, reverse

from actions.actions.services import edit_action
from actions.models import Action
from exchange.changes.services.cursors import Cursor
from exchange.changes.services.items import ROUTES
from exchange.changes.services.kinds import KINDS
from partners.models import ApiClient
from tests.api.clients import API, System, system_of
from tests.api.test_description import described, validate
from tests.cast import AT, Cast
from tests.factories import ActionFactory

__all__ = ["described"]
SCOPES = ["actions:read", "changes:read", "updates:write"]


@pytest.fixture(autouse=True)
def secrets_hash_quickly(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def follower(cast: Cast) -> System:
    """Wakefield council's system, which follows what changes."""
    return system_of(cast, cast.wakefield_council, scopes=SCOPES)


def test_a_system_follows_what_changes_and_reads_it_at_the_address_in_the_feed(
    cast: Cast, follower: System, described: dict[str, Any]
) -> None:
    start = follower.get("/changes/", after="now").json()
    assert (start["results"], start["more"], start["reach_changed"]) == ([], False, False)
    action = ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    body = {"narrative": "Trained.", "rag": "green", "percent": 60}
    update = follower.post(f"/actions/{action.pk}/updates/", body).json()
    page = follower.get("/changes/", after=start["cursor"], page_size="2").json()
    validate(described, "Changes", page)
    assert (page["more"], [each["kind"] for each in page["results"]]) == (True, ["gained", "changed"])
    rest = follower.get("/changes/", after=page["cursor"]).json()
    validate(described, "Changes", rest)
    *_, recorded, reported = rest["results"]
    assert (recorded["subject"]["type"], recorded["subject"]["address"], recorded["own"]) == (
        "update",
        update["links"]["self"],
        True,
    )
    assert (reported["verb"], reported["subject"]["ref"]) == ("action.reported", "WY20-01")
    assert (
        follower.get(reported["subject"]["address"].partition("/api/v1")[2]).json()["version"]
        == reported["version"]
    )
    assert not any("Trained" in str(value) or action.title in str(value) for value in (page, rest))
    again = follower.get("/changes/", after=rest["cursor"]).json()
    assert again == {"results": [], "cursor": rest["cursor"], "more": False, "reach_changed": False}


@pytest.mark.parametrize("kind", ROUTES)
def test_every_address_in_the_feed_is_served(kind: str) -> None:
    name, ids = ROUTES[kind]
    assert kind in {known.name for known in KINDS.values()}
    assert resolve(reverse(f"api:{name}", args=[1] * len(ids))).url_name == name


def test_a_lost_action_is_named_by_its_id_alone(cast: Cast, follower: System) -> None:
    action = ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    start = follower.get("/changes/", after="now").json()["cursor"]
    edit_action(actor=cast.manager, action=Action.objects.get(pk=action.pk), supporting=[], at=AT)
    (lost,) = follower.get("/changes/", after=start).json()["results"]
    assert lost["subject"] == {"type": "action", "id": action.pk, "ref": None, "address": None}
    assert lost["kind"] == "lost"


def test_a_token_follows_what_its_scopes_let_it_read(cast: Cast) -> None:
    ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    bare = system_of(cast, cast.wakefield_council, "Bare", scopes=["changes:read"])
    start = bare.get("/changes/").json()
    assert start["results"] == []
    ApiClient.objects.filter(pk=bare.client.pk).update(scopes="actions:read changes:read")
    bare.token = ""
    page = bare.get("/changes/", after=start["cursor"]).json()
    assert page["reach_changed"]
    assert bare.get("/changes/").json()["results"]
    without = system_of(cast, cast.wakefield_council, "Without", scopes=["actions:read"])
    assert without.get("/changes/").status_code == 403


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({"after": "nonsense"}, "after"),
        ({"page_size": "0"}, "page_size"),
        ({"page_size": "501"}, "page_size"),
        ({"page_size": "x"}, "page_size"),
        ({"since": "yesterday"}, "since"),
    ],
)
def test_each_error_names_its_field(
    cast: Cast, signed_in: Any, query: dict[str, str], parameter: str
) -> None:
    response = signed_in("manager").get(f"{API}/changes/", query)
    assert response.status_code == 400
    assert [each["parameter"] for each in response.json()["errors"]] == [parameter]


def test_a_cursor_ahead_of_the_record_is_refused(cast: Cast, signed_in: Any) -> None:
    ahead = str(Cursor({cast.yorkshire.pk: 10**9}))
    response = signed_in("manager").get(f"{API}/changes/", {"after": ahead})
    assert (response.status_code, response.json()["errors"][0]["parameter"]) == (400, "after")
