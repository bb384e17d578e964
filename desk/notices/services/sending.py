"""Send digests: each is recorded before the mail server gets it, so that nobody gets one twice."""

import logging
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPResponseException

from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from actions.saved_views.services import mark_notified
from audit.actors import SYSTEM, Actor
from audit.clock import london_date
from audit.policies import forbid, why_not_system
from desk.escalations.services import ROLE_OF
from desk.notices.models import Digest, DigestLine
from desk.notices.services.lines import MEMORY, Contents, contents_for
from desk.notices.services.mail import message_of, subject_of
from desk.notices.services.preferences import may_go_out, preference_of
from partners.models import Membership, User
from partners.policies import outside_sandboxes, reading_rights_once, rights_of

LOG = logging.getLogger(__name__)
State = Digest.State
# Far longer than an email takes: EMAIL_TIMEOUT ends a silent connection after half a minute.
LOST_AFTER = timedelta(minutes=15)
MOST_ATTEMPTS = 3
# The mail server refused the email, so it was not sent. After any other error it may have been.
REFUSALS = (SMTPResponseException, SMTPRecipientsRefused)


@dataclass(frozen=True)
class Outcome:
    """The numbers of digests of a run, by result."""

    sent: int = 0
    refused: int = 0
    unknown: int = 0
    failed: int = 0
    to_try_again: int = 0

    def __str__(self) -> str:
        return gettext("{sent} sent, {refused} refused, {unknown} unknown, {failed} failed").format(
            sent=self.sent, refused=self.refused, unknown=self.unknown, failed=self.failed
        )


def send_digests(*, actor: Actor, at: datetime) -> Outcome:
    """Send everybody the digest of the day of `at` that is due and not sent yet.

    Runs may repeat and overlap: only one of them sends each digest.

    Raises:
        PermissionDenied: unless the actor is the system.
        OSError: when the mail server cannot be reached; the next run sends the rest.
    """
    forbid(why_not_system(actor))
    day = london_date(at)
    Digest.objects.filter(state=State.SENDING, sending_at__lte=at - LOST_AFTER).update(state=State.UNKNOWN)
    results: Counter[str] = Counter()
    connection = get_connection()
    # Connect first: a server that is down stops the run before anything is recorded as being sent.
    connection.open()
    try:
        for person in _people(day):
            results[_send_to(person, at, connection)] += 1
    finally:
        connection.close()
    refused = Digest.objects.filter(day=day, state=State.REFUSED, attempts__lt=MOST_ATTEMPTS)
    return Outcome(
        sent=results[State.SENT],
        refused=results[State.REFUSED],
        unknown=results[State.UNKNOWN],
        failed=results["failed"],
        to_try_again=refused.count() + results["failed"],
    )


def digests_sent_to(*, user: User, most: int) -> list[Digest]:
    """List the newest digests of a person, sent or not."""
    return list(Digest.objects.filter(user=user).order_by("-day")[:most])


def prune_lines(*, actor: Actor, at: datetime) -> int:
    """Delete the lines of digests too old for later ones to read; the digests themselves stay.

    Raises:
        PermissionDenied: unless the actor is the system.
    """
    forbid(why_not_system(actor))
    old = DigestLine.objects.filter(digest__day__lt=london_date(at) - MEMORY)
    return old.delete()[0]


def _people(day: date) -> list[User]:
    """Return the people who may be sent a digest on the day, with their settings."""
    running = Membership.objects.running(day)
    users = User.objects.filter(pk__in=running.values("user"), kind=User.Kind.USER, is_active=True)
    escalated_to = set(running.filter(role__in=ROLE_OF.values()).values_list("user", flat=True))
    return [
        person
        for person in users.select_related("notice_preference").order_by("pk")
        if person.pk in escalated_to or may_go_out(preference_of(user=person), day)
    ]


def _send_to(person: User, at: datetime, connection: BaseEmailBackend) -> str:
    """Send a person's digest and return the result; empty where there is nothing to send."""
    try:
        with outside_sandboxes(), reading_rights_once():
            claimed = _claim(person, at, connection)
    except IntegrityError:
        return ""  # another worker is sending it
    except Exception as error:  # noqa: BLE001  one person's error must not stop everybody else's email
        LOG.warning("The digest for account %s could not be written: %s", person.pk, type(error).__name__)
        return "failed"
    if claimed is None:
        return ""
    digest, mail, contents = claimed
    state = _hand_over(digest, mail, connection)
    sent_at = at if state == State.SENT else None
    # Overrules a run that counted it as lost in the meantime.
    unsettled = Digest.objects.filter(pk=digest.pk, state__in=[State.SENDING, State.UNKNOWN])
    unsettled.update(state=state, sent_at=sent_at)
    if state == State.SENT:
        mark_notified(actor=SYSTEM, news=contents.news)
    return state


def _claim(
    person: User, at: datetime, connection: BaseEmailBackend
) -> tuple[Digest, EmailMultiAlternatives, Contents] | None:
    """Record, in its own transaction, the digest about to be sent; None where there is nothing to send.

    Once this is committed nobody else sends it. If the process dies now, the email counts as perhaps sent.
    """
    day = london_date(at)
    with transaction.atomic(durable=True):
        digest = Digest.objects.select_for_update().filter(user=person, day=day).first()
        if digest is not None and not (digest.state == State.REFUSED and digest.attempts < MOST_ATTEMPTS):
            return None
        if not rights_of(person, day).grants:
            return None
        contents = contents_for(actor=person, preference=preference_of(user=person), on=day)
        if not contents.lines:
            return None
        if digest is None:
            digest = Digest(user=person, day=day, sending_at=at)
        else:
            digest.attempts += 1
            digest.lines.all().delete()
        digest.state, digest.sending_at = State.SENDING, at
        digest.subject = subject_of(contents, digest)
        digest.save()
        for line in contents.lines:
            line.digest = digest
        DigestLine.objects.bulk_create(contents.lines)
        return digest, message_of(digest, contents, connection), contents


def _hand_over(digest: Digest, mail: EmailMultiAlternatives, connection: BaseEmailBackend) -> str:
    try:
        mail.send()
    except REFUSALS as error:
        LOG.warning("The mail server refused digest %s: %s", digest.pk, type(error).__name__)
        return State.REFUSED
    except OSError as error:
        LOG.warning("It is not known whether digest %s arrived: %s", digest.pk, type(error).__name__)
        connection.close()
        connection.open()
        return State.UNKNOWN
    return State.SENT
