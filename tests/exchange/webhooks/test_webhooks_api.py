"""A partner's system that keeps its webhook by itself."""

from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook as Verifier

from exchange.webhooks.models import Webhook, WebhookDelivery
from partners.models import ApiClient
from tests.api.clients import API, System, system_of
from tests.api.test_description import described, validate
from tests.cast import Cast
from tests.exchange.webhooks.receiving import Receiver, names, receiver
from tests.exchange.webhooks.test_webhooks import run
from tests.factories import ActionFactory
from web.models import StoredResponse

__all__ = ["described", "names", "receiver"]
SCOPES = ["actions:read", "changes:read", "webhooks:write"]


@pytest.fixture
def system(cast: Cast) -> System:
    return system_of(cast, cast.wakefield_council, scopes=SCOPES)


def test_a_client_manages_its_webhook_by_api(
    cast: Cast, system: System, receiver: Receiver, described: dict[str, Any]
) -> None:
    made = system.post("/webhooks/", {"url": receiver.url})
    validate(described, "WebhookWithSecret", made.json())
    assert (made.status_code, made.json()["client"]["name"]) == (201, "Case system")
    path = f"/webhooks/{made.json()['id']}/"
    assert made["Location"].endswith(f"{API}{path}")
    ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    row = Webhook.objects.get()
    run(row)
    Verifier(made.json()["secret"]).verify(receiver.got[0][1], receiver.got[0][0])
    (message,) = system.get(f"{path}messages/").json()["results"]
    validate(described, "WebhookMessage", message)
    assert (message["message_id"], message["last_result"]) == (receiver.ids[0], "Answered 204")
    assert system.post(f"{path}messages/{message['id']}/replay/", {}).json()["delivered_at"] is None
    assert system.post(f"{path}messages/{message['id']}/replay/", {}).status_code == 422
    run(row)
    new = system.post(f"{path}secrets/", {"overlap_days": 0}).json()
    assert system.post(f"{path}replay/", {"position": 0}).json()["position"] == 0
    run(row)
    Verifier(new["secret"]).verify(receiver.got[-1][1], receiver.got[-1][0])
    assert receiver.ids[0] == receiver.ids[1] != receiver.ids[2]
    read = system.get(path)
    validate(described, "Webhook", read.json())
    assert "secret" not in read.json()
    assert system.post(f"{path}remove/", {}).status_code == 204
    assert system.get(path).status_code == 404


def test_it_is_paused_and_resumed_by_patch_and_moved_by_post(
    cast: Cast, system: System, receiver: Receiver
) -> None:
    path = f"/webhooks/{system.post('/webhooks/', {'url': receiver.url}).json()['id']}/"
    etag = system.get(path)["ETag"]
    paused = system.patch(path, {"paused": True}, etag)
    assert (paused.status_code, paused.json()["paused"]) == (200, True)
    assert system.patch(path, {"paused": False}, etag).status_code == 412
    assert system.patch(path, {"paused": True}, "*").status_code == 422
    resumed = system.patch(path, {"paused": False}, paused["ETag"])
    assert (resumed.status_code, resumed.json()["paused"]) == (200, False)
    assert system.patch(path, {}, "*").status_code == 400
    moved = system.post(f"{path}address/", {"url": f"{receiver.url}&more"})
    assert moved.json()["url"] == f"{receiver.url}&more"
    wrong = system.post(f"{path}address/", {"url": "https://127.0.0.1.nowhere.example.org/"})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (400, "#/url")


@pytest.mark.parametrize(
    "url",
    ["http://hooks.example.org/", "https://10.0.0.1/", "https://[::ffff:169.254.169.254]/", "", 5, None],
)
def test_an_address_that_will_not_do_is_named(cast: Cast, system: System, names: Any, url: Any) -> None:
    response = system.post("/webhooks/", {"url": url})
    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (400, "#/url")
    assert not Webhook.objects.exists()


def test_a_repeated_request_creates_one_webhook_and_stores_no_secret(
    cast: Cast, system: System, receiver: Receiver
) -> None:
    first = system.once("/webhooks/", {"url": receiver.url})
    again = system.once("/webhooks/", {"url": receiver.url})
    assert first.json()["secret"].startswith("whsec_")
    assert again.json() == {**first.json(), "secret": None}
    assert again["Idempotency-Replayed"] == "true"
    assert b"whsec_" not in bytes(StoredResponse.objects.get().body)
    assert Webhook.objects.count() == 1


@pytest.mark.parametrize("body", [{"colour": "red"}, [], b"{bad"])
def test_an_operation_without_fields_refuses_any(
    cast: Cast, system: System, receiver: Receiver, body: Any
) -> None:
    path = f"/webhooks/{system.post('/webhooks/', {'url': receiver.url}).json()['id']}/"
    assert system.post(f"{path}remove/", body).status_code == 400
    ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    run(Webhook.objects.get())
    (message,) = system.get(f"{path}messages/").json()["results"]
    assert system.post(f"{path}messages/{message['id']}/replay/", body).status_code == 400
    assert WebhookDelivery.objects.get().delivered_at is not None
    assert system.post(f"{path}remove/", b"").status_code == 204


def test_nobody_reaches_another_systems_webhook(cast: Cast, system: System, receiver: Receiver) -> None:
    row = system.post("/webhooks/", {"url": receiver.url}).json()
    sibling = system_of(cast, cast.wakefield_council, "Other system", scopes=SCOPES)
    foreign = system_of(cast, cast.city_council, "Foreign system", scopes=SCOPES)
    for other in (sibling, foreign):
        assert other.get("/webhooks/").json()["results"] == []
        assert other.get(f"/webhooks/{row['id']}/").status_code == 404
        assert other.post(f"/webhooks/{row['id']}/secrets/", {}).status_code == 404
        body = {"url": receiver.url, "client": row["client"]["id"]}
        assert other.post("/webhooks/", body).json()["errors"][0]["pointer"] == "#/client"


def test_the_manager_names_the_system(cast: Cast, system: System, receiver: Receiver, signed_in: Any) -> None:
    manager, url = signed_in("manager"), f"{API}/webhooks/"
    unnamed = manager.post(url, {"url": receiver.url}, content_type="application/json")
    assert unnamed.json()["errors"][0]["pointer"] == "#/client"
    client = ApiClient.objects.get()
    made = manager.post(url, {"url": receiver.url, "client": client.pk}, content_type="application/json")
    assert made.status_code == 201
    assert WebhookDelivery.objects.count() == 0
