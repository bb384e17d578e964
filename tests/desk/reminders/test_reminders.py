"""Reminders of returns and updates: who gets them, how often, and until when."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from actions.models import Action
from audit.actors import SYSTEM
from audit.models import Entry
from desk.models import DigestLine, Frequency, Reminder
from desk.my_work.services.lists import my_tasks
from desk.notices.services.preferences import save_preference
from desk.notices.services.sending import send_digests
from desk.reminders.queries import candidates
from desk.reminders.services import remind, task_of, with_reminders
from partners.models import User
from partners.policies import rights_of
from returns.models import Return
from tests.cast import AT, LONDON, TODAY, Cast
from tests.factories import ActionFactory, submit_progress
from tests.permissions.returns import still_open
from tests.returns import returns

SATURDAY, MONDAY = date(2020, 6, 20), date(2020, 6, 22)


def send(on: date) -> None:
    send_digests(actor=SYSTEM, at=datetime.combine(on, time(7), LONDON))


def alone(*people: User) -> None:
    """Close all other accounts, so that no digest is written for them."""
    User.objects.exclude(pk__in=[person.pk for person in people]).update(is_active=False)


def moving(cast: Cast, ref: str = "WY20-01", **fields: Any) -> Action:
    return ActionFactory(cast=cast, in_progress=True, ref=ref, **fields)


def remind_of(cast: Cast, action: Action, message: str = "", at: datetime = AT) -> list[Reminder]:
    return remind(actor=cast.manager, actions=[action], message=message, at=at)


def test_a_reminder_of_an_action_is_a_task_until_the_next_update(cast: Cast) -> None:
    action = moving(cast)
    assert my_tasks(actor=cast.bradford_spoc, on=TODAY) == []
    (row,) = remind_of(cast, action, "The board asks.")
    (task,) = my_tasks(actor=cast.bradford_spoc, on=TODAY)
    assert (task.tag, task.path) == ("Reminder", reverse("actions:progress-create", args=[action.pk]))
    assert task.reason == "Manager sent a reminder on 19 June 2020: “The board asks.”"
    assert task == task_of(reminder=row)
    assert with_reminders(tasks=[], rights=rights_of(cast.leeds_spoc, TODAY)) == []
    entry = Entry.objects.get(verb="reminder.sent")
    assert (entry.note, entry.actor_id) == ("The board asks.", str(cast.manager.pk))
    later = AT + timedelta(minutes=5)
    submit_progress(
        actor=cast.bradford_spoc, action=action, narrative="Done.", rag="green", percent=60, at=later
    )
    assert my_tasks(actor=cast.bradford_spoc, on=TODAY) == []


def test_nobody_is_reminded_twice_in_a_week(cast: Cast) -> None:
    first, second = moving(cast), moving(cast, "WY20-02")
    remind_of(cast, first)
    again = "Manager sent a reminder on 19 June 2020. You can send another from 26 June 2020."
    with pytest.raises(ValidationError) as refusal:
        remind_of(cast, first, at=AT + timedelta(days=6))
    assert refusal.value.messages == [again]
    rows = remind(actor=cast.manager, actions=[first, second], message="", at=AT + timedelta(days=1))
    assert [row.action for row in rows] == [second]
    assert len(remind_of(cast, first, at=AT + timedelta(days=7))) == 1


def test_only_those_who_run_the_plan_send_reminders_and_only_of_what_is_awaited(cast: Cast) -> None:
    action = moving(cast)
    for other in (cast.bradford_spoc, cast.gold, cast.leicestershire_manager):
        with pytest.raises(PermissionDenied):
            remind(actor=other, actions=[action], message="", at=AT)
    waiting = ActionFactory(cast=cast, unallocated=True, ref="WY20-09")
    (row,) = candidates(subjects=[waiting], on=TODAY)
    assert row.refusal == "No update is needed: it is awaiting allocation."
    with pytest.raises(ValidationError, match="Select at least one"):
        remind(actor=cast.manager, message="", at=AT)


def test_the_other_returns_are_reminded_of_until_they_are_in(
    cast: Cast, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    moving(cast)
    report = still_open(cast)
    save_preference(actor=cast.bradford_spoc, frequency=Frequency.WEEKLY, weekday=4, at=AT)
    alone(cast.bradford_spoc, cast.manager)
    remind(actor=cast.manager, reports=[report], message="Please send it by Monday.", at=AT)
    (task,) = [task for task in my_tasks(actor=cast.bradford_spoc, on=TODAY) if task.subject.type == "return"]
    assert (task.title, task.tag) == ("Fill in the return for May 2020", "Reminder")
    assert task.reason.endswith("; Manager sent a reminder on 19 June 2020: “Please send it by Monday.”")
    send(MONDAY)
    (mail,) = [mail for mail in mailoutbox if mail.to == [cast.bradford_spoc.email]]
    assert "REMINDERS FROM THE PROGRAMME MANAGER" in mail.body
    assert "Please send it by Monday." in mail.body
    send(MONDAY + timedelta(days=1))
    assert DigestLine.objects.filter(kind="chaser").count() == 1
    returns.save(cast, report, *(returns.row(line) for line in Action.objects.all()), at=AT)
    returns.submit(cast, report, at=AT + timedelta(minutes=5))
    assert [task for task in my_tasks(actor=cast.bradford_spoc, on=TODAY) if task.tag == "Reminder"] == []
    (row,) = candidates(subjects=[Return.objects.get(pk=report.pk)], on=TODAY)
    assert row.refusal.startswith("This return was submitted by Bradford spoc")


def test_who_wants_no_mail_gets_none(cast: Cast, mailoutbox: list[EmailMultiAlternatives]) -> None:
    save_preference(actor=cast.bradford_spoc, frequency=Frequency.NEVER, at=AT)
    alone(cast.bradford_spoc)
    remind_of(cast, moving(cast))
    send(MONDAY)
    assert [mail for mail in mailoutbox if mail.to == [cast.bradford_spoc.email]] == []


def test_the_page_shows_who_is_reminded_and_who_is_left_out(cast: Cast, signed_in: Any) -> None:
    first, second = moving(cast), moving(cast, "WY20-02")
    remind_of(cast, first)
    client = signed_in("manager")
    address = f"{reverse('desk:remind')}?scope=ticked&action={first.pk}&action={second.pk}"
    page = client.get(address)
    assert [row.subject for row in page.context["possible"]] == [second]
    assert [row.subject for row in page.context["refused"]] == [first]
    assert "Bradford spoc" in page.content.decode()
    sent = client.post(address, {"message": "Please report."}, follow=True)
    assert "Reminder sent." in sent.content.decode()
    # Somebody else was quicker: said plainly, and the message stays.
    late = client.post(address, {"message": "Please report."})
    assert late.status_code == 409
    assert "nobody can be reminded of these now" in late.content.decode()
    assert "Please report." in late.content.decode()
    assert client.get(reverse("desk:remind")).status_code == 422


def test_an_action_offers_to_ask_and_then_to_remind(cast: Cast, signed_in: Any) -> None:
    action = moving(cast)
    page = reverse("actions:action", args=[action.pk])
    ask = reverse("actions:update-request", args=[action.pk])
    remind_address = reverse("desk:remind-owner", args=[action.pk])
    client = signed_in("manager")
    assert ask in client.get(page).content.decode()
    form = {
        "question": "Are the teams briefed?",
        "due_on_day": "3",
        "due_on_month": "7",
        "due_on_year": "2020",
    }
    assert "Update requested from Bradford spoc" in client.post(ask, form, follow=True).content.decode()
    (task,) = my_tasks(actor=cast.bradford_spoc, on=TODAY)
    assert task.reason == "Manager asks: “Are the teams briefed?”"
    twice = client.post(ask, form)
    assert twice.status_code == 409
    assert "It has not been answered yet." in twice.content.decode()
    assert remind_address in client.get(page).content.decode()
    assert "Reminder sent." in client.post(remind_address, {"message": ""}, follow=True).content.decode()
    (task,) = my_tasks(actor=cast.bradford_spoc, on=TODAY)
    assert (task.tag, task.reason) == (
        "Reminder",
        "Manager asks: “Are the teams briefed?”; Manager sent a reminder on 19 June 2020",
    )
    assert ask not in signed_in("bradford_spoc").get(page).content.decode()
