"""Digests: who is sent what, when, and never twice."""

from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import LazySettings
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse

from actions.actions.services import edit_action
from actions.questions.services import answer_question
from actions.saved_views.services import create_view, watch_view
from actions.update_requests.services import request_update
from audit.actors import SYSTEM
from desk.models import Digest, DigestLine, NoticePreference
from desk.my_work.services.lists import my_tasks
from desk.notices.services.preferences import save_preference
from desk.notices.services.sending import Outcome, prune_lines, send_digests
from partners.memberships.services import end_membership
from partners.models import User
from tests import cast as stage
from tests.cast import LONDON, Cast
from tests.factories import ActionFactory, QuestionFactory

Mails = list[EmailMultiAlternatives]
SEVEN = time(7)
FRIDAY = date(2020, 6, 19)


def send(on: date = FRIDAY) -> Outcome:
    return send_digests(actor=SYSTEM, at=datetime.combine(on, SEVEN, LONDON))


def alone(person: Any) -> None:
    """Close all other accounts: what nobody is sent need not be worked out for ten people day by day."""
    User.objects.exclude(pk=person.pk).update(is_active=False)


def mail_to(person: Any, mails: Mails) -> EmailMultiAlternatives:
    (message,) = [mail for mail in mails if mail.to == [person.email]]
    return message


def html(mail: EmailMultiAlternatives) -> str:
    ((content, kind),) = mail.alternatives
    assert kind == "text/html"
    return str(content)


def test_a_digest_says_what_my_work_says(cast: Cast, mailoutbox: Mails, settings: LazySettings) -> None:
    settings.SITE_ADDRESS = "https://tracker.example.org"
    action = ActionFactory(cast=cast, allocated=True)
    assert send().sent == 1
    mail = mail_to(cast.bradford_spoc, mailoutbox)
    (task,) = my_tasks(actor=cast.bradford_spoc, on=FRIDAY)
    assert mail.subject == "Prevent Tracker: 1 date coming up"
    for words in (mail.body, html(mail)):
        assert task.title in words
        assert "Due 30 June 2020" in words
        assert str(cast.plan) in words
        assert f"https://tracker.example.org/actions/{action.pk}/update/" in words
    assert "http-equiv" not in html(mail)
    assert "<img" not in html(mail)


def test_one_mail_a_day_and_none_without_tasks(cast: Cast, mailoutbox: Mails) -> None:
    ActionFactory(cast=cast, allocated=True)
    assert [send().sent, send().sent] == [1, 0]
    assert [mail.to for mail in mailoutbox] == [[cast.bradford_spoc.email]]
    assert (
        mailoutbox[0].extra_headers["Message-ID"] == f"<digest-{Digest.objects.get().pk}-20200619@127.0.0.1>"
    )


def test_sensitive_words_never_leave_by_mail(cast: Cast, mailoutbox: Mails) -> None:
    action = ActionFactory(cast=cast, allocated=True)
    edit_action(
        actor=cast.manager,
        action=action,
        title="Visit the hidden place",
        marking="OFFICIAL-SENSITIVE",
        handling_instruction="Named people only.",
        at=stage.AT,
    )
    send()
    mail = mail_to(cast.bradford_spoc, mailoutbox)
    for words in (mail.subject, mail.body, html(mail), *map(str, DigestLine.objects.all())):
        assert "hidden" not in words
        assert "Named people" not in words
    assert "Update WY20-01\n" in mail.body
    assert "Sign in to read it." in mail.body


def test_a_line_about_several_actions_names_none_of_them_where_one_is_sensitive(
    cast: Cast, mailoutbox: Mails
) -> None:
    actions = [ActionFactory(cast=cast, in_progress=True, ref=f"WY20-0{number}") for number in (1, 2)]
    question = {"question": "Is the hidden place open?", "due_on": date(2020, 6, 26), "at": stage.AT}
    for action in actions:
        request_update(actor=cast.manager, action=action, **question)
    edit_action(
        actor=cast.manager,
        action=actions[0],
        marking="OFFICIAL-SENSITIVE",
        handling_instruction="Named people only.",
        at=stage.AT,
    )
    send()
    lines = [
        line
        for line in DigestLine.objects.filter(digest__user=cast.bradford_spoc)
        if "update_requested=yes" in line.path
    ]
    assert [(line.title, line.reason) for line in lines] == [
        ("Update 2 actions you were asked about", "Sign in to read it")
    ]


def test_contents_of_digests_are_deleted_after_400_days_but_not_their_record(cast: Cast) -> None:
    ActionFactory(cast=cast, allocated=True)
    send()
    lines = DigestLine.objects.count()
    for days, remaining in ((400, lines), (401, 0)):
        prune_lines(actor=SYSTEM, at=datetime.combine(FRIDAY + timedelta(days), SEVEN, LONDON))
        assert DigestLine.objects.count() == remaining
    assert Digest.objects.filter(user=cast.bradford_spoc, state="sent").exists()


def test_a_leaver_gets_no_mail(cast: Cast, mailoutbox: Mails) -> None:
    ActionFactory(cast=cast, allocated=True)
    (membership,) = cast.bradford_spoc.memberships.all()
    end_membership(actor=cast.manager, membership=membership, ends_on=date(2020, 6, 18), at=stage.AT)
    send()
    assert cast.bradford_spoc.email not in [to for mail in mailoutbox for to in mail.to]


