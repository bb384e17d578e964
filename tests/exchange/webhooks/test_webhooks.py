"""Webhooks from registration to delivery: signed, in order, at least once, told when they stop."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from standardwebhooks.webhooks import Webhook as Verifier
from standardwebhooks.webhooks import WebhookVerificationError

from actions.actions.services import edit_action
from actions.models import Action
from audit.actors import SYSTEM
from audit.services import verify
from exchange.webhooks.models import Webhook, WebhookDelivery
from exchange.webhooks.services.delivering import (
    PATIENCE,
    WAITS,
    deliver_next,
    prune_deliveries,
    release,
)
from exchange.webhooks.services.registering import (
    change_address,
    pause_webhook,
    register_webhook,
    remove_webhook,
    resume_webhook,
    rotate_secret,
)
from exchange.webhooks.services.replaying import replay_delivery, replay_from
from exchange.webhooks.services.secrets import decrypt
from exchange.webhooks.tasks import enqueue_due_webhooks
from partners.clients.services.clients import create_client, deactivate_client
from partners.models import ApiClient
from standards.marking import Marking
from tests.cast import AT, Cast
from tests.exchange.webhooks.receiving import HOST, OTHER, Receiver, names, receiver
from tests.factories import ActionFactory

__all__ = ["names", "receiver"]
SCOPES = ["actions:read", "changes:read", "webhooks:write"]


def client_of(cast: Cast, name: str = "Case system", scopes: list[str] = SCOPES) -> ApiClient:
    made, _ = create_client(
        actor=cast.manager, organisation=cast.wakefield_council, name=name, scopes=scopes, at=AT
    )
    return made


@pytest.fixture
def hook(cast: Cast, receiver: Receiver) -> Webhook:
    """Wakefield council's system is told of changes from now on."""
    return register_webhook(actor=cast.manager, client=client_of(cast), url=receiver.url, at=AT)[0]


def edited(cast: Cast, action: Action, **fields: Any) -> None:
    edit_action(actor=cast.manager, action=Action.objects.get(pk=action.pk), at=AT, **fields)


def run(hook: Webhook, at: datetime = AT) -> list[Any]:
    """What a worker does: one message after the other until there is none to send now."""
    outcomes = []
    while (outcome := deliver_next(actor=SYSTEM, webhook_id=hook.pk, at=at)) is not None:
        outcomes.append(outcome)
        if not outcome.is_delivered:
            break
    return outcomes


def verbs_in(receiver: Receiver, number: int = -1) -> list[tuple[str, str | None]]:
    data = json.loads(receiver.got[number][1])["data"]
    return [(change["verb"], change["subject"]["ref"]) for change in data["results"]]


# Delivering --------------------------------------------------------------------------------------------------


def test_a_message_is_signed_and_tells_what_the_feed_tells(cast: Cast, receiver: Receiver) -> None:
    hook, secret = register_webhook(actor=cast.manager, client=client_of(cast), url=receiver.url, at=AT)
    assert run(hook) == []
    ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    assert [outcome.status for outcome in run(hook)] == [204]
    ((headers, body),) = receiver.got
    Verifier(secret).verify(body, headers)
    assert (headers["host"], headers[":path"]) == (f"{HOST}:{receiver.port}", "/hooks?from=tracker")
    message = json.loads(body)
    assert (message["type"], message["data"]["reach_changed"]) == ("changes", False)
    assert ("action.created", "WY20-01") in verbs_in(receiver)
    assert "Brief the neighbourhood teams" not in body
    delivery = WebhookDelivery.objects.get()
    assert (delivery.delivered_at, delivery.body, delivery.message_id) == (AT, body, headers["webhook-id"])
    assert run(hook) == []
    with pytest.raises(WebhookVerificationError):
        Verifier(secret).verify(body.replace("WY20-01", "WY20-02"), headers)


def test_a_failed_message_is_retried_in_order_under_the_same_id(
    cast: Cast, hook: Webhook, receiver: Receiver
) -> None:
    receiver.answers = [500, 302, 200, 200]
    ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    assert [outcome.words for outcome in run(hook)] == ["Answered 500"]
    ActionFactory(cast=cast, in_progress=True, ref="WY20-02", supporting=[cast.wakefield_council])
    assert run(hook) == []
    delivery = WebhookDelivery.objects.get()
    assert delivery.next_attempt_at is not None
    assert timedelta(minutes=1) <= delivery.next_attempt_at - AT <= timedelta(minutes=1.1)
    (again,) = run(hook, AT + timedelta(minutes=2))
    assert "redirects are not followed" in again.words
    assert [outcome.status for outcome in run(hook, AT + timedelta(minutes=10))] == [200, 200]
    first, second, third, fourth = receiver.ids
    assert first == second == third != fourth
    assert receiver.got[0][1] == receiver.got[2][1]
    assert ("action.created", "WY20-02") in verbs_in(receiver)


