"""Mails about accounts. Requests queue them and a worker sends them, so that nobody waits for a mail server."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django_tasks import task

from audit import clock
from partners.accounts.services import mail as account_mail

PASSWORD_RESET = account_mail.PASSWORD_RESET
PASSWORD_CHANGED = account_mail.PASSWORD_CHANGED
MOST_ATTEMPTS = 5

log = logging.getLogger(__name__)


def queue_mail(kind: str, user_id: int | None, at: datetime) -> None:
    """Put a mail to an account's holder into the workers' queue, by the account's id: no address and no secret is stored.

    Args:
        user_id: None where there is no account; the worker then sends nothing.
        at: when it was asked for, or when what it tells of happened.
    """
    send_account_mail.enqueue(kind=kind, user_id=user_id, at=at.isoformat())


@task()
def send_account_mail(kind: str, user_id: int | None, at: str, attempt: int = 1) -> str:
    """Send a mail about an account. Where the mail server takes none, try again after one, two, three and four minutes."""
    since = datetime.fromisoformat(at)
    user = account_mail.holder(user_id=user_id)
    if user is None:
        return "no account"
    if kind == PASSWORD_RESET and clock.now() - since > timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT):
        return "asked for too long ago"
    try:
        account_mail.send(kind=kind, user=user, at=since)
    except OSError as error:
        log.warning("The mail server refused a mail to account %s: %s", user.pk, type(error).__name__)
        if attempt == MOST_ATTEMPTS:
            raise
        # By the real clock, as the queue goes by it.
        later = send_account_mail.using(run_after=timezone.now() + timedelta(minutes=attempt))
        later.enqueue(kind=kind, user_id=user_id, at=at, attempt=attempt + 1)
        return "to try again"
    return "sent"