@pytest.mark.parametrize(
    ("frequency", "days"),
    [
        ("daily", [15, 16, 17, 18, 19, 20, 21]),
        ("weekdays", [15, 16, 17, 18, 19]),
        ("weekly", [17]),
        ("never", []),
    ],
)
def test_everybody_sets_their_own_days(cast: Cast, frequency: str, days: list[int]) -> None:
    ActionFactory(cast=cast, allocated=True)
    alone(cast.bradford_spoc)
    save_preference(actor=cast.bradford_spoc, frequency=frequency, weekday=2, at=stage.AT)
    for day in range(15, 22):
        send(date(2020, 6, day))
    assert sorted(row.day.day for row in Digest.objects.all()) == days


def reminders(person: Any) -> list[tuple[int, int | None, date | None]]:
    lines = DigestLine.objects.filter(kind="reminder", digest__user=person).order_by("digest__day", "order")
    return [(line.digest.day.day, line.ahead, line.by) for line in lines.select_related("digest")]


def test_each_reminder_comes_once_fourteen_and_three_days_ahead(cast: Cast) -> None:
    ActionFactory(cast=cast, in_progress=True, due=date(2020, 6, 26))
    alone(cast.bradford_spoc)
    save_preference(actor=cast.bradford_spoc, frequency="daily", at=stage.AT)
    for day in range(10, 28):
        send(date(2020, 6, day))
    assert reminders(cast.bradford_spoc) == [(12, 14, date(2020, 6, 26)), (23, 3, date(2020, 6, 26))]


def test_a_reminder_comes_before_the_days_without_mail(cast: Cast) -> None:
    """Three days before Tuesday 30 June is a Saturday, so the Friday tells."""
    ActionFactory(cast=cast, in_progress=True, due=date(2020, 6, 30))
    alone(cast.bradford_spoc)
    for day in range(22, 31):
        send(date(2020, 6, day))
    nearest = [row for row in reminders(cast.bradford_spoc) if row[1] == 3]
    assert nearest == [(26, 3, date(2020, 6, 30))]


def test_news_of_a_watched_view_comes_once_and_in_figures(cast: Cast, mailoutbox: Mails) -> None:
    fields = {"partnership": cast.yorkshire, "name": "Bradford", "query": [("pillar", "Identify")]}
    view = create_view(actor=cast.manager, at=stage.EARLIER, **fields)
    watch_view(actor=cast.manager, view=view, at=stage.EARLIER)
    ActionFactory(cast=cast, awaiting_assurance=True)
    for day in (19, 22):
        send(date(2020, 6, day))
    (mail,) = [mail for mail in mailoutbox if mail.to == [cast.manager.email]]
    assert "changes in 1 view you watch" in mail.subject
    assert "View changes in “Bradford”" in mail.body


def test_an_answer_comes_once_and_does_not_wait_for_the_day_of_a_weekly_digest(
    cast: Cast, mailoutbox: Mails
) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    alone(cast.gold)
    save_preference(actor=cast.gold, frequency="weekly", weekday=4, at=stage.AT)
    texts = {"open": "", "own": "He rang me.", "new": "The eastern ones."}
    for text, answer in texts.items():
        question = QuestionFactory(cast=cast, action=action, text=f"Is it {text}?", actor=cast.gold)
        if answer:
            actor = cast.gold if text == "own" else cast.bradford_spoc
            answer_question(actor=actor, question=question, answer=answer, at=stage.AT)
    for day in (22, 23):
        send(date(2020, 6, day))
    (mail,) = mailoutbox
    assert mail.subject == "Prevent Tracker: 1 answer to your questions"
    assert "ANSWERS TO YOUR QUESTIONS" in mail.body
    assert f"Answer on {action.ref}: {action.title}" in mail.body
    assert "Bradford spoc answers: “The eastern ones.”\n" in mail.body
    assert "No date set" not in mail.body


def test_an_answer_on_a_sensitive_action_stays_in_the_service(cast: Cast, mailoutbox: Mails) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    alone(cast.gold)
    question = QuestionFactory(cast=cast, action=action, actor=cast.gold)
    answer_question(actor=cast.bradford_spoc, question=question, answer="East.", at=stage.AT)
    edit_action(
        actor=cast.manager,
        action=action,
        marking="OFFICIAL-SENSITIVE",
        handling_instruction="Named people only.",
        at=stage.AT,
    )
    send()
    assert "East." not in mailoutbox[0].body
    assert f"Answer on {action.ref}\n" in mailoutbox[0].body


def test_the_link_of_a_mail_stops_the_mails_without_signing_in(
    cast: Cast, mailoutbox: Mails, client: Client
) -> None:
    ActionFactory(cast=cast, allocated=True)
    send()
    headers = mailoutbox[0].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = urlsplit(headers["List-Unsubscribe"].strip("<>")).path
    assert b"Stop emails?" in client.get(path).content
    assert not NoticePreference.objects.exists()
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert NoticePreference.objects.get().frequency == "never"
    assert send(date(2020, 6, 22)).sent == 0
    forged = path.replace(f"/{cast.bradford_spoc.pk}:", f"/{cast.manager.pk}:")
    assert forged != path
    assert [client.get(forged).status_code, client.post(forged).status_code] == [404, 404]


def test_my_notices_keeps_what_is_set(cast: Cast, signed_in: Any) -> None:
    client = signed_in("bradford_spoc")
    form_data = {"frequency": "weekly", "weekday": "3", "first_reminder": "21", "last_reminder": "7"}
    assert client.post(reverse("desk:notices"), form_data).status_code == 302
    row = NoticePreference.objects.get()
    assert (row.user, row.frequency, row.weekday) == (cast.bradford_spoc, "weekly", 3)
    refused = client.post(reverse("desk:notices"), form_data | {"last_reminder": "30"})
    assert refused.status_code == 422
    assert "fewer days before the due date than the first" in refused.content.decode()
