"""The pages of API clients: the manager registers, narrows, sends links and stops; the auditor reads."""

import re
from datetime import date
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partners.clients.services.clients import create_client, deactivate_client
from partners.models import ApiClient
from tests.api.clients import System, replace_secret
from tests.cast import AT, Cast
from tests.support.task_queue import run_tasks

ADDRESS = "systems@wakefield.example"
LIST, REGISTER = "/api-clients/", "/api-clients/register/"
SECRET = re.compile(r'value="(ptcs_[^"]+)"')
LINK = re.compile(r"https?://[^/\s]+(/api-clients/secret/\S+)")


@pytest.fixture
def client(cast: Cast) -> ApiClient:
    return registered(cast)


def registered(cast: Cast, name: str = "Case system") -> ApiClient:
    arguments = {"actor": cast.manager, "organisation": cast.wakefield_council, "at": AT}
    return create_client(name=name, scopes=["actions:read", "updates:write"], **arguments)[0]


def page_of(client: ApiClient, name: str = "client") -> str:
    return reverse(f"partners:{name}", args=[client.pk])


def form_data(ending: str = "at_once", **fields: str) -> dict[str, str]:
    return {"recipient": "other", "email": ADDRESS, "ending": ending} | fields


def mailed_link() -> str:
    """Send what is queued; return the address in the email with a link."""
    run_tasks()
    message = next(message for message in reversed(mail.outbox) if "the secret of" in message.subject)
    match = LINK.search(str(message.body))
    assert match is not None
    return match[1]


def secret_in(response: Any) -> str:
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    match = SECRET.search(response.content.decode())
    assert match is not None
    return match[1]


def test_a_manager_registers_a_system_and_the_organisation_gets_its_secret_once(
    cast: Cast, signed_in: Any
) -> None:
    browser = signed_in("manager")
    values = {"organisation": cast.wakefield_council.pk, "name": "Case system", "scopes": ["actions:read"]}
    sending = browser.post(REGISTER, values, follow=True)
    assert "Case system registered. Now send the link" in sending.content.decode()
    client = ApiClient.objects.get()
    assert not client.secrets.exists()
    council = cast.wakefield_contact
    sent = browser.post(page_of(client, "client-secret"), {"recipient": council.pk}, follow=True)
    assert f"Link sent to {council.email}" in sent.content.decode()
    address, visitor = mailed_link(), Client()
    assert mail.outbox[-1].to == [council.email]
    for _ in range(2):
        assert "Show the secret" in visitor.get(address).content.decode()
    secret = secret_in(visitor.post(address))
    assert System(client, secret).get("/actions/").status_code == 200
    for answer in (visitor.post(address), visitor.get(address)):
        assert answer.status_code == 410
        assert "works only once" in answer.content.decode()
    page = browser.get(page_of(client)).content.decode()
    assert secret not in page
    assert client.client_id in page
    for line in ("Registered", "Link to a secret sent", "Link used", "Secret created"):
        assert f">{line}<" in page
    again = browser.post(REGISTER, values)
    assert again.status_code == 422
    assert "already has an API client called “Case system”" in again.content.decode()


def test_a_manager_registers_for_organisations_of_their_own_partnership(cast: Cast, signed_in: Any) -> None:
    values = {"organisation": cast.city_council.pk, "name": "Case system", "scopes": ["actions:read"]}
    response = signed_in("manager").post(REGISTER, values)
    assert response.status_code == 422
    assert not ApiClient.objects.exists()


def test_a_secret_is_replaced_with_an_overlap(client: ApiClient, signed_in: Any) -> None:
    later = form_data("later", former_until="2020-07-03", note="The yearly change.")
    browser = signed_in("manager")
    browser.post(page_of(client, "client-secret"), later)
    assert client.secrets.get().ends_at is None
    response = Client().post(mailed_link())
    assert System(client, secret_in(response)).ask().status_code == 200
    assert "works until the end of 3 July 2020" in response.content.decode()
    page = browser.get(page_of(client)).content.decode()
    assert "The yearly change." in page
    assert page.count(">Revoke<") == 2
    refused = browser.post(page_of(client, "client-secret"), later)
    assert refused.status_code == 409
    assert "Revoke one of them first" in refused.content.decode()


@pytest.mark.parametrize(
    "fields",
    [
        {"ending": ""},
        {"ending": "later"},
        {"ending": "later", "former_until": "2020-06-18"},
        {"ending": "later", "former_until": "2021-06-18"},
        {"ending": "later", "former_until": "2020-02-31"},
        {"recipient": ""},
        {"email": ""},
        {"email": "nobody"},
        {"email": "gold@example.org"},
    ],
)
def test_a_link_without_a_recipient_or_a_valid_last_day_is_not_sent(
    client: ApiClient, signed_in: Any, fields: dict[str, str]
) -> None:
    assert signed_in("manager").post(page_of(client, "client-secret"), form_data(**fields)).status_code == 422
    assert client.secrets.get().ends_at is None
    assert not client.secret_links.exists()


