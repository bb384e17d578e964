"""What opens an account ends when its password, its second factor or the account itself changes, and never works again."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from allauth.account import app_settings
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.test import Client

from desk.calendar.services.links import create_link
from partners.accounts.services.access import end_session, end_sessions
from partners.accounts.services.users import change_user, record_password_change
from partners.clients.services.clients import create_client
from partners.models import User
from partners.second_factor.services import ADDED, NEW_CODES, REMOVED, record_factor_change
from partners.tokens.services import create_token
from tests.api.clients import System, replace_secret
from tests.cast import AT, TODAY, Cast

OLD, NEW = "correct horse battery staple", "four-quite-random-words"
SIGN_IN = "/accounts/login/"


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    cache.clear()


@dataclass
class Access:
    """What a person uses: a browser, a program with a token, and a calendar program."""

    browser: Client
    token: str
    secret: str

    def works(self) -> list[bool]:
        bearer = {"authorization": f"Bearer {self.token}"}
        return [
            self.browser.get("/account/tokens/").status_code == 200,
            Client().get("/api/v1/plans/", headers=bearer).status_code == 200,
            Client().get(f"/calendar/{self.secret}.ics").status_code == 200,
        ]


@pytest.fixture
def holder(cast: Cast) -> User:
    cast.bradford_spoc.set_password(OLD)
    cast.bradford_spoc.save(update_fields=["password"])
    return cast.bradford_spoc


def sign_in(user: User) -> Client:
    client = Client(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/130.0"})
    client.post(SIGN_IN, {"login": user.email, "password": OLD})
    return client


def access_of(user: User) -> Access:
    _, token = create_token(actor=user, name="Excel", scopes=["actions:read"], expires_on=TODAY, at=AT)
    _, secret = create_link(actor=user, name="Outlook", at=AT)
    return Access(sign_in(user), token, secret)


def suspend(cast: Cast, user: User) -> None:
    change_user(actor=cast.administrator, user=user, is_active=False, at=AT)


def suspend_and_reopen(cast: Cast, user: User) -> None:
    suspend(cast, user)
    change_user(actor=cast.administrator, user=user, is_active=True, at=AT)


def change_factor(verb: str) -> Callable[[Cast, User], None]:
    return lambda cast, user: record_factor_change(actor=user, user=user, verb=verb, at=AT)


CHANGES: dict[str, Callable[[Cast, User], Any]] = {
    "password changed or reset": lambda cast, user: record_password_change(
        actor=user, user=user, password=NEW, at=AT
    ),
    "factor added": change_factor(ADDED),
    "factor removed": change_factor(REMOVED),
    "new codes": change_factor(NEW_CODES),
    "suspended": suspend,
    "suspended and reopened": suspend_and_reopen,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_everything_that_opened_the_account_ends(
    cast: Cast, holder: User, change: Callable[[Cast, User], Any]
) -> None:
    access = access_of(holder)
    assert access.works() == [True, True, True]
    change(cast, User.objects.get(pk=holder.pk))
    assert access.works() == [False, False, False]
    user = User.objects.get(pk=holder.pk)
    if user.is_active:
        # The names are free again, and what is created now works.
        user.set_password(OLD)
        user.save(update_fields=["password"])
        assert access_of(user).works() == [True, True, True]


def test_pages_say_why_a_token_and_a_link_ended(cast: Cast, holder: User, signed_in: Any) -> None:
    access_of(holder)
    record_password_change(actor=holder, user=holder, password=NEW, at=AT)
    for address in ("/account/tokens/", "/calendar/"):
        page = signed_in("bradford_spoc").get(address).content.decode()
        assert "ended because your password, second factor or account changed" in page


def test_a_reset_link_does_not_outlive_a_suspension(cast: Cast, holder: User) -> None:
    tokens = app_settings.PASSWORD_RESET_TOKEN_GENERATOR()
    link = tokens.make_token(holder)
    assert tokens.check_token(holder, link)
    suspend_and_reopen(cast, holder)
    assert not tokens.check_token(User.objects.get(pk=holder.pk), link)


def test_a_suspended_system_needs_a_new_secret(cast: Cast) -> None:
    client, secret = create_client(
        actor=cast.manager, organisation=cast.wakefield_council, name="Case", scopes=["actions:read"], at=AT
    )
    system = System(client, secret)
    assert system.get("/plans/").status_code == 200
    account = client.user
    assert account is not None
    suspend_and_reopen(cast, account)
    assert system.get("/plans/").status_code == 401
    assert system.ask().status_code == 401
    _, secret = replace_secret(actor=cast.manager, client=client, at=AT)
    assert System(client, secret).get("/plans/").status_code == 200


def test_an_administrator_ends_sessions_and_leaves_tokens(cast: Cast, holder: User) -> None:
    access, other = access_of(holder), sign_in(holder)
    end_sessions(actor=cast.administrator, users=[holder, cast.manager], at=AT)
    assert access.works() == [False, True, True]
    assert other.get("/account/tokens/").status_code == 302
    with pytest.raises(PermissionDenied):
        end_sessions(actor=cast.manager, users=[holder], at=AT)
    with pytest.raises(PermissionDenied):
        end_sessions(actor=cast.manager, users=[cast.manager, holder], at=AT)


def test_nobody_ends_one_session_of_another(cast: Cast, holder: User) -> None:
    browser = sign_in(holder)
    session = UserSession.objects.get(user=holder)
    with pytest.raises(PermissionDenied):
        end_session(actor=cast.administrator, session=session, at=AT)
    assert browser.get("/account/tokens/").status_code == 200
