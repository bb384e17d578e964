"""Late actions are escalated to their owner, the manager and the board, until somebody acknowledges them."""

from datetime import date, datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from actions.assurance.services import submit_action
from actions.models import Action
from audit.actors import SYSTEM
from audit.models import Entry
from desk.escalations.services import acknowledge, escalate
from desk.models import DigestLine, Escalation, Step
from desk.my_work.services.lists import my_tasks
from desk.notices.services.preferences import save_preference
from desk.notices.services.sending import send_digests
from tests.cast import AT, LONDON, Cast
from tests.factories import ActionFactory
from tests.permissions.notices import escalated_action

DUE = date(2020, 6, 1)


def at(day: int, hour: int = 6, month: int = 6) -> datetime:
    return datetime(2020, month, day, hour, tzinfo=LONDON)


def late(cast: Cast, ref: str = "WY20-01") -> Action:
    return ActionFactory(cast=cast, in_progress=True, ref=ref, due=DUE)


def steps(action: Action) -> list[tuple[int, int]]:
    rows = Escalation.objects.filter(action=action).order_by("step")
    return [(row.step, row.raised_on.day) for row in rows]


def days(*these: int) -> None:
    """Run the job on these days of June: each day on which a step may come, and the day before it."""
    for day in these:
        escalate(actor=SYSTEM, at=at(day))


def escalation_titles(person: Any) -> list[str]:
    return [task.title for task in my_tasks(actor=person, on=AT.date()) if task.route == "desk:escalation"]


def test_each_step_comes_once_a_week_apart(cast: Cast) -> None:
    action = late(cast)
    days(1, 2, 3, 8, 9, 15, 16, 30)
    assert steps(action) == [(Step.OWNER, 2), (Step.MANAGER, 9), (Step.BOARD, 16)]
    assert Entry.objects.filter(verb="escalation.raised").count() == 3
    assert escalate(actor=SYSTEM, at=at(30)) == []


def test_an_action_awaiting_assurance_is_not_escalated(cast: Cast) -> None:
    action = late(cast)
    days(2)
    submit_action(actor=cast.bradford_spoc, action=action, note="All briefed.", at=at(3, 9))
    days(3, 9, 16, 30)
    assert steps(action) == [(Step.OWNER, 2)]
    assert escalation_titles(cast.bradford_spoc) == []


def test_an_acknowledgement_holds_escalation_until_its_date(cast: Cast) -> None:
    action = late(cast)
    days(2, 5)
    until = date(2020, 6, 15)
    acknowledge(actor=cast.bradford_spoc, subject=action, words="By the 15th.", until=until, at=at(5, 9))
    entry = Entry.objects.get(verb="escalation.acknowledged")
    assert (entry.actor_label, entry.note) == ("Bradford spoc", "By the 15th.")
    days(6, 9, 15, 16, 21)
    assert steps(action) == [(Step.OWNER, 2)]
    assert escalation_titles(cast.bradford_spoc) == [f"Acknowledge WY20-01: {action.title}"], (
        "its day has passed on the 19th"
    )
    days(22)
    assert steps(action) == [(Step.OWNER, 2), (Step.MANAGER, 22)]


def test_each_step_is_for_its_own_people(cast: Cast) -> None:
    action = escalated_action(cast)
    assert all(escalation_titles(person) for person in (cast.bradford_spoc, cast.manager, cast.gold))
    assert not any(
        escalation_titles(person) for person in (cast.leeds_spoc, cast.auditor, cast.leicestershire_manager)
    )
    arguments = {"subject": action, "words": "In July.", "until": date(2020, 7, 1), "at": AT}
    with pytest.raises(PermissionDenied):
        acknowledge(actor=cast.leeds_spoc, **arguments)
    acknowledge(actor=cast.manager, **arguments)
    assert escalation_titles(cast.manager) == []
    assert escalation_titles(cast.gold), "the board acknowledges its own step"
    with pytest.raises(ValidationError) as refused:
        acknowledge(actor=cast.manager, **arguments)
    assert refused.value.code == "conflict"


def test_an_acknowledgement_needs_words_and_a_valid_date(cast: Cast) -> None:
    action = escalated_action(cast)
    arguments = {"actor": cast.manager, "subject": action, "at": AT}
    for words, until, field in (
        ("", date(2020, 7, 1), "words"),
        ("Soon.", date(2020, 6, 18), "until"),
        ("Soon.", date(2021, 6, 18), "until"),
    ):
        with pytest.raises(ValidationError) as refused:
            acknowledge(words=words, until=until, **arguments)
        assert list(refused.value.message_dict) == [field]


def test_a_manager_is_mailed_once_about_an_escalation_whatever_they_set(
    cast: Cast, mailoutbox: list[Any]
) -> None:
    save_preference(actor=cast.manager, frequency="never", at=AT)
    save_preference(actor=cast.bradford_spoc, frequency="never", at=AT)
    escalated_action(cast)
    for day in (16, 17, 18):
        send_digests(actor=SYSTEM, at=at(day, 7))
    to_manager = [mail for mail in mailoutbox if mail.to == [cast.manager.email]]
    assert len(to_manager) == 1
    assert "Acknowledge WY20-80" in to_manager[0].body
    assert [mail for mail in mailoutbox if mail.to == [cast.bradford_spoc.email]] == []


def test_an_escalation_is_acknowledged_on_its_page(cast: Cast, signed_in: Any) -> None:
    action = escalated_action(cast)
    client = signed_in("manager")
    address = reverse("desk:escalation", args=[action.pk])
    form = {"words": "A sergeant takes it on.", "until_day": "1", "until_month": "7", "until_year": "2020"}
    assert "18 days ago" in client.get(address).content.decode()
    assert client.post(address, form).status_code == 302
    page = client.get(address).content.decode()
    assert "A sergeant takes it on." in page
    assert "You have acknowledged it." in page
    assert client.post(address, form).status_code == 409


def test_a_month_adds_up(cast: Cast, mailoutbox: list[Any]) -> None:
    """June as the worker runs it: each late action has the steps that its days make, and each open one is told by mail."""
    overdue = [
        ActionFactory(cast=cast, allocated=True, ref=f"WY20-0{number}", due=date(2020, 6, number))
        for number in (1, 8, 20)
    ]
    ActionFactory(cast=cast, allocated=True, ref="WY20-09", due=date(2020, 7, 20))
    for day in range(1, 31):
        escalate(actor=SYSTEM, at=at(day))
        if day in (16, 17, 18, 23, 30):  # a reminder on the 17th, and steps on the others but the 18th
            send_digests(actor=SYSTEM, at=at(day, 7))
    assert [steps(action) for action in overdue] == [
        [(Step.OWNER, 2), (Step.MANAGER, 9), (Step.BOARD, 16)],
        [(Step.OWNER, 9), (Step.MANAGER, 16), (Step.BOARD, 23)],
        [(Step.OWNER, 21), (Step.MANAGER, 28)],
    ]
    keys = DigestLine.objects.filter(kind="escalation").values_list("key", flat=True).distinct()
    assert set(keys) == {f"escalation/{row.pk}" for row in Escalation.objects.all()}
    ahead = DigestLine.objects.filter(kind="reminder", digest__user=cast.bradford_spoc)
    assert ahead.count() == len({(line.key, line.by, line.ahead) for line in ahead})
    days_of_mail = {(mail.to[0], mail.extra_headers["Message-ID"].split("-")[2]) for mail in mailoutbox}
    assert len(days_of_mail) == len(mailoutbox)
