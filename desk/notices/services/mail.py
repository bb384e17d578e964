"""The digest email in plain text and HTML, with the headers for unsubscribing."""

from collections.abc import Sequence
from itertools import groupby
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import ngettext

from desk.notices.models import Digest, DigestLine
from desk.notices.services.lines import Contents
from desk.notices.services.preferences import token_for

Kind = DigestLine.Kind


def subject_of(contents: Contents, digest: Digest) -> str:
    """Return the subject: the number of tasks, and how many are late."""
    lines = [line for line in contents.lines if line.kind not in (Kind.NEWS, Kind.ANSWER)]
    if not lines:
        if answers := sum(1 for line in contents.lines if line.kind == Kind.ANSWER):
            return ngettext(
                "Prevent Tracker: {number} answer to your questions",
                "Prevent Tracker: {number} answers to your questions",
                answers,
            ).format(number=answers)
        views = len(contents.lines)
        return ngettext(
            "Prevent Tracker: changes in {number} view you watch",
            "Prevent Tracker: changes in {number} views you watch",
            views,
        ).format(number=views)
    number = len(lines) + contents.more
    late = sum(1 for line in lines if line.by is not None and line.by < digest.day)
    if all(line.kind == Kind.REMINDER for line in lines):
        return ngettext(
            "Prevent Tracker: {number} date coming up", "Prevent Tracker: {number} dates coming up", number
        ).format(number=number)
    if late:
        return ngettext(
            "Prevent Tracker: {number} task, {late} late",
            "Prevent Tracker: {number} tasks, {late} late",
            number,
        ).format(number=number, late=late)
    return ngettext("Prevent Tracker: {number} task", "Prevent Tracker: {number} tasks", number).format(
        number=number
    )


def message_of(digest: Digest, contents: Contents, connection: BaseEmailBackend) -> EmailMultiAlternatives:
    """Return the email of a digest. Its Message-ID comes from the row, so a mail server recognises a repeat."""
    unsubscribe = _absolute(reverse("desk:unsubscribe", args=[token_for(digest.user)]))
    context = {
        "digest": digest,
        "groups": _groups(contents.lines),
        "more": contents.more,
        "again": any(line.again for line in contents.lines),
        "site": settings.SITE_ADDRESS,
        "my_work": _absolute(reverse("desk:my-work")),
        "settings": _absolute(reverse("desk:notices")),
        "unsubscribe": unsubscribe,
    }
    headers = {
        "Message-ID": f"<digest-{digest.pk}-{digest.day:%Y%m%d}@{urlsplit(settings.SITE_ADDRESS).hostname}>",
        "List-Unsubscribe": f"<{unsubscribe}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }
    mail = EmailMultiAlternatives(
        subject=digest.subject,
        body=render_to_string("mail/digest.txt", context),
        to=[digest.user.email],
        headers=headers,
        connection=connection,
    )
    mail.attach_alternative(render_to_string("mail/digest.html", context), "text/html")
    return mail


def _groups(lines: Sequence[DigestLine]) -> list[tuple[str, list[DigestLine]]]:
    """Group the lines under headings: the plan of a task, or the kind of any other line."""

    def heading(line: DigestLine) -> str:
        return line.heading if line.kind == Kind.WANTED else str(Kind(line.kind).label)

    return [(words, list(group)) for words, group in groupby(lines, heading)]


def _absolute(path: str) -> str:
    return settings.SITE_ADDRESS + path
