"""A second factor: added with an app, asked for at sign-in, required by setting, replaced by a recovery code."""

import json
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.test import Client

from audit.models import Entry
from partners.models import User
from partners.second_factor.services import ADDED, NEW_CODES, REMOVED, record_factor_change
from tests.cast import AT, Cast
from tests.support.task_queue import run_tasks

PASSWORD = "correct horse battery staple"
SIGN_IN, CODE, ADD = "/accounts/login/", "/accounts/code/", "/accounts/security/app/add/"
SECURITY, REMOVE, CODES = "/accounts/security/", "/accounts/security/app/remove/", "/accounts/security/codes/"
STEP = 30  # seconds that a code is shown


@pytest.fixture(autouse=True)
def nothing_counted() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def holder(cast: Cast) -> User:
    return with_password(cast.bradford_spoc)


def with_password(user: User) -> User:
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    return user


def sign_in(user: User) -> Client:
    client = Client()
    client.post(SIGN_IN, {"login": user.email, "password": PASSWORD})
    return client


def is_signed_in(client: Client) -> bool:
    return client.get("/").status_code == 200


def code_of(secret: str, *, steps: int = 0) -> str:
    """Return the code that an app shows, or shows so many steps later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // STEP + steps))


def confirm_password(client: Client, address: str) -> Any:
    response = client.get(address, follow=True)
    if "Confirm your password" in response.content.decode():
        response = client.post(
            response.request["PATH_INFO"], {"password": PASSWORD, "next": address}, follow=True
        )
    return response


def add_app(client: Client) -> tuple[str, list[str]]:
    """Add an app on the page; return its secret and the recovery codes."""
    secret = confirm_password(client, ADD).context["form"].secret
    response = client.post(ADD, {"code": code_of(secret)})
    return secret, re.findall(r"<code[^>]*>(\d{8})</code>", response.content.decode())


def verbs(user: User) -> list[str]:
    entries = Entry.objects.filter(target_id=str(user.pk), target_type="partners.user").order_by("sequence")
    return [entry.verb for entry in entries]


def test_an_app_is_added_with_its_code_and_recorded(holder: User) -> None:
    client = sign_in(holder)
    _, codes = add_app(client)
    assert len(codes) == len(set(codes)) == 10
    assert all(re.fullmatch(r"[0-9]{8}", code) for code in codes)
    page = client.get(SECURITY).content.decode()
    assert "10 recovery codes left" in page
    assert not any(code in page for code in codes)
    assert verbs(holder)[-1] == ADDED
    run_tasks()
    assert [message.subject for message in mail.outbox] == ["Prevent Tracker: your second factor was changed"]


def test_the_key_can_be_typed_and_is_stored_encrypted(holder: User) -> None:
    client = sign_in(holder)
    page = confirm_password(client, ADD)
    secret = page.context["form"].secret
    assert re.search(r"<code[^>]*>([A-Z2-7 ]+)</code>", page.content.decode())[1].replace(" ", "") == secret  # type: ignore[index]
    assert "<svg" in page.content.decode()
    client.post(ADD, {"code": code_of(secret)})
    assert secret not in str(Authenticator.objects.get(user=holder, type="totp").data)


def test_a_wrong_code_adds_nothing_and_says_what_to_do(holder: User) -> None:
    client = sign_in(holder)
    secret = confirm_password(client, ADD).context["form"].secret
    response = client.post(ADD, {"code": code_of(secret, steps=40)})
    assert "Enter the code that your app shows now" in response.content.decode()
    assert response.context["form"].secret == secret
    assert not Authenticator.objects.filter(user=holder).exists()


def test_a_sign_in_asks_for_a_code_that_works_once(holder: User) -> None:
    secret, _ = add_app(sign_in(holder))
    client = sign_in(holder)
    assert not is_signed_in(client)
    assert client.post(CODE, {"code": code_of(secret, steps=40)}).status_code == 200
    assert not is_signed_in(client)
    code = code_of(secret, steps=1)
    client.post(CODE, {"code": code})
    assert is_signed_in(client)
    other = sign_in(holder)
    other.post(CODE, {"code": code})
    assert not is_signed_in(other)


def test_a_code_under_another_secret_key_is_refused_in_words(holder: User, settings: Any) -> None:
    secret, codes = add_app(sign_in(holder))
    settings.SECRET_KEY = "another-secret-key-" * 4
    client = sign_in(holder)
    for code in (code_of(secret, steps=1), codes[0]):
        response = client.post(CODE, {"code": code})
        assert response.status_code == 200
        assert "the key of the service has changed" in response.content.decode()
    assert not is_signed_in(client)


def test_a_recovery_code_works_once(holder: User) -> None:
    _, codes = add_app(sign_in(holder))
    for codes_left in (True, False):
        client = sign_in(holder)
        client.post(CODE, {"code": codes[0]})
        assert is_signed_in(client) is codes_left


def test_new_codes_replace_the_old_ones(holder: User) -> None:
    client = sign_in(holder)
    _, former = add_app(client)
    confirm_password(client, CODES)
    assert "Keep your recovery codes" in client.post(CODES).content.decode()
    other = sign_in(holder)
    other.post(CODE, {"code": former[0]})
    assert not is_signed_in(other)
    assert verbs(holder)[-1] == NEW_CODES


def test_guessing_codes_is_stopped_after_five(holder: User) -> None:
    secret, _ = add_app(sign_in(holder))
    client = sign_in(holder)
    for _ in range(5):
        client.post(CODE, {"code": "000000"})
    assert "Too many wrong" in client.post(CODE, {"code": code_of(secret, steps=1)}).content.decode()
    assert not is_signed_in(client)


def test_a_new_password_does_not_replace_the_code(holder: User) -> None:
    add_app(sign_in(holder))
    with_password(holder)
    assert not is_signed_in(sign_in(holder))


def test_a_removed_app_is_recorded_and_no_code_is_asked(holder: User) -> None:
    client = sign_in(holder)
    add_app(client)
    confirm_password(client, REMOVE)
    client.post(REMOVE)
    assert verbs(holder)[-1] == REMOVED
    assert is_signed_in(sign_in(holder))
    assert not Authenticator.objects.filter(user=holder).exists()


def test_nobody_records_a_change_of_another_account(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        record_factor_change(actor=cast.administrator, user=cast.bradford_spoc, verb=REMOVED, at=AT)


@pytest.mark.parametrize(
    ("required", "name", "led"),
    [
        ("all", "bradford_spoc", True),
        ("privileged", "bradford_spoc", False),
        ("privileged", "manager", True),
        ("privileged", "gold", True),
        ("privileged", "auditor", True),
        ("privileged", "administrator", True),
        ("none", "manager", False),
    ],
)
def test_roles_that_need_a_second_factor_only_reach_the_page_to_add_one(
    cast: Cast, settings: Any, required: str, name: str, led: bool
) -> None:
    settings.MFA_REQUIRED = required
    client = sign_in(with_password(getattr(cast, name)))
    for address in ("/", "/actions/", SECURITY, "/admin/"):
        assert (client.get(address).get("Location") == ADD) is led, address
    assert (client.get("/api/v1/actions/").status_code == 403) is led


def test_with_a_second_factor_everything_opens_until_it_is_removed(cast: Cast, settings: Any) -> None:
    settings.MFA_REQUIRED = "all"
    manager = with_password(cast.manager)
    client = sign_in(manager)
    secret, _ = add_app(client)
    assert is_signed_in(client)
    client = sign_in(manager)
    client.post(CODE, {"code": code_of(secret, steps=1)})
    assert is_signed_in(client)
    confirm_password(client, REMOVE)
    client.post(REMOVE)
    assert client.get("/")["Location"] == ADD


ADD_PASSKEY = "/accounts/security/passkeys/add/"


ONE = {"id": "eHg", "rawId": "eHg", "type": "public-key"}
NO_CREDENTIALS = [
    "",
    "{}",
    "[]",
    "7",
    json.dumps({**ONE, "id": "x", "response": {}}),
    json.dumps({**ONE, "response": {}}),
    json.dumps({**ONE, "response": {"clientDataJSON": "eHg", "attestationObject": "oA"}}),
    json.dumps({**ONE, "response": {"clientDataJSON": "e30", "attestationObject": "oA"}}),
    json.dumps({**ONE, "response": {"clientDataJSON": "e30", "authenticatorData": "oA", "signature": "oA"}}),
    json.dumps(
        {**ONE, "response": {"clientDataJSON": "e30", "authenticatorData": "A" * 60, "signature": "oA"}}
    ),
]


@pytest.mark.parametrize("credential", NO_CREDENTIALS)
def test_a_credential_that_is_none_adds_no_passkey(holder: User, credential: str) -> None:
    client = sign_in(holder)
    confirm_password(client, ADD_PASSKEY)
    response = client.post(ADD_PASSKEY, {"name": "Work laptop", "credential": credential})
    assert "The passkey was not added. Try again" in response.content.decode()
    assert 'value="Work laptop"' in response.content.decode()
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("credential", NO_CREDENTIALS)
def test_a_credential_that_is_none_signs_nobody_in(holder: User, credential: str) -> None:
    add_app(sign_in(holder))
    client = sign_in(holder)
    response = client.post(CODE, {"credential": credential})
    assert "The passkey was not accepted. Try again, or use a code." in response.content.decode()
    assert not is_signed_in(client)


def test_a_passkey_is_removed_by_its_owner_alone(cast: Cast, holder: User) -> None:
    passkey = Authenticator.objects.create(
        user=with_password(cast.leeds_spoc), type=Authenticator.Type.WEBAUTHN, data={"name": "Theirs"}
    )
    client = sign_in(holder)
    confirm_password(client, SECURITY)
    address = f"/accounts/security/passkeys/{passkey.pk}/remove/"
    assert confirm_password(client, address).status_code == 404
    assert client.post(address).status_code == 404
    assert Authenticator.objects.filter(pk=passkey.pk).exists()
