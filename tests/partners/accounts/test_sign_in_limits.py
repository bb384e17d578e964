"""Wrong passwords are counted where they come from, and keep nobody else out."""

from time import time
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from partners.models import User
from tests.cast import Cast
from tests.partners.accounts.test_passwords import NEW, OLD, RESET, SIGN_IN, choose, link_of
from tests.support.task_queue import run_tasks

PROXY = "10.0.0.1"
STRANGER, HOME = "203.0.113.9", "198.51.100.7"


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    cache.clear()


@pytest.fixture(autouse=True)
def proxy(settings: Any) -> None:
    settings.BEHIND_PROXY = True


@pytest.fixture
def people(cast: Cast) -> Cast:
    for user in (cast.bradford_spoc, cast.manager):
        user.set_password(OLD)
        user.save(update_fields=["password"])
    return cast


def try_as(user: User, address: str, password: str = "wrong", made_up: str = "") -> bool:
    """Sign in through the proxy, which adds the caller's address; return whether it worked."""
    client = Client(REMOTE_ADDR=PROXY)
    forwarded = f"{made_up}, {address}" if made_up else address
    answer = client.post(
        SIGN_IN, {"login": user.email, "password": password}, headers={"x-forwarded-for": forwarded}
    )
    return answer.status_code == 302 and "_auth_user_id" in client.session


def test_a_stranger_behind_the_same_proxy_blocks_nobody(people: Cast) -> None:
    for _ in range(70):
        try_as(people.manager, STRANGER)
    assert try_as(people.manager, HOME, OLD)
    assert try_as(people.bradford_spoc, HOME, OLD)


def test_five_wrong_passwords_lock_an_account_whatever_the_claimed_address(people: Cast) -> None:
    for number in range(5):
        assert not try_as(people.manager, STRANGER, made_up=f"192.0.2.{number}")
    assert not try_as(people.manager, STRANGER, OLD, made_up="192.0.2.77")
    assert try_as(people.bradford_spoc, STRANGER, OLD), "colleagues share an address"


def test_right_passwords_use_up_no_attempts(people: Cast) -> None:
    assert [try_as(people.manager, HOME, OLD) for _ in range(12)] == [True] * 12


def test_attempts_reset_after_some_time(people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(9):
        try_as(people.manager, HOME)
    assert not try_as(people.manager, HOME, OLD)
    later = time() + 5 * 60 + 1
    monkeypatch.setattr("allauth.core.internal.ratelimit.time.time", lambda: later)
    assert try_as(people.manager, HOME, OLD)


def test_attempts_at_many_accounts_from_one_address_are_limited(people: Cast, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login_failed": "10/m/ip,5/5m/key"}
    for number in range(10):
        try_as(User(email=f"nobody{number}@example.org"), STRANGER)
    assert not try_as(people.manager, STRANGER, OLD)
    assert try_as(people.manager, HOME, OLD)


def test_one_network_of_ipv6_is_one_caller(people: Cast) -> None:
    for number in range(5):
        try_as(people.manager, f"2001:db8:1:2::{number:x}")
    assert not try_as(people.manager, "[2001:db8:1:2::ffff]:443", OLD)
    assert try_as(people.manager, "2001:db8:1:3::1", OLD)


def test_a_new_password_resets_the_attempts(people: Cast) -> None:
    for _ in range(6):
        try_as(people.manager, HOME)
    client = Client(REMOTE_ADDR=PROXY, headers={"x-forwarded-for": HOME})
    client.post(RESET, {"email": people.manager.email})
    run_tasks()
    choose(client, link_of(mail.outbox[0]))
    assert try_as(people.manager, HOME, NEW)


def test_the_log_has_the_network_of_failures_but_no_account(
    people: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    for _ in range(6):
        try_as(people.manager, STRANGER, "hunter2-hunter2", made_up="192.0.2.1")
    assert f"sign_in_failed: address {STRANGER}" in caplog.text
    assert f"sign_in_blocked: address {STRANGER}" in caplog.text
    assert "hunter2" not in caplog.text
    assert people.manager.email not in caplog.text
