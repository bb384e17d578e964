"""An account that nobody uses is announced, suspended a week later, and opened again without what it had before."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.test import Client

from audit.actors import SYSTEM
from audit.clock import london_date
from audit.models import Entry
from audit.services import system_ledger, verify
from partners.accounts.services.unused import suspend_unused
from partners.accounts.services.users import change_user
from partners.models import PersonalTokenUse, User
from partners.tokens.services import create_token
from tests.cast import AT, TODAY, Cast
from tests.support.task_queue import run_tasks

WEEK = timedelta(days=7)
MONTH = timedelta(days=30)
# The accounts of the cast are younger than 90 days at AT.
NOW = AT + 3 * MONTH


@pytest.fixture
def unused(cast: Cast) -> User:
    """Gold signed in 83 days ago, all others today."""
    User.objects.update(last_login=NOW)
    return signed_in_at(cast.gold, NOW - timedelta(days=83))


def signed_in_at(user: User, at: datetime) -> User:
    User.objects.filter(pk=user.pk).update(last_login=at)
    return User.objects.get(pk=user.pk)


def run(at: datetime) -> tuple[int, int]:
    outcome = suspend_unused(actor=SYSTEM, at=at)
    return outcome.announced, outcome.suspended


def mails() -> list[tuple[list[str], str]]:
    mail.outbox.clear()
    run_tasks()
    return [
        (message.to, message.subject.removeprefix("Prevent Tracker: your account "))
        for message in mail.outbox
    ]


def test_an_unused_account_is_announced_suspended_and_reopened_without_its_tokens(
    cast: Cast, unused: User
) -> None:
    _, token = create_token(
        actor=unused, name="Excel", scopes=["actions:read"], expires_on=date(2021, 6, 1), at=AT
    )
    browser = Client()
    browser.force_login(unused)
    signed_in_at(unused, NOW - timedelta(days=83))
    mails()
    assert run(NOW - timedelta(days=1)) == (0, 0)
    assert run(NOW) == (1, 0)
    assert mails() == [(["gold@example.org"], "will be suspended")]
    assert "on 24 September 2020" in str(mail.outbox[0].body)
    assert run(NOW + WEEK - timedelta(days=1)) == (0, 0)
    assert run(NOW + WEEK) == (0, 1)
    assert mails() == [(["gold@example.org"], "was suspended")]
    assert "not used for 90 days" in str(mail.outbox[0].body)

    user = change_user(actor=cast.administrator, user=unused, is_active=True, at=NOW + MONTH)
    assert browser.get("/account/tokens/").status_code == 302
    assert Client().get("/api/v1/plans/", headers={"authorization": f"Bearer {token}"}).status_code == 401
    assert run(NOW + MONTH) == (0, 0)
    assert User.objects.get(pk=user.pk).is_active
    verbs = Entry.objects.filter(ledger=system_ledger(), target_id=str(user.pk)).order_by("sequence")
    assert [entry.verb for entry in verbs][-3:] == [
        "user.suspension_announced",
        "user.suspended",
        "user.changed",
    ]
    assert verify(ledger=system_ledger()).ok


def test_signing_in_or_using_a_token_cancels_the_suspension(cast: Cast, unused: User) -> None:
    assert run(NOW) == (1, 0)
    signed_in_at(unused, NOW + timedelta(days=2))
    assert run(NOW + WEEK) == (0, 0)
    assert User.objects.get(pk=unused.pk).suspend_on is None
    signed_in_at(unused, NOW - timedelta(days=83))
    token, _ = create_token(actor=unused, name="Excel", scopes=["actions:read"], expires_on=TODAY, at=AT)
    PersonalTokenUse.objects.create(token=token, on=london_date(NOW))
    assert run(NOW + WEEK) == (0, 0)


def test_nobody_is_suspended_without_a_week_of_notice(cast: Cast, unused: User) -> None:
    signed_in_at(unused, NOW - timedelta(days=300))
    assert run(NOW) == (1, 0)
    assert User.objects.get(pk=unused.pk).suspend_on == london_date(NOW + WEEK)


def test_the_setting_turns_it_off_and_the_last_administrator_stays(
    cast: Cast, unused: User, settings: Any
) -> None:
    signed_in_at(cast.administrator, NOW - timedelta(days=300))
    settings.UNUSED_ACCOUNT_DAYS = 0
    assert run(NOW) == (0, 0)
    settings.UNUSED_ACCOUNT_DAYS = 90
    run(NOW)
    assert run(NOW + WEEK) == (0, 1)
    assert not User.objects.get(pk=unused.pk).is_active
    assert User.objects.get(pk=cast.administrator.pk).is_active
    signed_in_at(cast.bradford_spoc, AT - timedelta(days=300))
    settings.EMERGENCY_ACCOUNTS = ["bradford.spoc@example.org"]
    run(NOW + WEEK)
    assert run(NOW + 2 * WEEK) == (0, 0)
    settings.EMERGENCY_ACCOUNTS = []
    assert run(NOW + 2 * WEEK) == (0, 1)


def test_only_the_schedule_suspends_unused_accounts(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        suspend_unused(actor=cast.administrator, at=AT)
