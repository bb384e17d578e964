"""The command that opens the first account of a new service."""

import re
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from audit.models import Entry
from partners.models import User

NEW = {"email": "First@Example.org", "name": "Service administrator"}
PASSWORD = "correct horse battery staple"
pytestmark = pytest.mark.django_db


def run(**options: Any) -> str:
    out = StringIO()
    call_command("create_administrator", stdout=out, **NEW | options)
    return out.getvalue()


def choose_password(client: Client, printed: str) -> Any:
    address = re.search(r"http://[^/\s]+(/accounts/invitation/\S+)", printed)
    assert address is not None
    page = client.get(address[1], follow=True)
    return client.post(page.request["PATH_INFO"], {"password1": PASSWORD, "password2": PASSWORD})


def test_the_printed_link_lets_the_administrator_choose_a_password_once(client: Client) -> None:
    printed = run()
    choose_password(client, printed)
    client.post("/accounts/login/", {"login": "first@example.org", "password": PASSWORD})
    assert client.get("/admin/").status_code == 200
    address = re.search(r"(/accounts/invitation/\S+)", printed)
    assert address is not None
    again = Client().get(address[1], follow=True)
    assert "This invitation has expired or has been used" in again.content.decode()


def test_a_second_run_can_print_the_link_again_or_leave_the_account_alone(client: Client) -> None:
    run()
    printed = run(email="second@example.org", if_none=True)
    assert "first@example.org" not in printed
    choose_password(client, printed)
    assert run(if_none=True) == "Sign in as first@example.org.\n"
    assert User.objects.count() == 1


def test_the_ledger_says_that_the_account_was_opened_by_the_system() -> None:
    run()
    entry = Entry.objects.get(verb="user.created")
    assert (entry.actor_type, entry.target_label) == ("system", "Service administrator")
    assert not User.objects.get().has_usable_password()


def test_an_address_is_not_used_twice() -> None:
    run()
    with pytest.raises(CommandError, match="already"):
        run(email="first@example.org")
    assert User.objects.count() == 1


def test_an_invalid_address_creates_no_account() -> None:
    with pytest.raises(CommandError, match="email address"):
        run(email="nobody")
    assert not User.objects.exists()
