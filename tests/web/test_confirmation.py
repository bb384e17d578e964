"""Whoever opens the account or the record to others confirms first who they are, unless they did so within 5 minutes."""

import time
from typing import Any

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.core.cache import cache
from django.test import Client

from desk.models import CalendarLink
from exchange.webhooks.models import Webhook
from exchange.webhooks.services.registering import register_webhook
from partners.clients.services.clients import create_client
from partners.models import ApiClient, PersonalToken, User
from tests.cast import AT, Cast

PASSWORD = "correct horse battery staple"
CONFIRM = "/accounts/reauthenticate/"
TOKEN = {
    "name": "Excel",
    "scopes": ["actions:read"],
    "expires_on_day": "30",
    "expires_on_month": "6",
    "expires_on_year": "2020",
}


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    cache.clear()


def sign_in(user: User, minutes_ago: int) -> Client:
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    client = Client()
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    session = client.session
    records = session[AUTHENTICATION_METHODS_SESSION_KEY]
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {**record, "at": time.time() - 60 * minutes_ago} for record in records
    ]
    session.save()
    return client


def asks(response: Any) -> bool:
    return response.status_code == 302 and response["Location"].startswith(CONFIRM)


def test_a_token_is_created_after_the_password_is_confirmed(cast: Cast) -> None:
    client = sign_in(cast.manager, minutes_ago=6)
    assert client.get("/account/tokens/").status_code == 200
    assert asks(client.post("/account/tokens/", TOKEN))
    wrong = client.post(CONFIRM, {"password": "wrong", "next": "/account/tokens/"})
    assert wrong.status_code == 200
    assert not PersonalToken.objects.exists()
    response = client.post(CONFIRM, {"password": PASSWORD, "next": "/account/tokens/"}, follow=True)
    assert "Access token for “Excel”" in response.content.decode()
    assert PersonalToken.objects.get().name == "Excel"


def test_a_sign_in_four_minutes_ago_is_enough(cast: Cast) -> None:
    client = sign_in(cast.manager, minutes_ago=4)
    assert "Access token for “Excel”" in client.post("/account/tokens/", TOKEN).content.decode()


def test_links_secrets_and_webhooks_ask_too(cast: Cast) -> None:
    client = sign_in(cast.manager, minutes_ago=6)
    system, _ = create_client(
        actor=cast.manager, organisation=cast.wakefield_council, name="Case", scopes=["changes:read"], at=AT
    )
    webhook, _ = register_webhook(actor=cast.manager, client=system, url="https://93.184.215.14/hooks", at=AT)
    assert client.get("/calendar/").status_code == 200
    assert asks(client.post("/calendar/", {"name": "Outlook"}))
    for address in (
        "/api-clients/register/",
        f"/api-clients/{system.pk}/secret/",
        "/webhooks/register/",
        f"/webhooks/{webhook.pk}/address/",
        f"/webhooks/{webhook.pk}/secret/",
    ):
        assert asks(client.get(address)), address
        assert asks(client.post(address)), address
    body = {"client": system.pk, "url": "https://203.0.113.9/hooks"}
    refused = client.post("/api/v1/webhooks/", body, content_type="application/json")
    assert refused.status_code == 403
    assert "Confirm who you are" in refused.json()["detail"]
    assert (ApiClient.objects.count(), Webhook.objects.count(), CalendarLink.objects.count()) == (1, 1, 0)


def test_every_page_of_accounts_and_of_the_admin_site_asks(cast: Cast) -> None:
    client = sign_in(cast.administrator, minutes_ago=6)
    account = f"/setup/accounts/{cast.manager.pk}/"
    addresses = ["/admin/", "/admin/partners/apiclient/", "/setup/accounts/", "/setup/accounts/add/", account]
    assert [asks(client.get(address)) for address in addresses] == [True] * 5
    assert asks(client.post(account, {"email": "taken@example.org", "name": "Manager"}))
    assert asks(client.post("/setup/accounts/sessions/end/", {"accounts": cast.manager.pk}))
    assert User.objects.get(pk=cast.manager.pk).email == "manager@example.org"
    client.post(CONFIRM, {"password": PASSWORD, "next": addresses[0]})
    assert client.get(addresses[1]).status_code == 200


def test_a_role_is_given_and_ended_after_the_password_is_confirmed(cast: Cast) -> None:
    client = sign_in(cast.manager, minutes_ago=6)
    people = f"/setup/{cast.yorkshire.pk}/people"
    for address in (f"{people}/add/", f"{people}/{cast.leeds_spoc.memberships.get().pk}/end/"):
        assert client.get(address).status_code == 200
        assert asks(client.post(address, {"ends_on": "2020-06-19"})), address
    assert cast.leeds_spoc.memberships.get().ends_on is None


def test_a_confirmation_gives_the_session_a_new_key(cast: Cast) -> None:
    client = sign_in(cast.manager, minutes_ago=6)
    former = client.cookies["sessionid"].value
    client.post(CONFIRM, {"password": "wrong", "next": "/"})
    assert client.cookies["sessionid"].value == former
    client.post(CONFIRM, {"password": PASSWORD, "next": "/"})
    assert client.cookies["sessionid"].value != former
    assert client.get("/").status_code == 200
    thief = Client()
    thief.cookies["sessionid"] = former
    assert thief.get("/").status_code == 302
    assert list(cast.manager.usersession_set.values_list("session_key", flat=True)) == [
        client.cookies["sessionid"].value
    ]
