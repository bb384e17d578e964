"""One-time links to a client's secret: who gets one, how often and how long it works, and what is recorded."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from audit.models import Entry
from audit.services import verify
from partners.accounts.services.users import change_user
from partners.clients.services.clients import deactivate_client, register_client
from partners.clients.services.link_mail import link_path
from partners.clients.services.links import claim_secret, send_link, withdraw_link
from partners.models import ApiClient, ClientSecret, Role, SecretLink, User
from tests.actions.dates.dates import give
from tests.cast import AT, Cast
from tests.support.task_queue import NO_SERVER, run_tasks

ELSEWHERE = "systems@supplier.example"


@pytest.fixture
def client(cast: Cast) -> ApiClient:
    return register_client(
        actor=cast.manager,
        organisation=cast.wakefield_council,
        name="Case system",
        scopes=["actions:read"],
        at=AT,
    )


def sent(cast: Cast, client: ApiClient, email: str = ELSEWHERE) -> SecretLink:
    return send_link(actor=cast.manager, client=client, email=email, at=AT)


def claimed(
    client: ApiClient, link: SecretLink, actor: User | None = None, at: datetime = AT
) -> ClientSecret:
    return claim_secret(actor=actor or User.objects.get(pk=client.user_id), link=link, at=at)[0]


def holders(client: ApiClient) -> frozenset[int]:
    assert client.user_id is not None
    return ClientSecret.objects.all().creators(client.user_id, AT)


# Who counts as having seen it ----------------------------------------------------------------------------------


def test_a_manager_who_sends_the_link_to_the_organisation_has_not_seen_the_secret(
    cast: Cast, client: ApiClient
) -> None:
    claimed(client, sent(cast, client, cast.wakefield_contact.email))
    assert holders(client) == {cast.wakefield_contact.pk}


def test_whoever_types_an_address_of_nobody_there_counts_as_having_seen_the_secret(
    cast: Cast, client: ApiClient
) -> None:
    claimed(client, sent(cast, client))
    assert holders(client) == {cast.manager.pk}


def test_whoever_is_signed_in_while_they_use_a_link_has_seen_the_secret(
    cast: Cast, client: ApiClient, signed_in: Any
) -> None:
    link = sent(cast, client, cast.wakefield_contact.email)
    assert signed_in("bradford_spoc").post(link_path(link=link)).status_code == 200
    assert holders(client) == {cast.bradford_spoc.pk}


def test_a_manager_and_an_auditor_who_get_hold_of_a_link_leave_it_unused(
    cast: Cast, client: ApiClient, signed_in: Any
) -> None:
    """The attack: request something through the system, and approve or assure it oneself."""
    link = sent(cast, client, cast.wakefield_contact.email)
    for person in ("manager", "auditor"):
        browser = signed_in(person)
        for answer in (browser.get(link_path(link=link)), browser.post(link_path(link=link))):
            assert answer.status_code == 403
            assert "It is for somebody at the organisation" in answer.content.decode()
        with pytest.raises(PermissionDenied):
            claim_secret(actor=cast.person(person), link=link, at=AT)
    assert not ClientSecret.objects.exists()


@pytest.mark.parametrize("person", ["manager", "gold", "auditor", "administrator"])
def test_nobody_who_decides_in_the_partnership_is_sent_a_link(
    cast: Cast, client: ApiClient, person: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        sent(cast, client, cast.person(person).email.upper())
    assert set(refused.value.message_dict) == {"email"}
    assert not client.secret_links.exists()


def test_the_form_offers_the_people_of_the_organisation_who_decide_nothing(
    cast: Cast, client: ApiClient, signed_in: Any
) -> None:
    give(cast, cast.gold, Role.PARTNER_CONTACT, cast.wakefield_council)
    page = signed_in("manager").get(reverse("partners:client-secret", args=[client.pk])).content.decode()
    assert cast.wakefield_contact.email in page
    assert cast.gold.email not in page


# How long it works ---------------------------------------------------------------------------------------------


def test_a_new_link_ends_the_one_before(cast: Cast, client: ApiClient) -> None:
    first, second = sent(cast, client), sent(cast, client)
    page = Client().get(link_path(link=first))
    assert (page.status_code, "Use the link in a newer email" in page.content.decode()) == (410, True)
    with pytest.raises(ValidationError, match="was withdrawn"):
        claimed(client, first)
    claimed(client, second)


def test_a_link_works_for_three_days(cast: Cast, client: ApiClient, monkeypatch: pytest.MonkeyPatch) -> None:
    link = sent(cast, client)
    end = AT + timedelta(hours=72)
    with pytest.raises(ValidationError, match="has expired. Ask the programme manager for a new link"):
        claimed(client, link, at=end)
    monkeypatch.setattr("audit.clock.now", lambda: end)
    assert "has expired" in Client().get(link_path(link=link)).content.decode()
    claimed(client, link, at=end - timedelta(seconds=1))


def test_a_link_ends_with_the_client_and_its_account(cast: Cast, client: ApiClient) -> None:
    link = sent(cast, client)
    account = User.objects.get(pk=client.user_id)
    for is_active in (False, True):
        account = change_user(actor=cast.administrator, user=account, at=AT, is_active=is_active)
    with pytest.raises(ValidationError, match="The access of this system was stopped"):
        claimed(client, link)
    link = sent(cast, client)
    deactivate_client(actor=cast.manager, client=client, at=AT)
    with pytest.raises(ValidationError, match="The access of this system was stopped"):
        claimed(client, link)
    assert not ClientSecret.objects.exists()


def test_a_link_is_withdrawn_on_the_page(cast: Cast, client: ApiClient, signed_in: Any) -> None:
    link, browser = sent(cast, client), signed_in("manager")
    address = reverse("partners:client", args=[client.pk])
    withdraw = reverse("partners:client-link-withdraw", args=[client.pk, link.pk])
    assert withdraw in browser.get(address).content.decode()
    assert "Link withdrawn" in browser.post(withdraw, follow=True).content.decode()
    assert "already been used or withdrawn" in browser.post(withdraw, follow=True).content.decode()
    assert run_tasks() == ["no open link"]
    assert "This link was withdrawn" in Client().post(link_path(link=link)).content.decode()


def test_a_link_cut_short_says_so(cast: Cast, client: ApiClient) -> None:
    for address in (link_path(link=sent(cast, client))[:-6] + "/", "/api-clients/secret/x/"):
        for answer in (Client().get(address), Client().post(address)):
            assert answer.status_code == 404
            assert "The link is not complete" in answer.content.decode()


def test_others_send_and_withdraw_none(cast: Cast, client: ApiClient) -> None:
    link = sent(cast, client)
    for actor in (cast.auditor, cast.wakefield_contact, cast.leicestershire_manager):
        with pytest.raises(PermissionDenied):
            send_link(actor=actor, client=client, email=ELSEWHERE, at=AT)
        with pytest.raises(PermissionDenied):
            withdraw_link(actor=actor, link=link, at=AT)


# What is mailed and recorded -----------------------------------------------------------------------------------


def test_the_email_is_sent_again_when_the_mail_server_was_away(
    cast: Cast, client: ApiClient, settings: Any
) -> None:
    sent(cast, client)
    settings.EMAIL_BACKEND, backend = NO_SERVER, settings.EMAIL_BACKEND
    assert run_tasks() == ["will try again"]
    settings.EMAIL_BACKEND = backend
    assert mail.outbox == []


def test_managers_and_the_recipient_hear_of_a_new_secret(cast: Cast, client: ApiClient) -> None:
    claimed(client, sent(cast, client, cast.wakefield_contact.email))
    run_tasks()
    notices = [message for message in mail.outbox if "was created for an API client" in message.subject]
    assert {message.to[0] for message in notices} == {cast.manager.email, cast.wakefield_contact.email}


def test_each_step_is_in_the_ledger_without_link_and_secret(cast: Cast, client: ApiClient) -> None:
    link = sent(cast, client)
    token = link_path(link=link)
    _, text = claim_secret(actor=User.objects.get(pk=client.user_id), link=link, at=AT)
    entries = Entry.objects.filter(ledger=cast.yorkshire.ledger_id, verb__startswith="client.secret")
    assert [(entry.verb, entry.actor_label) for entry in entries.order_by("sequence")] == [
        ("client.secret_link_sent", "Manager"),
        ("client.secret_link_used", "Case system (API client)"),
        ("client.secret_created", "Case system (API client)"),
    ]
    states = str(list(entries.values_list("state", "changes")))
    assert ELSEWHERE in states
    assert text not in states
    assert token.split("/")[-2] not in states
    assert verify(ledger=cast.yorkshire.ledger).ok
