"""My work on updates that were asked for: one line for each plan, gone with the answer."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions.models import Action
from actions.update_requests.services import request_update
from desk.my_work.services.lists import my_tasks
from tests.cast import AT, PEOPLE, TODAY, Cast
from tests.factories import ActionFactory, submit_progress

JULY = date(2020, 7, 3)
QUESTION = "Are the teams briefed?"


def ask_owner(cast: Cast, action: Action, due_on: date = JULY, question: str = QUESTION) -> None:
    request_update(actor=cast.manager, action=action, question=question, due_on=due_on, at=AT)


def lines(user: Any, on: date = TODAY) -> list[tuple[str, str, date | None]]:
    return [(task.title, task.reason, task.due) for task in my_tasks(actor=user, on=on)]


def test_one_action_leads_to_its_update_which_answers(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    ask_owner(cast, action)
    (line,) = lines(cast.bradford_spoc)
    assert line == (
        f"Update {action}".replace("WY20-01 ", "WY20-01: ", 1),
        f"Manager asks: “{QUESTION}”",
        JULY,
    )
    body = signed_in("bradford_spoc").get(reverse("desk:my-work")).content.decode()
    assert reverse("actions:progress-create", args=[action.pk]) in body
    submit_progress(
        actor=cast.bradford_spoc,
        action=action,
        narrative="All five.",
        rag="green",
        percent=90,
        at=AT + timedelta(minutes=5),
    )
    assert lines(cast.bradford_spoc) == []


def test_many_of_a_plan_are_one_line_that_leads_to_the_list_of_them(cast: Cast, signed_in: Any) -> None:
    for number in range(1, 4):
        ask_owner(
            cast,
            ActionFactory(cast=cast, in_progress=True, ref=f"WY20-0{number}"),
            due_on=JULY + timedelta(days=number),
        )
    ActionFactory(cast=cast, in_progress=True, ref="WY20-04")
    assert lines(cast.bradford_spoc) == [
        ("Update 3 actions you were asked about", f"Manager asks: “{QUESTION}”", JULY + timedelta(days=1))
    ]
    client = signed_in("bradford_spoc")
    address = f"{reverse('actions:action-list')}?update_requested=yes&amp;owner=me&amp;plan={cast.plan.pk}"
    assert address in client.get(reverse("desk:my-work")).content.decode()
    listed = client.get(address.replace("&amp;", "&"))
    assert [action.ref for action, *_ in listed.context["rows"]] == ["WY20-01", "WY20-02", "WY20-03"]


def test_different_requests_name_their_requesters_only(cast: Cast) -> None:
    for number, question in ((1, "Who?"), (2, "When?")):
        ask_owner(cast, ActionFactory(cast=cast, in_progress=True, ref=f"WY20-0{number}"), question=question)
    assert [reason for _, reason, _ in lines(cast.bradford_spoc)] == ["Requested by Manager"]


def test_an_overdue_action_with_a_request_is_one_task(cast: Cast) -> None:
    ask_owner(cast, ActionFactory(cast=cast, in_progress=True, due=date(2020, 6, 12)))
    ((_, reason, by),) = lines(cast.bradford_spoc)
    assert reason.endswith(f"; Manager asks: “{QUESTION}”")
    assert by == date(2020, 6, 12)


def test_a_needed_by_date_may_pass(cast: Cast) -> None:
    ask_owner(cast, ActionFactory(cast=cast, in_progress=True))
    assert [by for _, _, by in lines(cast.bradford_spoc, on=date(2020, 7, 6))] == [JULY]


@pytest.mark.parametrize("person", sorted(PEOPLE.keys() - {"bradford_spoc"}))
def test_nobody_but_the_owner_is_asked(cast: Cast, person: str) -> None:
    ask_owner(cast, ActionFactory(cast=cast, in_progress=True))
    assert lines(cast.person(person)) == []


def test_my_work_costs_the_same_however_many_were_asked_about(cast: Cast) -> None:
    counts = []
    for numbers in (range(1, 3), range(3, 9)):
        for number in numbers:
            ask_owner(cast, ActionFactory(cast=cast, in_progress=True, ref=f"WY20-0{number}"))
        with CaptureQueriesContext(connection) as queries:
            my_tasks(actor=cast.bradford_spoc, on=TODAY)
        counts.append(len(queries))
    assert counts[0] == counts[1]