def test_after_the_last_attempt_it_is_paused_for_people_to_see_and_resumed_where_it_stopped(
    cast: Cast, hook: Webhook, receiver: Receiver
) -> None:
    receiver.answers = [503] * 20
    ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    at, attempts = AT, 0
    while not Webhook.objects.get(pk=hook.pk).is_paused:
        attempts += len(run(hook, at))
        at = WebhookDelivery.objects.get().next_attempt_at or at
    assert attempts == len(WAITS) + 1
    assert timedelta(days=3) < at - AT < timedelta(days=5)
    paused = Webhook.objects.get(pk=hook.pk)
    assert paused.paused_because == "Answered 503; attempts: 10"
    assert run(hook, at + timedelta(days=9)) == []
    assert enqueue_due_webhooks(at=at + timedelta(days=9)) == []
    receiver.answers = []
    resume_webhook(actor=cast.manager, webhook=paused, at=at)
    assert [outcome.status for outcome in run(hook, at)] == [204]
    assert set(receiver.ids) == {receiver.ids[0]}
    assert verify(ledger=cast.yorkshire.ledger).problems == []


def test_a_receiver_that_answers_gone_gets_nothing_more(
    cast: Cast, hook: Webhook, receiver: Receiver
) -> None:
    receiver.answers = [410]
    ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    run(hook)
    assert Webhook.objects.get(pk=hook.pk).paused_because == "Answered 410; attempts: 1"


def test_a_message_that_became_sensitive_is_not_sent(cast: Cast, hook: Webhook, receiver: Receiver) -> None:
    """The body is written anew for each attempt."""
    receiver.answers = [500]
    action = ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    run(hook)
    assert "WY20-01" in receiver.got[0][1]
    edited(
        cast, action, supporting=[], marking=Marking.OFFICIAL_SENSITIVE, handling_instruction="Police only."
    )
    run(hook, AT + timedelta(minutes=2))
    assert receiver.ids[0] == receiver.ids[1]
    assert not any("WY20-01" in body for _, body in receiver.got[1:])
    assert [change["kind"] for change in json.loads(receiver.got[-1][1])["data"]["results"]] == ["lost"]


