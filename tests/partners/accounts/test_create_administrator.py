"""The command that opens the first account of a new service."""

import re
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client

from audit.models import Entry
from partners.models import User
from tests.support.task_queue import run_tasks

NEW = {"email": "First@Example.org", "name": "Service administrator"}
PASSWORD = "correct horse battery staple"
pytestmark = pytest.mark.django_db


def run(**options: str) -> str:
    out = StringIO()
    call_command("create_administrator", stdout=out, **NEW | options)
    return out.getvalue()


def test_an_administrator_sets_a_password_by_email_and_opens_the_admin_site(client: Client) -> None:
    printed = run()
    address = re.search(r"http://[^/\s]+(/\S+)", printed)
    assert address is not None
    client.post(address[1], {"email": "first@example.org"})
    run_tasks()
    link = re.search(r"https?://[^/\s]+(/accounts/password/reset/key/\S+)", str(mail.outbox[-1].body))
    assert link is not None
    page = client.get(link[1], follow=True)
    form = page.request["PATH_INFO"]
    client.post(form, {"password1": PASSWORD, "password2": PASSWORD})
    client.post("/accounts/login/", {"login": "first@example.org", "password": PASSWORD})
    assert client.get("/admin/").status_code == 200


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
