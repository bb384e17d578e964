"""A person's password: changed on the page, or chosen by a link from a mail that a worker sends."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from audit.models import Entry
from partners.accounts.services.users import change_user
from partners.models import User
from tests.cast import AT, Cast
from tests.support.task_queue import NO_SERVER, run_tasks

OLD, NEW = "correct horse battery staple", "four-quite-random-words"
CHANGE, RESET, SIGN_IN = "/accounts/password/change/", "/accounts/password/reset/", "/accounts/login/"
LINK = re.compile(r"http://127\.0\.0\.1:8000(/accounts/password/reset/key/\S+)")


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    cache.clear()


@pytest.fixture
def holder(cast: Cast) -> User:
    cast.bradford_spoc.set_password(OLD)
    cast.bradford_spoc.save(update_fields=["password"])
    return cast.bradford_spoc


def sign_in(user: User, password: str = OLD) -> Client:
    client = Client()
    client.post(SIGN_IN, {"login": user.email, "password": password})
    return client


def is_signed_in(client: Client) -> bool:
    return client.get("/").status_code == 200


def change(client: Client, **fields: str) -> Any:
    return client.post(CHANGE, {"oldpassword": OLD, "password1": NEW, "password2": NEW} | fields)


def link_of(message: Any) -> str:
    match = LINK.search(str(message.body))
    assert match is not None
    return match[1]


def choose(client: Client, link: str) -> Any:
    page = client.get(link, follow=True)
    return client.post(page.request["PATH_INFO"], {"password1": NEW, "password2": NEW}, follow=True)


# Changed on the page -----------------------------------------------------------------------------------------


def test_a_person_changes_their_password_and_stays_signed_in_here_only(holder: User) -> None:
    here, elsewhere = sign_in(holder), sign_in(holder)
    assert is_signed_in(here)
    assert is_signed_in(elsewhere)
    assert change(here).status_code == 302
    assert "Your password was changed." in here.get(CHANGE).content.decode()
    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)
    assert not is_signed_in(sign_in(holder))
    assert is_signed_in(sign_in(holder, NEW))
    entry = Entry.objects.get(verb="user.password_changed")
    assert (entry.actor_id, entry.target_id) == (str(holder.pk), str(holder.pk))


def test_a_person_without_a_password_asks_for_a_link(holder: User) -> None:
    client = sign_in(holder)
    holder.set_unusable_password()
    holder.save(update_fields=["password"])
    client.force_login(holder, backend="allauth.account.auth_backends.AuthenticationBackend")
    for answer in (client.get(CHANGE), change(client)):
        assert (answer.status_code, answer["Location"]) == (302, RESET)


def test_a_mail_says_that_the_password_was_changed(holder: User) -> None:
    change(sign_in(holder))
    assert mail.outbox == []
    assert run_tasks() == ["sent"]
    message = mail.outbox[0]
    assert (message.to, message.subject) == ([holder.email], "Prevent Tracker: your password was changed")
    body = str(message.body)
    assert "was changed on 19 June 2020 at 10:00am" in body
    assert "If you did not change it" in body
    assert f"http://127.0.0.1:8000{RESET}" in body
    assert "{" not in body


def test_a_rejected_change_ends_no_session_and_sends_no_email(holder: User) -> None:
    here, elsewhere = sign_in(holder), sign_in(holder)
    run_tasks()  # about the other browser
    assert change(here, oldpassword="wrong").status_code == 200
    assert is_signed_in(here)
    assert is_signed_in(elsewhere)
    assert run_tasks() == []


def test_a_mail_server_that_is_down_stops_no_change(holder: User, settings: Any) -> None:
    settings.EMAIL_BACKEND = NO_SERVER
    assert change(sign_in(holder)).status_code == 302
    assert run_tasks() == ["will try again"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now())
    assert run_tasks() == ["sent"]
    assert [message.to for message in mail.outbox] == [[holder.email]]


# Chosen by a link --------------------------------------------------------------------------------------------


def test_a_link_from_a_mail_chooses_a_password_and_ends_every_session(holder: User) -> None:
    elsewhere = sign_in(holder)
    client = Client()
    client.post(RESET, {"email": holder.email.upper()})
    assert run_tasks() == ["sent"]
    link = link_of(mail.outbox[0])
    assert "Password saved" in choose(client, link).content.decode()
    assert not is_signed_in(elsewhere)
    assert run_tasks() == ["sent"]
    assert mail.outbox[1].subject == "Prevent Tracker: your password was changed"
    assert is_signed_in(sign_in(holder, NEW))
    assert "This link no longer works" in Client().get(link, follow=True).content.decode()


def test_the_first_mail_says_what_the_service_is_and_how_long_the_link_works(cast: Cast) -> None:
    cast.gold.name = "Director of Children's Services"
    cast.gold.save(update_fields=["name"])
    Client().post(RESET, {"email": cast.gold.email})
    run_tasks()
    message = mail.outbox[0]
    assert message.subject == "Prevent Tracker: choose your password"
    body = str(message.body)
    assert "You have an account on Prevent Tracker (Director of Children's Services)." in body
    assert "You can use the link once, within 60 minutes." in body
    assert "If you did not request this link" in body


def test_a_later_email_is_about_a_new_password(holder: User) -> None:
    Client().post(RESET, {"email": holder.email})
    run_tasks()
    assert mail.outbox[0].subject == "Prevent Tracker: choose a new password"


@pytest.mark.parametrize(("minutes", "works"), [(59, True), (61, False)])
def test_a_link_works_for_an_hour(
    holder: User, minutes: int, works: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    Client().post(RESET, {"email": holder.email})
    run_tasks()
    later = PasswordResetTokenGenerator()._now() + timedelta(minutes=minutes)
    monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda _: later)
    html = Client().get(link_of(mail.outbox[0]), follow=True).content.decode()
    assert ("Choose a password" in html, "This link no longer works" in html) == (works, not works)


def test_an_expired_request_sends_no_link(holder: User, monkeypatch: pytest.MonkeyPatch) -> None:
    Client().post(RESET, {"email": holder.email})
    monkeypatch.setattr("audit.clock.now", lambda: AT + timedelta(minutes=61))
    assert run_tasks() == ["request expired"]
    assert mail.outbox == []


# Nobody learns who has an account, and nobody waits for a mail server --------------------------------------------


@pytest.fixture
def no_server(settings: Any) -> None:
    settings.EMAIL_BACKEND = NO_SERVER


@pytest.mark.usefixtures("no_server")
def test_known_and_unknown_addresses_get_the_same_response(
    holder: User,
) -> None:
    answers, queries = [], []
    for email in (holder.email, "nobody@example.org"):
        with CaptureQueriesContext(connection) as captured:
            answers.append(Client().post(RESET, {"email": email}))
        queries.append([query["sql"].split()[0] for query in captured])
    assert queries[0] == queries[1]
    known, unknown = answers
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert known.status_code == 302
    assert run_tasks() == ["will try again", "no account"]


def test_an_address_without_an_open_account_of_a_person_gets_no_mail(cast: Cast) -> None:
    User.objects.filter(pk=cast.former_spoc.pk).update(is_active=False)
    User.objects.filter(pk=cast.stranger.pk).update(kind=User.Kind.CLIENT)
    for email in ("nobody@example.org", cast.former_spoc.email, cast.stranger.email):
        assert Client().post(RESET, {"email": email}).status_code == 302
    assert run_tasks() == ["no account"] * 3
    assert mail.outbox == []


def test_a_former_address_no_longer_opens_the_account(cast: Cast, holder: User) -> None:
    former = holder.email
    Client().post(RESET, {"email": former})
    run_tasks()
    choose(Client(), link_of(mail.outbox.pop()))
    run_tasks()
    change_user(actor=cast.administrator, user=holder, email="new.spoc@example.org", at=AT)
    run_tasks()  # about the address
    Client().post(RESET, {"email": former})
    assert run_tasks() == ["no account"]
    client = Client()
    client.post(SIGN_IN, {"login": former, "password": NEW})
    assert not is_signed_in(client)


def test_an_account_closed_before_sending_gets_no_email(holder: User) -> None:
    Client().post(RESET, {"email": holder.email})
    User.objects.filter(pk=holder.pk).update(is_active=False)
    assert run_tasks() == ["no account"]


def test_the_queue_holds_neither_address_nor_link(holder: User) -> None:
    Client().post(RESET, {"email": holder.email})
    Client().post(RESET, {"email": "nobody@example.org"})
    run_tasks()
    rows = DBTaskResult.objects.all()
    assert [sorted(row.args_kwargs["kwargs"]) for row in rows] == [["at", "kind", "user_id"]] * 2
    stored = str([list(row.__dict__.items()) for row in rows])
    assert "example.org" not in stored
    assert link_of(mail.outbox[0]).split("-")[-1].strip("/") not in stored


def test_an_email_is_tried_five_times_without_secrets_in_the_log(
    holder: User, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND = NO_SERVER
    Client().post(RESET, {"email": holder.email})
    answers = []
    while DBTaskResult.objects.filter(status="READY").exists():
        DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now())
        answers += run_tasks()
    assert answers == [*["will try again"] * 4, "builtins.ConnectionRefusedError"]
    assert f"an email to account {holder.pk}" in caplog.text
    assert holder.email not in caplog.text


def test_a_stranger_cannot_fill_a_mailbox_or_block_its_owner(holder: User) -> None:
    """Past the limit the answer is the same, and the links that were sent still work."""
    answers = [
        Client(REMOTE_ADDR=f"192.0.2.{number}").post(RESET, {"email": holder.email}) for number in range(9)
    ]
    assert {answer.status_code for answer in answers} == {302}
    assert run_tasks() == ["sent"] * 5
    assert "Password saved" in choose(Client(), link_of(mail.outbox[0])).content.decode()
