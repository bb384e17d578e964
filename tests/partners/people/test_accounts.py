"""Accounts on the pages of administrators: opened, changed, closed, and their sessions ended."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from audit.actors import SYSTEM
from audit.models import Entry
from audit.services import system_ledger, verify
from partners.accounts.services.users import create_user
from partners.models import ChangeRequest, User
from tests.cast import AT, Cast

SignIn = Callable[[str], Client]


@pytest.fixture
def admin(signed_in: SignIn) -> Client:
    return signed_in("administrator")


def page(user: User) -> str:
    return reverse("partners:account-edit", args=[user.pk])


def form(user: User, **other: Any) -> dict[str, Any]:
    ticked = {name: "on" for name in ("is_active", "is_staff") if getattr(user, name)}
    return {"email": user.email, "name": user.name, **ticked, **other}


def open_account(client: Client, **other: Any) -> Any:
    return client.post(reverse("partners:account-add"), {"email": "Silver@Example.org", **other})


def test_an_account_is_opened_changed_and_closed(cast: Cast, admin: Client) -> None:
    assert open_account(admin, name="Silver chair").status_code == 302
    user = User.objects.get(email="silver@example.org")
    assert (user.is_active, user.is_staff, user.has_usable_password()) == (True, False, False)
    assert page(user) in admin.get(reverse("partners:account-list"), {"q": "silver ch"}).content.decode()
    assert admin.post(page(user), form(user, name="Silver")).status_code == 302
    entry = Entry.objects.filter(ledger=system_ledger()).latest("sequence")
    assert (entry.verb, entry.actor_label) == ("user.changed", "Administrator")
    assert entry.changes == {"name": ["Silver chair", "Silver"]}
    admin.post(page(user), {"email": user.email, "name": "Silver"})
    assert not User.objects.get(pk=user.pk).is_active
    assert page(user) not in admin.get(reverse("partners:account-list")).content.decode()
    assert page(user) in admin.get(reverse("partners:account-list"), {"show": "closed"}).content.decode()
    assert verify(ledger=system_ledger()).ok


def test_an_unchanged_account_writes_nothing(cast: Cast, admin: Client) -> None:
    before = system_ledger().sequence
    assert admin.post(page(cast.manager), form(cast.manager)).status_code == 302
    assert system_ledger().sequence == before


def test_an_address_in_use_is_shown_on_the_form(cast: Cast, admin: Client) -> None:
    response = open_account(admin, email="MANAGER@example.org", name="Again")
    assert response.status_code == 422
    assert "There is already an account with this email address" in response.content.decode()


def test_a_change_by_another_administrator_meanwhile_is_shown_and_not_undone(
    cast: Cast, admin: Client
) -> None:
    version = admin.get(page(cast.manager)).context["form"].initial["version"]
    admin.post(page(cast.manager), form(cast.manager, name="Prevent lead", version=version))
    stale = admin.post(page(cast.manager), form(cast.manager, name="Prevent manager", version=version))
    body = stale.content.decode()
    assert stale.status_code == 409
    assert "What changed since you opened this page" in body
    assert "Job title" in body
    assert "Prevent manager" in body
    assert User.objects.get(pk=cast.manager.pk).name == "Prevent lead"
    again = form(cast.manager, name="Prevent manager", version=stale.context["form"]["version"].value())
    assert admin.post(page(cast.manager), again).status_code == 302
    assert User.objects.get(pk=cast.manager.pk).name == "Prevent manager"


@pytest.mark.parametrize("dropped", ["is_staff", "is_active"])
def test_administrators_cannot_change_their_own_access(cast: Cast, admin: Client, dropped: str) -> None:
    sent = form(cast.administrator)
    del sent[dropped]
    assert admin.post(page(cast.administrator), sent).status_code == 403
    cast.administrator.refresh_from_db()
    assert (cast.administrator.is_staff, cast.administrator.is_active) == (True, True)


def test_a_new_address_waits_for_a_second_administrator(cast: Cast, admin: Client) -> None:
    create_user(actor=SYSTEM, email="second@example.org", name="Second", is_staff=True, at=AT)
    response = admin.post(page(cast.manager), form(cast.manager, email="new@example.org"), follow=True)
    assert "Nothing is changed yet. Another administrator must approve it." in response.content.decode()
    assert User.objects.get(pk=cast.manager.pk).email == "manager@example.org"
    assert ChangeRequest.objects.get().values == {"email": "new@example.org"}
    assert "is_staff" not in admin.get(reverse("partners:account-add")).content.decode()
    again = admin.post(page(cast.manager), form(cast.manager, email="new@example.org"))
    assert "waiting for approval already" in again.content.decode()


def test_a_partners_system_is_no_persons_account(cast: Cast, admin: Client) -> None:
    system = User.objects.create(email="s@example.org", name="System", kind="client", joined_at=AT)
    assert admin.get(page(system)).status_code == 404


def test_nobody_selected_is_said(cast: Cast, admin: Client) -> None:
    response = admin.post(reverse("partners:accounts-sign-out"), follow=True)
    assert "Select the people whose sessions you want to end." in response.content.decode()


def test_an_account_shows_when_each_role_is_reviewed(cast: Cast, admin: Client) -> None:
    role = cast.bradford_spoc.memberships.get()
    shown = f"review due {role.review_by:%-d %B %Y}"
    assert shown in admin.get(page(cast.bradford_spoc)).content.decode()
    assert "review due" not in admin.get(page(cast.former_spoc)).content.decode()
