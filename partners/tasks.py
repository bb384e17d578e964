"""Emails about accounts. A worker sends them, so that no request waits for the mail server."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext
from django_tasks import task
from django_tasks.base import Task

from audit import clock
from partners.accounts.services import mail as account_mail

PASSWORD_RESET = account_mail.PASSWORD_RESET
PASSWORD_CHANGED = account_mail.PASSWORD_CHANGED
FACTOR_CHANGED = account_mail.FACTOR_CHANGED
INVITATION = account_mail.INVITATION
ADDRESS_CHANGED = account_mail.ADDRESS_CHANGED
NEW_BROWSER = account_mail.NEW_BROWSER
TOKEN_CREATED = account_mail.TOKEN_CREATED
CLIENT_SECRET_CREATED = account_mail.CLIENT_SECRET_CREATED
SIGN_ON_CHANGED = account_mail.SIGN_ON_CHANGED
SUSPENSION_ANNOUNCED = account_mail.SUSPENSION_ANNOUNCED
SUSPENDED = account_mail.SUSPENDED
REVIEW_DUE = account_mail.REVIEW_DUE
MEMBERSHIP_ENDED = account_mail.MEMBERSHIP_ENDED
MOST_ATTEMPTS = 5

log = logging.getLogger(__name__)


def queue_mail(kind: str, user_id: int | None, at: datetime, about: str = "") -> None:
    """Queue an email about an account. Only the account's id is stored, no address and no secret.

    Args:
        user_id: None if there is no account; then nothing is sent.
        at: when the email was requested, or when the password was changed.
        about: as `mail.send`.
    """
    more: dict[str, Any] = {"about": about} if about else {}
    send_account_mail.enqueue(kind=kind, user_id=user_id, at=at.isoformat(), **more)


@task()
def send_account_mail(kind: str, user_id: int | None, at: str, attempt: int = 1, about: str = "") -> str:
    """Send an email about an account. If the mail server rejects it, try again after 1, 2, 3 and 4 minutes."""
    since = datetime.fromisoformat(at)
    user = account_mail.recipient(user_id=user_id, kind=kind)
    if user is None:
        return gettext("no account")
    if kind == PASSWORD_RESET and clock.now() - since > timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT):
        return gettext("request expired")
    return try_to_send(
        partial(account_mail.send, kind=kind, user=user, at=since, about=about),
        send_account_mail,
        recipient=gettext("account {user}").format(user=user.pk),
        attempt=attempt,
        arguments={"kind": kind, "user_id": user_id, "at": at, "about": about},
    )


def try_to_send(
    send: Callable[[], None], mail_task: Task, *, recipient: str, attempt: int, arguments: dict[str, Any]
) -> str:
    """Send an email. If the mail server does not take it, queue the task again with its arguments and the next attempt's number."""
    try:
        send()
    except OSError as error:
        is_last = attempt == MOST_ATTEMPTS
        outcome = "It is not tried again" if is_last else "It is tried again"
        log.warning(
            "The mail server did not take an email to %s (%s). %s.", recipient, type(error).__name__, outcome
        )
        if is_last:
            raise
        # The queue uses the real clock, not the application's.
        later = mail_task.using(run_after=timezone.now() + timedelta(minutes=attempt))
        later.enqueue(**arguments, attempt=attempt + 1)
        return gettext("will try again")
    return "sent"