def test_the_form_asks_when_the_current_secret_should_expire(client: ApiClient, signed_in: Any) -> None:
    response = signed_in("manager").post(page_of(client, "client-secret"), {"note": "Somebody left"})
    assert response.status_code == 422
    page = response.content.decode()
    assert "Select when the current secret should expire" in page
    assert "Somebody left" in page


def test_a_secret_that_leaked_ends_before_the_link_is_used(client: ApiClient, signed_in: Any) -> None:
    signed_in("manager").post(page_of(client, "client-secret"), form_data())
    assert not client.secrets.running(AT).exists()
    secret = secret_in(Client().post(mailed_link()))
    assert System(client, secret).ask().status_code == 200
    assert client.secrets.running(AT).count() == 1


def test_a_client_without_a_secret_gets_one(client: ApiClient, signed_in: Any) -> None:
    client.secrets.update(ends_at=AT)
    browser = signed_in("manager")
    assert "When should the current" not in browser.get(page_of(client, "client-secret")).content.decode()
    browser.post(page_of(client, "client-secret"), form_data())
    secret = secret_in(Client().post(mailed_link()))
    assert System(client, secret).ask().status_code == 200


def test_one_of_two_secrets_is_revoked_on_the_page(cast: Cast, client: ApiClient, signed_in: Any) -> None:
    browser, first = signed_in("manager"), client.secrets.get()
    replace_secret(actor=cast.manager, client=client, at=AT, former_until=date(2020, 7, 3))
    end = reverse("partners:client-secret-end", args=[client.pk, first.pk])
    assert "Secret revoked" in browser.post(end, follow=True).content.decode()
    assert "already expired" in browser.post(end, follow=True).content.decode()
    last = client.secrets.running(AT).get()
    end = reverse("partners:client-secret-end", args=[client.pk, last.pk])
    assert "only active secret" in browser.post(end, follow=True).content.decode()


def test_a_secret_is_only_read_at_its_own_client(cast: Cast, client: ApiClient, signed_in: Any) -> None:
    other = registered(cast, "Other system")
    end = reverse("partners:client-secret-end", args=[client.pk, other.secrets.get().pk])
    assert signed_in("manager").post(end).status_code == 404


def test_permissions_are_changed_and_a_client_is_stopped(client: ApiClient, signed_in: Any) -> None:
    browser = signed_in("manager")
    browser.post(page_of(client, "client-scopes"), {"scopes": ["returns:read"], "note": ""})
    client.refresh_from_db()
    assert client.scopes == "returns:read"
    stop = page_of(client, "client-stop")
    assert "Access stopped" in browser.post(stop, {"note": "Contract ended."}, follow=True).content.decode()
    page = browser.get(page_of(client)).content.decode()
    assert "Contract ended." in page
    assert "Stop access" not in page
    assert "Does not expire" not in page
    assert "Stopped with the client" in page
    for name in ("client-stop", "client-scopes", "client-secret"):
        assert browser.get(page_of(client, name)).status_code == 409
        assert browser.post(page_of(client, name), {"scopes": ["actions:read"]}).status_code == 409


def test_the_auditor_can_view_but_not_change(client: ApiClient, signed_in: Any) -> None:
    browser = signed_in("auditor")
    assert client.name in browser.get(LIST).content.decode()
    page = browser.get(page_of(client)).content.decode()
    assert "actions:read" in page
    for change in ("client-scopes", "client-secret", "client-stop"):
        assert page_of(client, change) not in page


def test_the_last_use_is_shown(cast: Cast, client: ApiClient, signed_in: Any) -> None:
    browser = signed_in("auditor")
    assert "Never" in browser.get(LIST).content.decode()
    client.secrets.update(last_used_at=AT)
    for page in (LIST, page_of(client)):
        assert "Never" not in browser.get(page).content.decode()


@pytest.mark.parametrize(
    ("person", "leads"), [("manager", True), ("auditor", True), ("bradford_spoc", False)]
)
def test_the_menu_links_to_api_clients(cast: Cast, signed_in: Any, person: str, leads: bool) -> None:
    page = signed_in(person).get("/").content.decode()
    assert (f'href="{LIST}"' in page) is leads


def test_the_number_of_queries_does_not_grow_with_clients(
    cast: Cast, client: ApiClient, signed_in: Any
) -> None:
    browser = signed_in("auditor")
    browser.get(LIST)
    with CaptureQueriesContext(connection) as few:
        browser.get(LIST)
    for number in range(5):
        other = registered(cast, f"System {number}")
        deactivate_client(actor=cast.manager, client=other, at=AT)
    with CaptureQueriesContext(connection) as many:
        browser.get(LIST)
    assert len(many) == len(few)
