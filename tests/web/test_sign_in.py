import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

PASSWORD = "three-random-words"
pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> Any:
    account = get_user_model()(
        email="bradford.spoc@example.org", name="Bradford SPOC", joined_at=datetime(2020, 1, 1, tzinfo=UTC)
    )
    account.set_password(PASSWORD)
    account.save()
    return account


@pytest.fixture(autouse=True)
def mails(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def sign_in(client: Client, password: str) -> Any:
    return client.post("/accounts/login/", {"login": "Bradford.SPOC@example.org", "password": password})


def test_the_sign_in_page_is_in_the_shell_and_offers_no_accounts(client: Client) -> None:
    html = client.get("/accounts/login/").content.decode()
    assert "<title>Sign in \N{EN DASH} Prevent Tracker</title>" in html
    assert 'class="govuk-input"' in html
    assert "Sign up" not in html
    assert 'name="remember"' not in html
    assert 'autocomplete="current-password"' in html


def test_signing_in_leads_to_my_work_and_a_wrong_password_back(client: Client, user: Any) -> None:
    wrong = sign_in(client, "wrong").content.decode()
    assert "There is a problem" in wrong
    assert "<title>Error: Sign in" in wrong
    assert "_auth_user_id" not in client.session
    right = sign_in(client, PASSWORD)
    assert (right.status_code, right["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(user.pk)


def test_an_account_that_was_closed_stays_out(client: Client, user: Any) -> None:
    get_user_model().objects.filter(pk=user.pk).update(is_active=False)
    sign_in(client, PASSWORD)
    assert "_auth_user_id" not in client.session


def test_nobody_opens_an_account_for_themselves(client: Client) -> None:
    form_data = {"email": "stranger@example.org", "password1": PASSWORD}
    assert "You cannot create an account here" in client.get("/accounts/signup/").content.decode()
    client.post("/accounts/signup/", form_data)
    assert not get_user_model().objects.filter(email="stranger@example.org").exists()


def test_signing_out_takes_a_form(client: Client, user: Any) -> None:
    client.force_login(user)
    assert "Sign out" in client.get("/accounts/logout/").content.decode()
    assert "_auth_user_id" in client.session
    client.post("/accounts/logout/")
    assert "_auth_user_id" not in client.session


def test_a_new_password_must_be_long_and_the_old_one_known(client: Client, user: Any) -> None:
    client.force_login(user)
    form_data = {"oldpassword": "wrong", "password1": "short", "password2": "other"}
    html = client.post("/accounts/password/change/", form_data).content.decode()
    assert 'href="#id_oldpassword"' in html
    assert "at least 12 characters" in html
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_a_stranger_learns_nothing_from_a_forgotten_password(client: Client, user: Any) -> None:
    known = client.post("/accounts/password/reset/", {"email": user.email}, follow=True)
    unknown = client.post("/accounts/password/reset/", {"email": "stranger@example.org"}, follow=True)
    body = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"')
    assert body.sub(b"", known.content) == body.sub(b"", unknown.content)
