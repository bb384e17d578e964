"""My work: dates to decide on, dates that were refused, milestones whose day has passed."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions.actions.services import allocate_action
from actions.dates.services import withdraw_date_change
from actions.milestones.services import drop_milestone
from actions.models import Plan
from actions.plans.services import change_plan
from desk.my_work.services.lists import my_tasks
from desk.tasks.task import Task
from tests.actions.dates.dates import LATEST, ask, concern, decide, milestone, moved
from tests.cast import AT, PEOPLE, TODAY, Cast
from tests.factories import ActionFactory, submit_progress

DATES = {"actions:date-change-decide", "actions:milestone-edit", "actions:action-date-change"}


def date_tasks(user: Any, on: date = TODAY) -> list[Task]:
    return [task for task in my_tasks(actor=user, on=on) if task.route in DATES]


@pytest.mark.parametrize("level", ["manager", "board"])
@pytest.mark.parametrize("name", PEOPLE)
def test_a_request_waits_for_who_decides_on_it(cast: Cast, name: str, level: str) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    if level == "board":
        concern(cast, action)
    row = ask(actor=cast.bradford_spoc, action=action)
    if name != {"manager": "manager", "board": "gold"}[level]:
        assert date_tasks(cast.person(name)) == []
        return
    (task,) = date_tasks(cast.person(name))
    assert (task.verb, task.args) == ("Approve or reject a new due date for", (action.pk, row.pk))
    assert task.reason == (
        "Bradford spoc requests 30 November 2020 instead of 30 September 2020: Illness in the team"
    )


def test_your_own_request_waits_for_another_person(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    ask(actor=cast.bradford_spoc, action=action)
    action.refresh_from_db()
    allocate_action(actor=cast.manager, action=action, lead=cast.bradford_district, owner=cast.manager, at=AT)
    assert date_tasks(cast.manager) == []


@pytest.mark.parametrize("end", ["decided", "taken back"])
def test_a_closed_request_is_no_task(cast: Cast, end: str) -> None:
    row = ask(actor=cast.bradford_spoc, action=ActionFactory(cast=cast, in_progress=True))
    if end == "decided":
        decide(actor=cast.manager, date_change=row)
    else:
        withdraw_date_change(actor=cast.bradford_spoc, date_change=row, reason="No.", at=AT)
    assert date_tasks(cast.manager) == date_tasks(cast.bradford_spoc) == []


def test_a_rejection_is_shown_to_the_requester_until_they_report_or_ask_again(cast: Cast) -> None:
    second = ActionFactory(cast=cast, in_progress=True)
    reported = ActionFactory(cast=cast, in_progress=True, ref="WY20-02")
    for action in (second, reported):
        row = ask(actor=cast.bradford_spoc, action=action)
        decide(actor=cast.manager, date_change=row, approve=False, reason="Ask a colleague in.")
    tasks = date_tasks(cast.bradford_spoc)
    assert {task.reason for task in tasks} == {"30 November 2020 was rejected: Ask a colleague in"}
    assert [task.args for task in tasks] == [(second.pk,), (reported.pk,)]
    assert date_tasks(cast.leeds_spoc) == date_tasks(cast.manager) == []
    ask(actor=cast.bradford_spoc, action=second, new_due=LATEST)
    reported.refresh_from_db()
    submit_progress(
        actor=cast.bradford_spoc,
        action=reported,
        narrative="A colleague is in.",
        rag="green",
        percent=60,
        at=AT + timedelta(hours=1),
    )
    assert date_tasks(cast.bradford_spoc) == []


def test_an_overdue_milestone_is_a_task_of_the_lead_organisation(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    first, second = milestone(cast, action), milestone(cast, action, due=date(2020, 8, 10))
    assert date_tasks(cast.bradford_spoc, date(2020, 7, 31)) == []
    after = date(2020, 8, 20)
    (task,) = date_tasks(cast.bradford_spoc, after)
    assert (task.args, task.due) == ((action.pk, first.pk), date(2020, 7, 31))
    assert task.reason == "Its milestone “Name the trainers” has not been reached yet"
    for name in PEOPLE:
        if name != "bradford_spoc":
            assert date_tasks(cast.person(name), after) == []
    drop_milestone(actor=cast.bradford_spoc, milestone=first, reason="No.", at=AT)
    assert [task.args for task in date_tasks(cast.bradford_spoc, after)] == [(action.pk, second.pk)]


def test_a_closed_plan_asks_for_no_milestone(cast: Cast) -> None:
    milestone(cast, ActionFactory(cast=cast, in_progress=True))
    change_plan(actor=cast.manager, plan=cast.plan, state=Plan.State.CLOSED, at=AT)
    assert date_tasks(cast.bradford_spoc, date(2020, 8, 20)) == []


def test_each_line_leads_to_a_page_that_answers(cast: Cast, signed_in: Any) -> None:
    ask(actor=cast.bradford_spoc, action=ActionFactory(cast=cast, in_progress=True))
    milestone(cast, refused := ActionFactory(cast=cast, in_progress=True, ref="WY20-02"), due=TODAY)
    decide(actor=cast.manager, date_change=ask(actor=cast.bradford_spoc, action=refused), approve=False)
    tomorrow = TODAY + timedelta(days=1)
    for name, number in (("manager", 1), ("bradford_spoc", 2)):
        tasks = date_tasks(cast.person(name), tomorrow)
        assert len(tasks) == number
        for task in tasks:
            assert signed_in(name).get(reverse(task.route, args=task.args)).status_code == 200


def test_many_cost_as_much_as_few(cast: Cast) -> None:
    def scene(start: int, number: int) -> None:
        for n in range(start, start + number):
            action = moved(cast, ActionFactory(cast=cast, in_progress=True, ref=f"WY20-{n}"))
            milestone(cast, action)
            ask(actor=cast.bradford_spoc, action=action, new_due=LATEST)
            refused = ActionFactory(cast=cast, in_progress=True, ref=f"WY20-R{n}")
            decide(
                actor=cast.manager, date_change=ask(actor=cast.bradford_spoc, action=refused), approve=False
            )
            ask(actor=cast.bradford_spoc, action=ActionFactory(cast=cast, in_progress=True, ref=f"WY20-M{n}"))

    def cost(name: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert date_tasks(cast.person(name), date(2020, 8, 20))
        return len(queries)

    scene(1, 1)
    few = [cost(name) for name in ("manager", "gold", "bradford_spoc")]
    scene(2, 3)
    assert [cost(name) for name in ("manager", "gold", "bradford_spoc")] == few
