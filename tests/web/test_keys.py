"""A service that runs with another key than its database was written with says so, and goes on by itself with the right one.

tests/service/test_health.py starts one so.
"""

import base64
import logging
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from audit.actors import SYSTEM
from audit.services import public_key
from desk.models import JobRun
from tests.cast import AT, Cast
from web.health import check_health
from web.keys import WRONG_KEY, WRONG_SIGNING_KEY
from web.services import record_secret_key

pytestmark = pytest.mark.django_db
OTHER_KEY = "another-secret-key-" * 4


def keys() -> str:
    return check_health().checks["keys"]


@pytest.fixture
def first_key(settings: Any) -> str:
    """The key that the database was first used with."""
    assert record_secret_key(actor=SYSTEM, at=AT)
    return str(settings.SECRET_KEY)


def test_another_secret_key_stops_the_schedule_until_the_right_one_is_back(
    first_key: str, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.SECRET_KEY = OTHER_KEY
    assert keys() == WRONG_KEY
    assert not check_health().is_ready
    with caplog.at_level(logging.ERROR):
        call_command("run_schedule")
    assert f"Nothing is queued: {WRONG_KEY}" in caplog.text
    assert not JobRun.objects.exists()
    with pytest.raises(CommandError, match="SECRET_KEY is not the one that this database was used with"):
        call_command("run_schedule", check=True)
    settings.SECRET_KEY = first_key
    assert keys() == "ok"
    call_command("run_schedule")
    assert JobRun.objects.exists()


def test_a_key_that_takes_over_is_known_from_then_on(first_key: str, settings: Any) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OTHER_KEY, [first_key]
    assert keys() == "ok"
    assert record_secret_key(actor=SYSTEM, at=AT)
    settings.SECRET_KEY_FALLBACKS = []
    assert keys() == "ok"


def test_a_key_that_leaked_is_left_out_on_purpose(first_key: str, settings: Any) -> None:
    settings.SECRET_KEY = OTHER_KEY
    assert not record_secret_key(actor=SYSTEM, at=AT)
    call_command("accept_secret_key")
    assert keys() == "ok"


def test_only_the_system_records_keys(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        record_secret_key(actor=cast.administrator, at=AT, is_accepted=True)


def test_another_signing_key_is_named(cast: Cast, settings: Any) -> None:
    call_command("checkpoint_ledger")
    assert keys() == "ok"
    first = public_key()
    settings.LEDGER_SIGNING_KEY = base64.b64encode(b"k" * 32).decode()
    assert keys() == WRONG_SIGNING_KEY
    settings.LEDGER_FORMER_PUBLIC_KEYS = [first]
    assert keys() == "ok"
