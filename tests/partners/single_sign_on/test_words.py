"""With SIGN_IN=oidc no email and no page tells people to choose a password that they could not use."""

import re
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from audit.actors import SYSTEM
from partners.accounts.services import mail as mails
from partners.accounts.services.invitations import invite
from partners.accounts.services.links import invitation_path
from partners.accounts.services.users import create_user
from partners.models import User
from partners.single_sign_on.services import link_identity
from tests.cast import AT, Cast
from tests.importing.people.test_people_import import HEADER, ROWS
from tests.support.task_queue import run_tasks

ISSUER = "https://login.example.org/tenant/v2.0"
# Only whoever has a password gets these.
OF_PASSWORDS = {mails.PASSWORD_RESET, mails.PASSWORD_CHANGED}
# This one names an entry of the ledger, and says nothing of how to sign in.
OF_ENTRIES = {mails.ADDRESS_CHANGED}
KINDS = (
    {value for name, value in vars(mails).items() if name.isupper() and isinstance(value, str)}
    - OF_PASSWORDS
    - OF_ENTRIES
)


@pytest.fixture(autouse=True)
def only_sign_on(cast: Cast, settings: Any) -> None:
    """Microsoft signs people in; the administrator has an emergency account, and the manager's is linked."""
    settings.OIDC_ISSUER, settings.OIDC_NAME = ISSUER, "Microsoft"
    settings.SIGN_IN, settings.EMERGENCY_ACCOUNTS = "oidc", [cast.administrator.email]
    User.objects.filter(kind=User.Kind.USER).update(password="!")
    link_identity(actor=SYSTEM, user=cast.manager, issuer=ISSUER, subject="m-1", at=AT)


@pytest.fixture
def manager(cast: Cast, only_sign_on: None) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=cast.manager.pk))
    return client


def text_of(response: Any) -> str:
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_no_email_speaks_of_a_password_but_to_emergency_accounts(cast: Cast) -> None:
    assert len(KINDS) > 8
    for user, has_password in ((cast.manager, False), (cast.administrator, True)):
        user.suspend_on = AT.date()
        mail.outbox.clear()
        for kind in sorted(KINDS):
            mails.send(kind=kind, user=user, at=AT, about="2 memberships")
        texts = [f"{message.subject} {message.body}" for message in mail.outbox]
        assert any("password now" in text for text in texts) == has_password
        if not has_password:
            assert [text for text in texts if "choose" in text.lower() and "password" in text] == []
            assert sum("look after your Microsoft account" in text for text in texts) == 4
    assert all("{" not in text for text in texts)


def test_only_people_without_a_linked_account_are_invited_to_sign_in_there(cast: Cast) -> None:
    people = [cast.gold, cast.manager, cast.administrator]
    assert invite(actor=cast.manager, users=people, partnership_id=cast.yorkshire.pk, at=AT) == 2
    mail.outbox.clear()
    run_tasks()
    invitations = {
        message.to[0]: str(message.body) for message in mail.outbox if "You have a new" in str(message.body)
    }
    assert invitations.keys() == {cast.gold.email, cast.administrator.email}
    assert "/accounts/login/" in invitations[cast.gold.email]
    assert "You sign in with your Microsoft account, without another password" in invitations[cast.gold.email]
    assert "To choose your password" in invitations[cast.administrator.email]


def test_an_invitation_from_before_leads_to_the_sign_in(cast: Cast, settings: Any) -> None:
    settings.SIGN_IN = "password"
    path = invitation_path(user=User.objects.get(pk=cast.gold.pk))
    settings.SIGN_IN = "oidc"
    page = text_of(Client().get(path, follow=True))
    assert "This invitation has ended. Sign in with Microsoft." in page
    assert "Emergency accounts" in page


@pytest.mark.parametrize(
    ("route", "words"),
    [
        ("mfa_index", "Your account is linked to Microsoft"),
        ("importing:setup-partnership", "no linked account yet"),
        ("web:privacy", "the id of your account at Microsoft"),
    ],
)
def test_no_page_speaks_of_a_password_of_ones_own(
    cast: Cast, manager: Client, route: str, words: str
) -> None:
    arguments = [cast.yorkshire.pk] if route.startswith("importing:") else []
    page = text_of(manager.get(reverse(route, args=arguments)))
    assert words in page
    assert [word for word in ("your password", "a password", "chosen a") if word in page] == []


def test_the_preview_of_an_import_says_what_new_people_get(cast: Cast) -> None:
    client, data = Client(), "\n".join((HEADER, *ROWS)).encode()
    client.force_login(User.objects.get(pk=cast.administrator.pk))
    address = reverse("importing:people-import", args=[cast.yorkshire.pk])
    page = text_of(client.post(address, {"file": SimpleUploadedFile("people.csv", data)}))
    assert "Each new person gets an email that says how to sign in with Microsoft" in page


def test_the_page_for_a_forgotten_password_says_whose_it_is(manager: Client) -> None:
    page = text_of(Client().get("/accounts/password/reset/"))
    assert "Only emergency accounts have a password. Everybody else signs in with Microsoft" in page
    assert manager.get("/accounts/password/change/")["Location"] == reverse("mfa_index")


def test_the_command_says_how_an_administrator_gets_a_password(settings: Any) -> None:
    def run(email: str) -> str:
        output = StringIO()
        call_command("create_administrator", email=email, name="Second administrator", stdout=output)
        return output.getvalue()

    assert "add new@example.org to EMERGENCY_ACCOUNTS" in run("new@example.org")
    settings.EMERGENCY_ACCOUNTS.append("other@example.org")
    assert "/accounts/invitation/" in run("other@example.org")


def test_a_new_account_is_counted_until_it_is_linked(cast: Cast) -> None:
    user = create_user(actor=SYSTEM, email="new@example.org", name="New post", at=AT)
    invited = {"actor": cast.manager, "users": [user], "partnership_id": cast.yorkshire.pk, "at": AT}
    assert invite(**invited) == 1
    link_identity(actor=SYSTEM, user=user, issuer=ISSUER, subject="n-1", at=AT)
    assert invite(**invited) == 0
