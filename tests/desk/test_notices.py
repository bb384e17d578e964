"""Digests: who is sent what, when, and never twice."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.mail import EmailMultiAlternatives

from actions.models import Action
from actions.services import edit_action
from audit.actors import SYSTEM
from desk.models import Digest, DigestLine
from desk.services import my_work
from desk.services.notices import save_preference, send_digests
from desk.services.notices.sending import Outcome
from partners.services import end_membership
from tests import cast as stage
from tests.cast import LONDON, Cast

Mails = list[EmailMultiAlternatives]
SEVEN = time(7)
FRIDAY = date(2020, 6, 19)


def send(on: date = FRIDAY) -> Outcome:
    return send_digests(actor=SYSTEM, at=datetime.combine(on, SEVEN, LONDON))


def mail_to(person: Any, mails: Mails) -> EmailMultiAlternatives:
    (found,) = [mail for mail in mails if mail.to == [person.email]]
    return found


def html(mail: EmailMultiAlternatives) -> str:
    ((content, kind),) = mail.alternatives
    assert kind == "text/html"
    return str(content)


def test_a_digest_says_what_my_work_says(cast: Cast, mailoutbox: Mails, settings: LazySettings) -> None:
    settings.SITE_ADDRESS = "https://tracker.example.org"
    action = stage.allocated(cast)
    assert send().sent == 1
    mail = mail_to(cast.bradford_spoc, mailoutbox)
    (task,) = my_work(actor=cast.bradford_spoc, on=FRIDAY)
    assert mail.subject == "Prevent Tracker: 1 date coming up"
    for words in (mail.body, html(mail)):
        assert task.title in words
        assert "By 30 June 2020" in words
        assert str(cast.plan) in words
        assert f"https://tracker.example.org/actions/{action.pk}/update/" in words
    assert "http-equiv" not in html(mail)
    assert "<img" not in html(mail)