def test_a_worker_that_dies_after_sending_sends_again_under_the_same_id(
    cast: Cast, hook: Webhook, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    with monkeypatch.context() as patch:
        patch.setattr("exchange.webhooks.services.delivering._record", lambda *args, **kwargs: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            run(hook)
    assert run(hook, AT + timedelta(minutes=1)) == []
    assert [outcome.status for outcome in run(hook, AT + timedelta(minutes=3))] == [204]
    assert receiver.ids[0] == receiver.ids[1]


def test_the_connection_goes_to_the_address_that_was_checked(
    cast: Cast, hook: Webhook, receiver: Receiver, names: dict[str, str], settings: Any
) -> None:
    """A name that leads elsewhere by then, or answers for another host, is sent nothing."""
    ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    for ip in ("10.0.0.1", "169.254.169.254"):
        names[HOST] = ip
        assert deliver_next(actor=SYSTEM, webhook_id=hook.pk, at=AT).words.startswith(
            "This address is in a private"
        )
        WebhookDelivery.objects.update(next_attempt_at=AT)
    names[HOST] = "127.0.0.1"
    settings.WEBHOOK_ALLOWED_NETWORKS = []
    assert deliver_next(actor=SYSTEM, webhook_id=hook.pk, at=AT).status is None
    assert receiver.got == []


def test_a_certificate_for_another_name_is_not_accepted(
    cast: Cast, hook: Webhook, receiver: Receiver
) -> None:
    change_address(actor=cast.manager, webhook=hook, url=f"https://{OTHER}:{receiver.port}/hooks", at=AT)
    ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    (outcome,) = run(hook)
    assert "certificate was not accepted" in outcome.words
    assert receiver.got == []


# Keeping -----------------------------------------------------------------------------------------------------


def test_the_secret_is_stored_encrypted_and_outlives_a_change_of_the_key(
    cast: Cast, receiver: Receiver, settings: Any
) -> None:
    hook, secret = register_webhook(actor=cast.manager, client=client_of(cast), url=receiver.url, at=AT)
    assert secret.startswith("whsec_")
    assert secret not in hook.secret
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
    assert decrypt(hook.secret) == secret
    settings.SECRET_KEY_FALLBACKS = []
    ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    run(hook)
    assert "secret can no longer be read" in Webhook.objects.get(pk=hook.pk).paused_because
    entries = cast.yorkshire.ledger.entries.filter(target_type="exchange.webhook")
    assert not any(secret in str(entry.state) or "secret" in (entry.state or {}) for entry in entries)


def test_during_a_rotation_both_secrets_verify_and_after_it_the_new_one_alone(
    cast: Cast, receiver: Receiver
) -> None:
    hook, old = register_webhook(actor=cast.manager, client=client_of(cast), url=receiver.url, at=AT)
    hook, new = rotate_secret(actor=cast.manager, webhook=hook, overlap=timedelta(days=1), at=AT)
    ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    run(hook)
    for secret in (old, new):
        Verifier(secret).verify(receiver.got[0][1], receiver.got[0][0])
    ActionFactory(cast=cast, in_progress=True, ref="WY20-02", supporting=[cast.wakefield_council])
    run(hook, AT + timedelta(days=2))
    Verifier(new).verify(receiver.got[1][1], receiver.got[1][0])
    with pytest.raises(WebhookVerificationError):
        Verifier(old).verify(receiver.got[1][1], receiver.got[1][0])
    with pytest.raises(ValidationError, match="30 days"):
        rotate_secret(actor=cast.manager, webhook=hook, overlap=timedelta(days=31), at=AT)


def test_a_message_is_sent_again_and_so_is_everything_from_a_position(
    cast: Cast, hook: Webhook, receiver: Receiver
) -> None:
    start = hook.position
    ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    run(hook)
    delivery = WebhookDelivery.objects.get()
    replay_delivery(actor=cast.manager, delivery=delivery, at=AT)
    with pytest.raises(ValidationError, match="already waiting to be sent"):
        replay_delivery(actor=cast.manager, delivery=delivery, at=AT)
    run(hook)
    assert receiver.got[0][1] == receiver.got[1][1]
    hook.refresh_from_db()
    replay_from(actor=cast.manager, webhook=hook, position=start, at=AT)
    run(hook)
    assert receiver.ids[0] == receiver.ids[1] != receiver.ids[2]
    assert verbs_in(receiver, 0) == verbs_in(receiver, 2)
    with pytest.raises(ValidationError, match="Enter a position"):
        replay_from(actor=cast.manager, webhook=hook, position=10**9, at=AT)


def test_only_the_manager_and_the_client_itself_keep_it(cast: Cast, hook: Webhook) -> None:
    for person in (
        cast.auditor,
        cast.gold,
        cast.wakefield_contact,
        cast.leicestershire_manager,
        cast.stranger,
    ):
        for act in (pause_webhook, remove_webhook):
            with pytest.raises(PermissionDenied):
                act(actor=person, webhook=hook, at=AT)
    pause_webhook(actor=hook.client.user, webhook=hook, at=AT)
    with pytest.raises(ValidationError, match="already paused"):
        pause_webhook(actor=cast.manager, webhook=hook, at=AT)
    with pytest.raises(PermissionDenied):
        deliver_next(actor=cast.manager, webhook_id=hook.pk, at=AT)
    remove_webhook(actor=cast.manager, webhook=hook, at=AT)
    assert not Webhook.objects.exists()
    assert verify(ledger=cast.yorkshire.ledger).problems == []


def test_a_stopped_client_or_one_without_the_scope_has_no_webhook(
    cast: Cast, hook: Webhook, receiver: Receiver
) -> None:
    arguments = {"actor": cast.manager, "at": AT}
    with pytest.raises(ValidationError, match="changes:read"):
        register_webhook(client=client_of(cast, "Blind", ["actions:read"]), url=receiver.url, **arguments)
    with pytest.raises(ValidationError, match="already"):
        register_webhook(client=hook.client, url=receiver.url, **arguments)
    deactivate_client(client=hook.client, **arguments)
    ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    assert run(hook) == []
    with pytest.raises(ValidationError, match="stopped"):
        register_webhook(client=hook.client, url=f"{receiver.url}2", **arguments)


def test_a_removed_scope_is_reported_and_nothing_after_it(
    cast: Cast, hook: Webhook, receiver: Receiver
) -> None:
    ApiClient.objects.filter(pk=hook.client_id).update(scopes="actions:read webhooks:write")
    ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    run(hook)
    (message,) = [json.loads(body)["data"] for _, body in receiver.got]
    assert (message["results"], message["reach_changed"]) == ([], True)


# The worker --------------------------------------------------------------------------------------------------


def test_a_due_message_is_queued_once_until_its_worker_ends(
    cast: Cast, hook: Webhook, receiver: Receiver
) -> None:
    assert enqueue_due_webhooks(at=AT) == []
    ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    assert [enqueue_due_webhooks(at=AT) for _ in range(2)] == [[hook.pk], []]
    assert enqueue_due_webhooks(at=AT + PATIENCE) == [hook.pk]
    run(hook)
    release(actor=SYSTEM, webhook_id=hook.pk)
    assert enqueue_due_webhooks(at=AT) == []


def test_delivered_messages_are_forgotten_after_their_days(
    cast: Cast, hook: Webhook, receiver: Receiver, settings: Any
) -> None:
    ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    run(hook)
    late = AT + timedelta(days=settings.WEBHOOK_KEEP_DAYS)
    assert prune_deliveries(actor=SYSTEM, at=late) == 0
    assert prune_deliveries(actor=SYSTEM, at=late + timedelta(seconds=1)) == 1
