"""Emails about what could be somebody else's doing: a browser, an address, a token, a client's secret."""

from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from partners.accounts.services.users import change_user
from partners.clients.services.clients import create_client
from partners.models import User
from partners.tokens.services import create_token
from tests.api.clients import replace_secret
from tests.cast import AT, TODAY, Cast
from tests.support.task_queue import run_tasks

PASSWORD = "correct horse battery staple"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:130.0) Gecko/20100101 Firefox/130.0"


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    cache.clear()


def sign_in(client: Client, user: User) -> None:
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    client.post("/accounts/logout/")


def mails() -> list[tuple[list[str], str]]:
    """Send what is queued; return to whom, and the subjects without the service's name."""
    mail.outbox.clear()
    run_tasks()
    for message in mail.outbox:
        assert "{" not in str(message.body)
    return [(message.to, message.subject.removeprefix("Prevent Tracker: ")) for message in mail.outbox]


def test_a_sign_in_from_a_new_browser_is_mailed_once(cast: Cast) -> None:
    for user in (cast.gold, cast.manager):
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
    here, elsewhere = Client(), Client(headers={"user-agent": FIREFOX})
    sign_in(here, cast.gold)
    assert mails() == []  # the first sign-in of an account
    sign_in(here, cast.gold)
    assert mails() == []
    sign_in(elsewhere, cast.gold)
    assert mails() == [(["gold@example.org"], "sign-in from a new browser")]
    assert "not used before: Firefox on Windows, from 127.0.0.1." in str(mail.outbox[0].body)
    sign_in(elsewhere, cast.manager)
    sign_in(elsewhere, cast.gold)
    assert mails() == []


def test_a_forged_cookie_makes_no_browser_known(cast: Cast, settings: Any) -> None:
    cast.gold.set_password(PASSWORD)
    cast.gold.save(update_fields=["password"])
    sign_in(Client(), cast.gold)
    client = Client()
    client.cookies[settings.KNOWN_BROWSER_COOKIE_NAME] = f"{cast.gold.pk}:1tABCD:forged"
    sign_in(client, cast.gold)
    assert len(mails()) == 1


def test_a_changed_address_is_mailed_to_the_former_and_the_new_one(cast: Cast) -> None:
    change_user(actor=cast.administrator, user=cast.gold, name="Chief", at=AT)
    assert mails() == []
    change_user(actor=cast.administrator, user=cast.gold, email="chief@example.org", at=AT)
    assert mails() == [
        (["gold@example.org"], "your email address was changed"),
        (["chief@example.org"], "your email address was changed"),
    ]
    assert "from gold@example.org to chief@example.org on 19 June 2020" in str(mail.outbox[0].body)


def test_a_new_token_is_mailed_to_its_owner(cast: Cast) -> None:
    _, text = create_token(actor=cast.gold, name="Excel", scopes=["actions:read"], expires_on=TODAY, at=AT)
    assert mails() == [(["gold@example.org"], "an access token was created")]
    assert "called “Excel”" in str(mail.outbox[0].body)
    assert text not in str(mail.outbox[0].body)


def test_a_secret_of_a_client_is_mailed_to_every_manager_and_its_maker(cast: Cast) -> None:
    client, _ = create_client(
        actor=cast.manager, organisation=cast.wakefield_council, name="Case", scopes=["actions:read"], at=AT
    )
    assert mails() == [(["manager@example.org"], "a secret was created for an API client")]
    replace_secret(actor=cast.administrator, client=client, at=AT)
    assert sorted(to for to, _ in mails()) == [["administrator@example.org"], ["manager@example.org"]]
    assert "API client Case, Wakefield Council on 19 June 2020" in str(mail.outbox[0].body)
