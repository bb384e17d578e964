"""Webhooks on the pages of the manager, who keeps them, and of the auditor, who reads."""

from typing import Any

import pytest
from django.urls import reverse
from standardwebhooks.webhooks import Webhook as Verifier

from exchange.webhooks.models import Webhook, WebhookDelivery
from tests.cast import Cast
from tests.exchange.webhooks.receiving import Receiver, names, receiver
from tests.exchange.webhooks.test_webhooks import client_of, hook, run
from tests.factories import ActionFactory

__all__ = ["hook", "names", "receiver"]


def secret_in(response: Any) -> str:
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    return response.content.decode().partition('id="secret" type="text" value="')[2].partition('"')[0]


def test_the_manager_registers_an_address_and_sees_the_secret_once(
    cast: Cast, receiver: Receiver, signed_in: Any
) -> None:
    client, manager = client_of(cast), signed_in("manager")
    made = manager.post(reverse("exchange:webhook-register"), {"client": client.pk, "url": receiver.url})
    secret = secret_in(made)
    row = Webhook.objects.get()
    ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    run(row)
    Verifier(secret).verify(receiver.got[0][1], receiver.got[0][0])
    page = manager.get(reverse("exchange:webhook", args=[row.pk])).content.decode()
    assert secret not in page
    assert "Answered 204" in page
    response = manager.get(reverse("exchange:delivery", args=[row.pk, row.deliveries.get().pk]))
    assert "WY20-01" in response.content.decode()


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("", "Enter address"),
        ("http://hooks.example.org/", "Enter an https address"),
        ("https://127.0.0.1/", "private or reserved network"),
        ("https://nowhere.example.org/", "host name does not exist"),
    ],
)
def test_an_address_that_will_not_do_is_refused_at_its_field(
    cast: Cast, names: Any, signed_in: Any, url: str, message: str
) -> None:
    form_data = {"client": client_of(cast).pk, "url": url}
    response = signed_in("manager").post(reverse("exchange:webhook-register"), form_data)
    assert response.status_code == 422
    assert message in response.content.decode()
    assert not Webhook.objects.exists()


def test_a_pause_is_shown_and_the_manager_resumes_it(
    cast: Cast, hook: Webhook, receiver: Receiver, signed_in: Any
) -> None:
    receiver.answers = [410]
    ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    run(hook)
    address = reverse("exchange:webhook", args=[hook.pk])
    for person in ("manager", "auditor"):
        listed = signed_in(person).get(reverse("exchange:webhook-list")).content.decode()
        assert "Paused" in listed
        assert "Answered 410" in signed_in(person).get(address).content.decode()
    manager = signed_in("manager")
    manager.post(reverse("exchange:webhook-resume", args=[hook.pk]))
    assert not Webhook.objects.get().is_paused
    assert "Resume" not in signed_in("auditor").get(address).content.decode()


def test_the_manager_changes_sends_again_and_removes(
    cast: Cast, hook: Webhook, receiver: Receiver, signed_in: Any
) -> None:
    manager, args = signed_in("manager"), [hook.pk]
    ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    run(hook)
    new = secret_in(manager.post(reverse("exchange:webhook-secret", args=args), {"overlap": "7"}))
    manager.post(reverse("exchange:delivery-replay", args=[hook.pk, WebhookDelivery.objects.get().pk]))
    run(hook)
    Verifier(new).verify(receiver.got[1][1], receiver.got[1][0])
    refused = manager.post(reverse("exchange:webhook-replay", args=args), {"position": "99999999"})
    assert refused.status_code == 422
    manager.post(reverse("exchange:webhook-replay", args=args), {"position": "0"})
    assert Webhook.objects.get().position == 0
    manager.post(reverse("exchange:webhook-address", args=args), {"url": f"{receiver.url}&more"})
    assert Webhook.objects.get().url.endswith("&more")
    manager.post(reverse("exchange:webhook-pause", args=args))
    assert manager.post(reverse("exchange:webhook-remove", args=args)).status_code == 302
    assert not Webhook.objects.exists()


def test_clients_with_the_same_name_are_shown_with_their_organisations(cast: Cast, signed_in: Any) -> None:
    client_of(cast)
    page = signed_in("manager").get(reverse("exchange:webhook-register")).content.decode()
    assert "Case system, Wakefield Council</option>" in page


def test_a_missing_end_date_of_a_secret_is_requested_plainly(hook: Webhook, signed_in: Any) -> None:
    response = signed_in("manager").post(reverse("exchange:webhook-secret", args=[hook.pk]), {"overlap": ""})
    assert response.status_code == 422
    assert "Select when the current secret should expire" in response.content.decode()


def test_the_menu_says_that_webhooks_belong_to_api_clients(cast: Cast, signed_in: Any) -> None:
    page = signed_in("manager").get(reverse("exchange:webhook-list")).content.decode()
    assert 'href="/api-clients/" aria-current="true"' in page
