"""Which passwords are refused, how they are stored, and how strong a page says they are."""

import hashlib
import random
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher, check_password, identify_hasher, make_password
from django.core.exceptions import ValidationError
from django.test import Client

from partners.accounts.passwords import BreachedPasswordValidator, KnownWordsValidator, is_listed
from tests.cast import Cast
from web.sign_in import strength_of

GOOD = "correct horse battery staple"


def line_of(password: str) -> str:
    digest = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()
    return f"{digest}:{len(password)}"


@pytest.fixture(scope="module")
def breached(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A sorted list like that of Have I Been Pwned, and its passwords from the first line to the last."""
    path = tmp_path_factory.mktemp("breached") / "sha1.txt"
    passwords = sorted((f"password number {number}" for number in range(200)), key=line_of)
    path.write_text("".join(f"{line_of(each)}\r\n" for each in passwords))
    return path, passwords


def test_every_line_of_the_list_is_found_and_nothing_else(breached: tuple[Path, list[str]]) -> None:
    path, passwords = breached
    assert [each for each in passwords if not is_listed(path, each)] == []
    others = [f"another {number}" for number in random.Random(7).sample(range(10_000), 200)]
    assert [each for each in others if is_listed(path, each)] == []


def test_a_list_of_one_line_or_none_is_read(tmp_path: Path) -> None:
    path = tmp_path / "sha1.txt"
    path.write_text("")
    assert not is_listed(path, GOOD)
    path.write_text(line_of(GOOD))
    assert is_listed(path, GOOD)
    assert not is_listed(path, "another")


def test_a_breached_password_is_refused_where_a_list_is_named(
    breached: tuple[Path, list[str]], settings: Any
) -> None:
    path, passwords = breached
    BreachedPasswordValidator().validate(passwords[100])
    settings.BREACHED_PASSWORDS = str(path)
    with pytest.raises(ValidationError, match="known from a breach"):
        BreachedPasswordValidator().validate(passwords[100])
    BreachedPasswordValidator().validate(GOOD)


@pytest.mark.parametrize(
    ("password", "is_refused"),
    [
        ("PreventTracker2020!", True),
        ("bradford-district-1", True),
        ("West.Yorkshire.99", True),
        ("leeds-leeds-leeds", False),  # not theirs; another rule's
        ("bradford lamp otter canal", False),
        (GOOD, False),
    ],
)
def test_words_of_the_service_and_of_the_organisation_are_no_password(
    cast: Cast, password: str, is_refused: bool
) -> None:
    expected = pytest.raises(ValidationError, match="made of the name") if is_refused else nullcontext()
    with expected:
        KnownWordsValidator().validate(password, cast.bradford_spoc)


def test_passwords_are_stored_with_argon2id_and_former_ones_still_work(settings: Any) -> None:
    former = PBKDF2PasswordHasher().encode(GOOD, "salt", iterations=1)
    settings.PASSWORD_HASHERS = [
        "partners.accounts.passwords.Argon2idHasher",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]
    assert make_password(GOOD).startswith("argon2$argon2id$v=19$m=47104,t=1,p=1$")
    stored: list[str] = []
    assert check_password(GOOD, former, setter=lambda text: stored.append(make_password(text)))
    assert identify_hasher(stored[0]).algorithm == "argon2"


@pytest.mark.parametrize(
    ("password", "strength"),
    [
        ("", ""),
        ("short", "too short"),
        ("a" * 40, "too short"),
        ("three words", "too short"),
        ("three-of-them", "fair"),
        ("four-quite-random", "good"),
        (GOOD, "strong"),
    ],
)
def test_length_makes_a_password_strong(password: str, strength: str) -> None:
    assert strength_of(password) == strength


def test_the_page_says_how_strong_a_refused_password_was(cast: Cast) -> None:
    cast.gold.set_password(GOOD)
    cast.gold.save(update_fields=["password"])
    client = Client()
    client.force_login(cast.gold, backend="allauth.account.auth_backends.AuthenticationBackend")
    fields = {"oldpassword": GOOD, "password1": "three-of-them", "password2": "another one"}
    page = client.post("/accounts/password/change/", fields).content.decode()
    assert "The password you entered was fair." in page
    assert "three-of-them" not in page


def sign_in(cast: Cast, password: str) -> bool:
    client = Client()
    client.post("/accounts/login/", {"login": cast.gold.email, "password": password})
    return "_auth_user_id" in client.session


def test_a_long_password_counts_to_its_last_space(cast: Cast) -> None:
    long = " Correct" + " horse battery" * 6 + " "
    cast.gold.set_password(GOOD)
    cast.gold.save(update_fields=["password"])
    client = Client()
    client.force_login(cast.gold, backend="allauth.account.auth_backends.AuthenticationBackend")
    fields = {"oldpassword": GOOD, "password1": long, "password2": long}
    assert client.post("/accounts/password/change/", fields).status_code == 302
    assert sign_in(cast, long)
    assert not sign_in(cast, long[:-1])
    assert not sign_in(cast, long.lower())


def test_password_boxes_hide_the_text_and_allow_pasting(cast: Cast) -> None:
    cast.gold.set_password(GOOD)
    cast.gold.save(update_fields=["password"])
    client = Client()
    client.force_login(cast.gold, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get("/accounts/password/change/").content.decode()
    assert page.count('type="password"') == 3
    assert page.count('autocomplete="new-password"') == 2
    assert "paste" not in page
