"""My work: actions arising from minutes, for their owners."""

from datetime import date
from typing import Any

from django.urls import reverse

from desk.my_work.services.lists import my_tasks
from desk.tasks.task import OVERDUE, REPORT, Task
from meetings.arisings.services import make_action, record_arising, report_arising
from meetings.models import Arising
from tests.cast import AT, TODAY, Cast
from tests.meetings.factories import MinuteFactory


def arising(cast: Cast, **fields: Any) -> Arising:
    values = {"text": "Circulate the guide.", "owner": cast.bradford_spoc, "due": date(2020, 7, 1)}
    minute = fields.pop("minute", None) or MinuteFactory(cast=cast)
    return record_arising(actor=cast.manager, minute=minute, at=AT, **values | fields)


def tasks(cast: Cast, person: str = "bradford_spoc", on: date = TODAY) -> list[Task]:
    return my_tasks(actor=cast.person(person), on=on)


def test_its_owner_gets_it_and_others_do_not(cast: Cast, signed_in: Any) -> None:
    row = arising(cast)
    (task,) = tasks(cast)
    assert task.title == "Report on action arising 1: Circulate the guide."
    assert task.reason == f"From {row.minute.citation}"
    assert (task.path, task.due) == (reverse("meetings:arising-report", args=[row.pk]), date(2020, 7, 1))
    assert tasks(cast, "manager") == tasks(cast, "leeds_spoc") == []
    assert task.title in signed_in("bradford_spoc").get(reverse("desk:my-work")).content.decode()


def test_it_is_urgent_once_its_due_date_passed(cast: Cast) -> None:
    arising(cast)
    assert [task.urgency for task in tasks(cast, on=date(2020, 7, 1))] == [REPORT]
    assert [task.urgency for task in tasks(cast, on=date(2020, 7, 2))] == [OVERDUE]


def test_a_task_closed_or_recorded_as_an_action_is_gone(cast: Cast) -> None:
    first = arising(cast)
    second = arising(cast, minute=first.minute, text="Thank the hosts.")
    report_arising(actor=cast.bradford_spoc, arising=first, progress="Sent.", propose=True, at=AT)
    make_action(actor=cast.manager, arising=second, ref="WY20-30", at=AT)
    assert tasks(cast) == []


def test_more_of_them_cost_no_more_queries(cast: Cast, django_assert_max_num_queries: Any) -> None:
    minute = arising(cast).minute
    with django_assert_max_num_queries(100) as few:
        tasks(cast)
    for number in range(5):
        arising(cast, minute=minute, text=f"Task {number}.")
    with django_assert_max_num_queries(len(few)):
        assert len(tasks(cast)) == 6
